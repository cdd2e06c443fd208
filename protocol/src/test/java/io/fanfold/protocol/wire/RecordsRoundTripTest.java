package io.fanfold.protocol.wire;

import static io.fanfold.protocol.wire.Travel.JOB;
import static io.fanfold.protocol.wire.Travel.TOPICS;
import static io.fanfold.protocol.wire.Travel.arrive;
import static io.fanfold.protocol.wire.Travel.borrowed;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message comes back from its record as it went in. */
final class RecordsRoundTripTest {
    private static final byte[] NPY = {1, 2, 3};

    private static Stream<JobHeader> headers() {
        return Samples.headers();
    }

    private static Stream<JobRecord.Spec> specs() {
        return Samples.specs();
    }

    private static Stream<JobState> states() {
        return Samples.states();
    }

    private static Stream<FunctionOffer> offers() {
        return Samples.offers();
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aChunkCarriesItsWholeJobAndItsPlace(JobHeader job) {
        ChunkHeader place = new ChunkHeader(2, 20, OptionalLong.of(3));

        ProducerRecord<byte[], byte[]> sent =
                Records.chunk("fanfold.chunks.default", 5, JOB, Records.headerBytes(job), place, NPY);

        assertThat(Records.jobHeader(Records.rawJobHeader(arrive(sent)))).isEqualTo(job);
        assertThat(Records.chunkHeader(arrive(sent))).isEqualTo(place);
        assertThat(sent.value()).isSameAs(NPY);
        assertThat(sent.partition()).isEqualTo(5);
        assertThat(Travel.key(sent)).isEqualTo(JOB + "/2");
    }

    @Test
    void aChunkOfAStreamHasNoCount() {
        ChunkHeader place = new ChunkHeader(Long.MAX_VALUE, Long.MAX_VALUE, OptionalLong.empty());
        byte[] header = Records.headerBytes(Samples.header(OptionalLong.empty(), 0));

        ProducerRecord<byte[], byte[]> sent = Records.chunk("t", 0, JOB, header, place, NPY);

        assertThat(Records.chunkHeader(arrive(sent))).isEqualTo(place);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aSpecComesBackWhole(JobRecord.Spec spec) {
        ProducerRecord<byte[], byte[]> sent = Records.spec(TOPICS, spec);

        assertThat(sent.topic()).isEqualTo("fanfold.jobs");
        assertThat(Travel.key(sent)).isEqualTo(JOB + "/spec");
        assertThat(Records.job(arrive(sent))).contains(spec);
    }

    @Test
    void aSealComesBackWholeUnderAKeyOfItsOwn() {
        for (Optional<String> crc : List.of(Optional.<String>empty(), Optional.of("0badcafe"))) {
            JobRecord.Seal seal = new JobRecord.Seal(JOB, 12, 1_000_000_000_000L, crc);

            ProducerRecord<byte[], byte[]> sent = Records.seal(TOPICS, seal);

            assertThat(Travel.key(sent)).isEqualTo(JOB + "/seal");
            assertThat(Records.job(arrive(sent))).contains(seal);
        }
    }

    @Test
    void aRefusalComesBackWholeUnderAKeyOfItsOwn() {
        JobRecord.Refusal refusal = new JobRecord.Refusal(JOB, "night run", "no function \"sqr\"", 3);

        ProducerRecord<byte[], byte[]> sent = Records.refusal(TOPICS, refusal);

        assertThat(Travel.key(sent)).isEqualTo(JOB + "/refusal");
        assertThat(Records.job(arrive(sent))).contains(refusal);
    }

    @Test
    void aComputedOutcomeIsTheFunctionsBytesAndGoesWhereTheJobSays() {
        Outcome.Computed outcome = new Outcome.Computed(JOB, 7, 2, ByteBuffer.wrap(NPY));

        ProducerRecord<byte[], byte[]> sent = Records.outcome(TOPICS, 3, outcome);

        assertThat(Records.outcome(borrowed(sent))).isEqualTo(outcome);
        assertThat(sent.value()).isSameAs(NPY);
        assertThat(sent.partition()).isEqualTo(3);
        assertThat(sent.topic()).isEqualTo("fanfold.outcomes");
    }

    @Test
    void aPartSaysHowManyRowsItStandsForAndAnAnswerSaysNothing() {
        Outcome.Computed part =
                new Outcome.Computed(JOB, 7, 2, ByteBuffer.wrap(NPY), OptionalLong.of(1_000_000_000_000L));
        Outcome.Computed answer = new Outcome.Computed(JOB, 7, 2, ByteBuffer.wrap(NPY));

        assertThat(Records.outcome(borrowed(Records.outcome(TOPICS, 3, part)))).isEqualTo(part);
        assertThat(outcomeHeader(part)).contains("\"foldedRows\":1000000000000");
        assertThat(outcomeHeader(answer)).doesNotContain("foldedRows");
    }

    private static String outcomeHeader(Outcome outcome) {
        return Travel.text(Records.outcome(TOPICS, 3, outcome)
                .headers()
                .lastHeader("fanfold-outcome")
                .value());
    }

    @Test
    void anOutcomeThatIsPartOfALargerBufferSendsThatPartOnly() {
        ByteBuffer part = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3);

        ProducerRecord<byte[], byte[]> sent = Records.outcome(TOPICS, 0, new Outcome.Computed(JOB, 0, 1, part));

        assertThat(sent.value()).containsExactly(1, 2, 3);
        assertThat(part.remaining()).isEqualTo(3);
    }

    @Test
    void aFailedOutcomeSaysWhy() {
        Failure failure = new Failure("java.lang.Exception", "no \"luck\"\u00fc", "scale@2", 30, "worker-1");
        Outcome.Failed outcome = new Outcome.Failed(JOB, 7, 1, failure);

        assertThat(Records.outcome(borrowed(Records.outcome(TOPICS, 0, outcome))))
                .isEqualTo(outcome);
    }

    @ParameterizedTest
    @MethodSource("states")
    void aStateComesBackWhole(JobState state) {
        assertThat(Records.state(arrive(Records.state(TOPICS, state)))).contains(state);
    }

    @Test
    void progressEndAndResultHaveKeysOfTheirOwnSoThatCompactionKeepsAll() {
        assertThat(states().map(state -> Travel.key(Records.state(TOPICS, state)))
                        .distinct())
                .containsExactlyInAnyOrder(JOB + "/progress", JOB + "/terminal", JOB + "/result");
    }

    @ParameterizedTest
    @MethodSource("offers")
    void anOfferComesBackWhole(FunctionOffer offer) {
        ProducerRecord<byte[], byte[]> sent = Records.offer(TOPICS, offer);

        assertThat(Records.offer(arrive(sent))).contains(offer);
        assertThat(Travel.key(sent))
                .isEqualTo(offer.pool() + "/" + offer.function().id());
    }

    @Test
    void anOfferSaysWhatAByteCostsAndWhichCodecsAreRead() {
        FunctionProfile profile = new FunctionProfile(1, 41.5, 7, OptionalDouble.of(12.5));
        FunctionOffer offer = new FunctionOffer(
                "gpu", FunctionDescription.of("f@1", "about"), Optional.of(profile), FunctionOffer.KAFKA_CLIENTS);

        assertThat(Travel.text(Records.offer(TOPICS, offer).value()))
                .contains("\"profile\":{\"cpuShare\":1.0,\"wallMs\":41.5,\"samples\":7,\"nanosPerByte\":12.5}")
                .contains("\"codecs\":[\"gzip\",\"lz4\",\"zstd\"]");
    }

    @Test
    void aWorkerThatDoesNotSayWhichCodecsItReadsReadsWhatEveryClientDoes() {
        FunctionOffer offer = new FunctionOffer(
                "gpu", FunctionDescription.of("f@1", "about"), Optional.empty(), FunctionOffer.KAFKA_CLIENTS);

        ProducerRecord<byte[], byte[]> full = Records.offer(TOPICS, offer);
        String json = Travel.text(full.value()).replace(",\"codecs\":[\"gzip\",\"lz4\",\"zstd\"]", "");
        assertThat(json).doesNotContain("codecs");

        Optional<FunctionOffer> silent = Records.offer(arrive(Travel.with(full, Travel.key(full), Travel.bytes(json))));

        assertThat(silent.orElseThrow().codecs()).containsExactlyInAnyOrder("none", "gzip");
    }

    @Test
    void anOffersParametersAreAJsonSchema() {
        String json = Travel.text(
                Records.offer(TOPICS, Samples.offers().skip(1).findFirst().orElseThrow())
                        .value());

        assertThat(json)
                .contains("\"type\":\"object\",\"additionalProperties\":false", "\"required\":[\"factor\"]")
                .contains("\"steps\":{\"type\":\"integer\",\"minimum\":1.0,\"default\":255,");
    }

    @Test
    void aRequestToCancelComesBackWhole() {
        Cancel cancel = new Cancel(JOB, "not wanted any more");

        assertThat(Records.cancel(arrive(Records.cancel(TOPICS, cancel)))).contains(cancel);
    }

    @Test
    void aDeadLetterIsTheWholeRecordBesideTheReason() {
        JobHeader job = Samples.header(OptionalLong.of(3), 0);
        ChunkHeader place = new ChunkHeader(0, 0, OptionalLong.of(1));
        var chunk = arrive(Records.chunk("fanfold.chunks.default", 5, JOB, Records.headerBytes(job), place, NPY));
        DeadLetter letter = new DeadLetter("it failed", chunk.topic(), chunk.partition(), chunk.offset());

        var dead = arrive(Records.deadLetter(TOPICS, chunk, letter));

        assertThat(dead.topic()).isEqualTo("fanfold.dead-letters");
        assertThat(Records.deadLetter(dead)).isEqualTo(letter);
        assertThat(dead.key()).isEqualTo(chunk.key());
        assertThat(dead.value()).isEqualTo(chunk.value());
        assertThat(Records.jobHeader(Records.rawJobHeader(dead))).isEqualTo(job);
        assertThat(Records.chunkHeader(dead)).isEqualTo(place);
    }

    @Test
    void aRecordWithoutKeyValueOrHeadersCanBeADeadLetterToo() {
        var strange = arrive(new ProducerRecord<>("fanfold.chunks.default", 1, null, null));

        var dead = arrive(Records.deadLetter(TOPICS, strange, new DeadLetter("what is it", "t", 1, 42)));

        assertThat(dead.key()).isNull();
        assertThat(dead.value()).isNull();
        assertThat(Records.deadLetter(dead).reason()).isEqualTo("what is it");
    }

    @Test
    void theSecondDeathOfARecordReplacesTheFirstReason() {
        var strange = arrive(new ProducerRecord<>("t", 1, null, NPY));
        var dead = arrive(Records.deadLetter(TOPICS, strange, new DeadLetter("first", "t", 1, 42)));

        var again = arrive(Records.deadLetter(TOPICS, dead, new DeadLetter("second", "t", 1, 42)));

        assertThat(Records.deadLetter(again).reason()).isEqualTo("second");
        assertThat(again.headers()).hasSize(1);
    }

    @Test
    void aDeadLetterOfAFailedChunkTellsHowItFailed() {
        Failure failure = new Failure("a.b.Error", "it failed", "scale@2", 7, "worker-1");
        DeadLetter letter =
                new DeadLetter("it failed", "t", 1, 42, true, Optional.of(new Outcome.Failed(JOB, 3, 2, failure)));

        var dead = arrive(Records.deadLetter(TOPICS, arrive(new ProducerRecord<>("t", 1, null, NPY)), letter));

        assertThat(Records.deadLetter(dead)).isEqualTo(letter);
        assertThat(new String(dead.headers().lastHeader("fanfold-dead-letter").value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"reason\":\"it failed\",\"topic\":\"t\",\"partition\":1,\"offset\":42,"
                        + "\"job\":\"jAbc-123_x\",\"index\":3,\"attempts\":2,\"failure\":{\"error\":\"a.b.Error\","
                        + "\"message\":\"it failed\",\"function\":\"scale@2\",\"start\":7,\"worker\":\"worker-1\"}}");
    }

    @Test
    void aLetterThatAnOlderWorkerWroteIsRead() {
        ProducerRecord<byte[], byte[]> old = new ProducerRecord<>("fanfold.dead-letters", NPY);
        old.headers()
                .add(
                        "fanfold-dead-letter",
                        Travel.bytes("{\"reason\":\"r\",\"topic\":\"t\",\"partition\":1,\"offset\":42}"));

        assertThat(Records.deadLetter(arrive(old))).isEqualTo(new DeadLetter("r", "t", 1, 42));
    }

    @Test
    void aLetterWithoutItsRecordSaysSoAndKeepsTheFailure() {
        Outcome.Failed failed = new Outcome.Failed(JOB, 3, 2, new Failure("E", "no", "scale@2", 7, "w"));
        DeadLetter letter = new DeadLetter("no", "t", 1, 42, true, Optional.of(failed));

        DeadLetter read = Records.deadLetter(arrive(Records.deadLetterWithoutValue(TOPICS, letter)));

        assertThat(read.whole()).isFalse();
        assertThat(read.reason()).startsWith("no (").contains("too large");
        assertThat(read.outcome()).contains(failed);
    }

    @Test
    void aRevivedRecordIsTheOneThatDied() {
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>("t", 5, Travel.bytes("key"), NPY);
        sent.headers().add("traceparent", Travel.bytes("00-1")).add("traceparent", Travel.bytes("00-2"));
        var dead = arrive(Records.deadLetter(TOPICS, arrive(sent), new DeadLetter("r", "t", 5, 42)));

        ProducerRecord<byte[], byte[]> revived = Records.revived(dead, "t", OptionalInt.of(5));

        assertThat(revived).isEqualTo(sent);
        assertThat(Records.revived(dead, "t", OptionalInt.empty()).partition()).isNull();
    }

    @Test
    void anOfferThatIsTakenBackHasTheKeyOfTheOffer() {
        FunctionOffer offer = new FunctionOffer("gpu", FunctionDescription.of("f@1", "about"));

        var taken = arrive(Records.withdrawal(TOPICS, "gpu", new FunctionId("f", "1")));

        assertThat(Records.offer(taken)).isEmpty();
        assertThat(Records.offerKey(taken)).isEqualTo(Records.offerKey(arrive(Records.offer(TOPICS, offer))));
    }
}

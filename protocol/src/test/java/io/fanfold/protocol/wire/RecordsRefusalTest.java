package io.fanfold.protocol.wire;

import static io.fanfold.protocol.wire.Travel.JOB;
import static io.fanfold.protocol.wire.Travel.TOPICS;
import static io.fanfold.protocol.wire.Travel.arrive;
import static io.fanfold.protocol.wire.Travel.borrowed;
import static io.fanfold.protocol.wire.Travel.bytes;
import static io.fanfold.protocol.wire.Travel.text;
import static io.fanfold.protocol.wire.Travel.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever does not follow the contract is refused in one line that names the part and its value. */
final class RecordsRefusalTest {
    private static void refused(ThrowingCallable reading, String... parts) {
        assertThatExceptionOfType(WireException.class).isThrownBy(reading).satisfies(e -> {
            assertThat(e.getMessage()).contains(parts).doesNotContain("\n");
            assertThat(e.getMessage().length()).isLessThan(400);
        });
    }

    private static ProducerRecord<byte[], byte[]> chunk() {
        return Records.chunk(
                "t",
                0,
                JOB,
                Records.headerBytes(Samples.header(OptionalLong.of(3), 0)),
                new ChunkHeader(0, 0, OptionalLong.of(1)),
                new byte[0]);
    }

    private static ProducerRecord<byte[], byte[]> spec() {
        return Records.spec(TOPICS, Samples.specs().findFirst().orElseThrow());
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().remove(name).add(name, bytes(value));
    }

    /** The record with its JSON value changed; says so if the change changed nothing. */
    private static ProducerRecord<byte[], byte[]> edited(
            ProducerRecord<byte[], byte[]> record, UnaryOperator<String> edit) {
        String json = text(record.value());
        assertThat(edit.apply(json)).isNotEqualTo(json);
        return with(record, Travel.key(record), bytes(edit.apply(json)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fanfold-wire", "fanfold-job"})
    void aChunkWithoutAHeaderIsRefusedByTheHeadersName(String name) {
        ProducerRecord<byte[], byte[]> record = chunk();
        record.headers().remove(name);

        refused(() -> Records.rawJobHeader(arrive(record)), "header " + name + " is missing");
    }

    @Test
    void aChunkWithoutAPlaceIsRefused() {
        ProducerRecord<byte[], byte[]> record = chunk();
        record.headers().remove("fanfold-chunk");

        refused(() -> Records.chunkHeader(arrive(record)), "header fanfold-chunk is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "", "one", "1 "})
    void anotherVersionOfTheWireIsRefusedWithTheRemedy(String version) {
        ProducerRecord<byte[], byte[]> record = chunk();
        header(record, "fanfold-wire", version);

        refused(() -> Records.rawJobHeader(arrive(record)), "\"" + version + "\"", "version 1", "upgrade");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"index\":-1,\"start\":0}          | \"index\" is -1",
                "{\"index\":1.5,\"start\":0}         | \"index\" is 1.5",
                "{\"index\":\"1\",\"start\":0}       | \"index\" is \"1\"",
                "{\"start\":0}                       | \"index\" is missing",
                "{\"index\":0}                       | \"start\" is missing",
                "{\"index\":3,\"start\":0,\"count\":3} | not below the count 3",
                "{\"index\":9223372036854775808,\"start\":0} | \"index\" is 9223372036854775808",
                "{\"index\":0,\"index\":1,\"start\":0} | is not JSON",
                "[1]                                 | not a JSON object",
                "null                                | not a JSON object",
                "{\"index\":0,                       | is not JSON",
                "{\"index\":0,\"start\":0} {}        | is not JSON"
            })
    void aPlaceThatIsNoPlaceIsRefused(String json, String part) {
        ProducerRecord<byte[], byte[]> record = chunk();
        header(record, "fanfold-chunk", json);

        refused(() -> Records.chunkHeader(arrive(record)), part);
    }

    @Test
    void unknownFieldsAreLaterAdditionsAndPassedOver() {
        ProducerRecord<byte[], byte[]> record = chunk();
        header(record, "fanfold-chunk", "{\"index\":0,\"start\":4,\"later\":{\"a\":[1]}}");

        assertThat(Records.chunkHeader(arrive(record))).isEqualTo(new ChunkHeader(0, 4, OptionalLong.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"job\":\"jAbc-123_x\"    | \"job\":\"a/b\"               | job id \"a/b\"",
                "\"job\":\"jAbc-123_x\"    | \"job\":\"..\"                | job id \"..\"",
                "\"function\":\"scale@2\"  | \"function\":\"scale\"        | \"scale\" is not of the form name@version",
                "\"function\":\"scale@2\"  | \"function\":\"a@b@c\"        | not of the form name@version",
                "\"strategy\":\"auto\"     | \"strategy\":\"magic\"        | strategy \"magic\"",
                "\"fold\":\"concat\"       | \"fold\":\"Sum()\"            | fold \"Sum()\"",
                "\"errors\":\"fail-fast\"  | \"errors\":\"shrug\"          | \"errors\" is \"shrug\"",
                "\"parameters\":{}         | \"parameters\":{\"a\":[1]}    | \"a\" is [1]",
                "\"parameters\":{}         | \"parameters\":{\"a\":null}   | \"a\" is null",
                "\"parameters\":{}         | \"parameters\":7              | \"parameters\" is 7",
                "\"rows\":3                | \"rows\":-3                   | \"rows\" is -3",
                "\"axis\":0                | \"axis\":4294967296           | \"axis\" is 4294967296",
                "\"outcomesPartition\":0   | \"elsewhere\":0               | \"outcomesPartition\" is missing"
            })
    void aJobHeaderWithABadFieldIsRefusedByTheField(String field, String bad, String part) {
        ProducerRecord<byte[], byte[]> record = chunk();
        String json = text(record.headers().lastHeader("fanfold-job").value());
        assertThat(json).contains(field);
        header(record, "fanfold-job", json.replace(field, bad));

        refused(() -> Records.jobHeader(Records.rawJobHeader(arrive(record))), part);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"dtype\":\"<f8\"         | \"dtype\":\"<f16\"            | <f16",
                "\"dtype\":\"<f8\"         | \"dtype\":\"O\"               | O",
                "\"shape\":[3,4]           | \"shape\":[3,5]               | of 4 rows along axis 1",
                "\"shape\":[3,4]           | \"shape\":[3]                 | axis 1",
                "\"shape\":[3,4]           | \"shape\":\"(3, 4)\"          | an array of lengths",
                "\"shape\":[3,4]           | \"shape\":[3,-4]              | an array of lengths",
                "\"shape\":[3,4]           | \"shape\":[3,4.5]             | an array of lengths",
                "\"shape\":[3,4]           | \"shape\":[9223372036854775807,4] | 64 bits",
                "\"order\":\"C\"           | \"order\":\"Z\"               | \"order\" is \"Z\"",
                "\"chunks\":7              | \"chunks\":0                  | 0 chunks",
                "\"chunks\":7              | \"rowsPerChunk\":0            | 0 rows",
                "\"chunks\":7              | \"some\":0                    | \"rowsPerChunk\" is missing",
                "\"plan\":{\"axis\":1      | \"plan\":{\"axis\":0          | axis 1",
                "\"key\":\"key             | \"kee\":\"key                 | \"key\" is missing"
            })
    void aSpecWithABadFieldIsRefusedByTheField(String field, String bad, String part) {
        ProducerRecord<byte[], byte[]> record = edited(spec(), json -> json.replace(field, bad));

        refused(() -> Records.job(arrive(record)), part);
    }

    @Test
    void aSpecUnderAnotherJobsKeyIsRefused() {
        ProducerRecord<byte[], byte[]> record = with(spec(), "other/spec", spec().value());

        refused(() -> Records.job(arrive(record)), "other/spec", JOB.value());
    }

    @Test
    void aKeyWithoutASlashOrWithNoJobIsRefused() {
        refused(() -> Records.job(arrive(with(spec(), "nothing", spec().value()))), "\"nothing\"");
        refused(() -> Records.job(arrive(with(spec(), "/spec", spec().value()))), "job id \"\"");
        refused(() -> Records.job(arrive(with(spec(), null, spec().value()))), "no key");
    }

    @Test
    void aJobRecordOfAKindThatALaterVersionAddedIsPassedOver() {
        assertThat(Records.job(arrive(with(spec(), JOB + "/later", bytes("{}")))))
                .isEmpty();
        assertThat(Records.job(arrive(with(spec(), JOB + "/spec", null)))).isEmpty();
    }

    @Test
    void aSealWithoutCountIsRefused() {
        ProducerRecord<byte[], byte[]> seal = Records.seal(TOPICS, new JobRecord.Seal(JOB, 1, 2));

        refused(
                () -> Records.job(arrive(edited(seal, json -> json.replace("count", "amount")))),
                "\"count\" is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"job\":\"j\",\"index\":0,\"attempt\":1,\"state\":\"maybe\"}   | \"state\" is \"maybe\"",
                "{\"job\":\"j\",\"index\":-1,\"attempt\":1,\"state\":\"computed\"} | \"index\" is -1",
                "{\"job\":\"j\",\"index\":0,\"state\":\"computed\"}              | \"attempt\" is missing",
                "{\"job\":\"j\",\"index\":0,\"attempt\":1,\"state\":\"computed\",\"foldedRows\":-1} | \"foldedRows\""
                        + " is -1",
                "{\"job\":\"../j\",\"index\":0,\"attempt\":1,\"state\":\"computed\"} | job id \"../j\"",
                "{\"job\":\"j\",\"index\":0,\"attempt\":1,\"state\":\"failed\"}  | failure of job j is not JSON"
            })
    void anOutcomeWithABadHeaderIsRefused(String json, String part) {
        ProducerRecord<byte[], byte[]> record =
                Records.outcome(TOPICS, 0, new Outcome.Computed(JOB, 0, 1, ByteBuffer.wrap(bytes("no json"))));
        header(record, "fanfold-outcome", json);

        refused(() -> Records.outcome(borrowed(record)), part);
    }

    @Test
    void anOutcomeWithoutAValueIsRefused() {
        ProducerRecord<byte[], byte[]> record =
                Records.outcome(TOPICS, 0, new Outcome.Computed(JOB, 0, 1, ByteBuffer.allocate(1)));

        refused(() -> Records.outcome(borrowed(with(record, "k", null))), "no value");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {"LOST | FOUND | FOUND", "\"state\" | \"stat\" | \"state\" is missing"})
    void aTerminalStateThatIsNoneIsRefused(String from, String to, String part) {
        ProducerRecord<byte[], byte[]> record =
                Records.state(TOPICS, JobState.Terminal.ended(JOB, JobState.End.LOST, "gone"));

        refused(() -> Records.state(arrive(edited(record, json -> json.replace(from, to)))), part);
    }

    @Test
    void anInlineResultThatIsNoBase64IsRefused() {
        JobState small = Samples.states()
                .filter(s -> s instanceof JobState.Terminal t
                        && t.result().flatMap(ResultInfo::inline).isPresent())
                .findFirst()
                .orElseThrow();
        ProducerRecord<byte[], byte[]> record = Records.state(TOPICS, small);

        refused(
                () -> Records.state(arrive(edited(record, json -> json.replace("\"inline\":\"", "\"inline\":\"!")))),
                JOB.value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[[0,2],[7,1]] | [[0,2],[1,1]] | ascending",
                "[[0,2],[7,1]] | [[0,0]] | ascending",
                "[[0,2],[7,1]] | [[0]] | [first, count]",
                "[[0,2],[7,1]] | [[-1,2]] | [first, count]",
                "[[0,2],[7,1]] | [\"x\"] | [first, count]",
                "\"of\":\"first\" | \"of\":\"../x\" | ../x"
            })
    void aRevisionWithOtherHolesThanRunsIsRefused(String from, String to, String part) {
        JobRecord.Spec revision = Samples.specs()
                .filter(s -> s.revision().isPresent())
                .findFirst()
                .orElseThrow();
        ProducerRecord<byte[], byte[]> record = Records.spec(TOPICS, revision);

        refused(() -> Records.job(arrive(edited(record, json -> json.replace(from, to)))), part);
    }

    @Test
    void aResultThatIsGoneIsLostOrExpired() {
        ProducerRecord<byte[], byte[]> record =
                Records.state(TOPICS, new JobState.Gone(JOB, JobState.End.LOST, "gone"));

        refused(() -> Records.state(arrive(edited(record, json -> json.replace("LOST", "FAILED")))), "FAILED");
    }

    @Test
    void anOfferWithAnUnknownParameterTypeIsRefused() {
        ProducerRecord<byte[], byte[]> record =
                Records.offer(TOPICS, Samples.offers().skip(1).findFirst().orElseThrow());

        refused(
                () -> Records.offer(arrive(edited(record, json -> json.replace("\"boolean\"", "\"array\"")))),
                "\"type\" is \"array\"");
    }

    @ParameterizedTest
    @CsvSource({"-1,nanosPerByte OptionalDouble[-1.0]", "'\"few\"','\"nanosPerByte\" is \"few\"'", "1e999,Infinity"})
    void anOfferWhoseProfileHasNoPlausibleCostIsRefused(String cost, String named) {
        FunctionProfile profile = new FunctionProfile(1, 2, 3, OptionalDouble.of(12.5));
        ProducerRecord<byte[], byte[]> record = Records.offer(
                TOPICS, new FunctionOffer("gpu", FunctionDescription.of("f@1", "about"), Optional.of(profile)));

        refused(() -> Records.offer(arrive(edited(record, json -> json.replace("12.5", cost)))), named);
    }

    @Test
    void anOfferWhoseCodecsAreNoListIsRefused() {
        ProducerRecord<byte[], byte[]> record =
                Records.offer(TOPICS, Samples.offers().findFirst().orElseThrow());

        refused(
                () -> Records.offer(arrive(edited(record, json -> json.replace("[\"gzip\"]", "\"gzip\"")))),
                "\"codecs\" is \"gzip\"");
    }

    @Test
    void aRequestOfAnotherKindIsPassedOverAndOneWithoutAReasonRefused() {
        ProducerRecord<byte[], byte[]> record = Records.cancel(TOPICS, new Cancel(JOB, "why"));

        assertThat(Records.cancel(arrive(edited(record, json -> json.replace("\"cancel\"", "\"pause\"")))))
                .isEmpty();
        refused(
                () -> Records.cancel(arrive(edited(record, json -> json.replace("reason", "raison")))),
                "\"reason\" is missing");
        refused(() -> Records.cancel(arrive(with(record, null, record.value()))), "no key");
    }

    @Test
    void hostileTextIsCutAndHasNoLineBreaksInErrors() {
        ProducerRecord<byte[], byte[]> record = chunk();
        header(record, "fanfold-chunk", "\n\u001b[31m" + "x".repeat(60_000));

        refused(() -> Records.chunkHeader(arrive(record)), "...");
    }

    @Test
    void jsonNestedTooDeepIsRefusedAndNotAStackOverflow() {
        ProducerRecord<byte[], byte[]> record = chunk();
        header(record, "fanfold-chunk", "{\"a\":".repeat(10_000));

        refused(() -> Records.chunkHeader(arrive(record)), "is not JSON");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "t\\n", "\\u001b[31m"})
    void aDeadLetterOfWhatIsNoTopicIsRefused(String topic) {
        ProducerRecord<byte[], byte[]> letter = chunk();
        header(
                letter,
                "fanfold-dead-letter",
                "{\"reason\":\"r\",\"topic\":\"" + topic + "\",\"partition\":1,\"offset\":2}");

        refused(() -> Records.deadLetter(arrive(letter)), "\"topic\"", "the name of a topic");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fanfold-wire", "fanfold-job"})
    void aHeaderThatIsTooLongIsRefusedBeforeItIsRead(String name) {
        ProducerRecord<byte[], byte[]> record = chunk();
        header(record, name, " ".repeat(64_001));

        refused(() -> Records.rawJobHeader(arrive(record)), "header " + name + " has 64001 bytes", "64000");
    }

    @Test
    void aJobWhoseParametersFitNoHeaderIsRefused() {
        JobHeader h = Samples.header(OptionalLong.of(3), 0);
        JobHeader long_ = new JobHeader(
                h.job(),
                h.function(),
                Map.of("text", "x".repeat(64_000)),
                h.strategy(),
                h.fold(),
                h.errors(),
                h.timeToLiveMs(),
                h.chunkTimeoutMs(),
                h.rows(),
                h.axis(),
                h.outcomesPartition());

        refused(() -> Records.headerBytes(long_), "64000", "parameters");
    }
}

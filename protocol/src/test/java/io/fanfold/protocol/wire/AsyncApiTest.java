package io.fanfold.protocol.wire;

import static io.fanfold.protocol.wire.Travel.JOB;
import static io.fanfold.protocol.wire.Travel.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.protocol.AsyncApi;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The AsyncAPI document describes the records that there are: all of their fields, and no others. */
final class AsyncApiTest {
    private static final byte[] NPY = {1, 2, 3};
    private static final Failure FAILURE = new Failure("java.lang.Exception", "no luck", "sqrt@1", 750, "worker-1");
    private static final Outcome.Failed FAILED = new Outcome.Failed(JOB, 3, 2, FAILURE);

    record Sample(String message, ProducerRecord<byte[], byte[]> record) {}

    private static Stream<Sample> samples() {
        return Stream.of(
                        Samples.headers().map(AsyncApiTest::chunk),
                        Samples.specs().map(spec -> new Sample("spec", Records.spec(TOPICS, spec))),
                        Samples.states().map(state -> new Sample(name(state), Records.state(TOPICS, state))),
                        Samples.offers().map(offer -> new Sample("offer", Records.offer(TOPICS, offer))),
                        Records.forgotten(TOPICS, JOB).stream().map(removal -> new Sample("jobRemoved", removal)),
                        outcomes(),
                        deadLetters(),
                        others())
                .flatMap(all -> all);
    }

    private static Sample chunk(JobHeader header) {
        ChunkHeader place = new ChunkHeader(2, 20, OptionalLong.of(3));
        return new Sample(
                "chunk", Records.chunk("fanfold.chunks.default", 5, JOB, Records.headerBytes(header), place, NPY));
    }

    private static String name(JobState state) {
        return switch (state) {
            case JobState.Progress p -> "progress";
            case JobState.Terminal t -> "terminal";
            case JobState.Gone g -> "gone";
        };
    }

    private static Stream<Sample> outcomes() {
        ByteBuffer npy = ByteBuffer.wrap(NPY);
        return Stream.of(
                new Sample(
                        "computed",
                        Records.outcome(TOPICS, 1, new Outcome.Computed(JOB, 3, 1, npy, OptionalLong.empty()))),
                new Sample(
                        "computed",
                        Records.outcome(TOPICS, 1, new Outcome.Computed(JOB, 3, 1, npy, OptionalLong.of(250)))),
                new Sample("failed", Records.outcome(TOPICS, 1, FAILED)));
    }

    private static Stream<Sample> deadLetters() {
        DeadLetter failed = new DeadLetter("no luck", "fanfold.chunks.default", 6, 2, true, Optional.of(FAILED));
        DeadLetter none = new DeadLetter("no chunk", "fanfold.chunks.default", 6, 2);
        var record = Travel.arrive(chunk(Samples.header(OptionalLong.of(9), 0)).record());
        return Stream.of(
                new Sample("deadLetter", Records.deadLetter(TOPICS, record, failed)),
                new Sample("deadLetter", Records.deadLetter(TOPICS, record, none)),
                new Sample("deadLetter", Records.deadLetterWithoutValue(TOPICS, none)));
    }

    private static Stream<Sample> others() {
        return Stream.of(
                new Sample("seal", Records.seal(TOPICS, new JobRecord.Seal(JOB, 8, 2000, Optional.of("05c344ba")))),
                new Sample("seal", Records.seal(TOPICS, new JobRecord.Seal(JOB, 8, 2000, Optional.empty()))),
                new Sample("refusal", Records.refusal(TOPICS, new JobRecord.Refusal(JOB, "mine", "no such", 1))),
                new Sample("offerRemoved", Records.withdrawal(TOPICS, "default", Samples.SCALE)),
                new Sample("cancel", Records.cancel(TOPICS, new Cancel(JOB, "no longer needed"))));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyRecordIsAsItsMessageIsDescribed(Sample sample) throws IOException {
        assertThat(AsyncApi.read().violations(sample.message(), sample.record()))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyMessageIsDescribedInTheChannelOfItsTopic(Sample sample) throws IOException {
        String topic = sample.record().topic().replace("fanfold.chunks.default", "fanfold.chunks.{pool}");

        assertThat(AsyncApi.read().messages(topic)).contains(sample.message());
    }

    @Test
    void aFieldThatIsNotDescribedIsAViolation() throws IOException {
        ProducerRecord<byte[], byte[]> cancel = Records.cancel(TOPICS, new Cancel(JOB, "no longer needed"));
        byte[] more = "{\"request\":\"cancel\",\"reason\":\"r\",\"by\":\"me\"}".getBytes(StandardCharsets.UTF_8);

        assertThat(AsyncApi.read().violations("cancel", Travel.with(cancel, JOB.value(), more)))
                .singleElement()
                .asString()
                .contains("by");
    }

    @Test
    void everyFieldThatIsDescribedIsWritten() throws IOException {
        Set<String> written = new TreeSet<>();
        for (Sample sample : samples().toList()) {
            for (JsonNode json : jsons(sample.record())) {
                names(json, written);
            }
        }

        for (String schema : described()) {
            assertThat(written).as(schema).containsAll(AsyncApi.read().fields(schema));
        }
    }

    @Test
    void everyFieldThatIsDescribedHasItsMeaningInTheWireProtocol() throws IOException {
        String text = AsyncApi.wireProtocol();

        for (String schema : described()) {
            assertThat(AsyncApi.read().fields(schema))
                    .as(schema)
                    .allSatisfy(name -> assertThat(text).containsAnyOf("`" + name + "`", "\"" + name + "\""));
        }
    }

    /** Those of the fleet's own records; headers have names of their own. */
    private static List<String> described() throws IOException {
        return AsyncApi.read().schemas().stream()
                .filter(name -> !name.endsWith("Headers"))
                .toList();
    }

    private static List<JsonNode> jsons(ProducerRecord<byte[], byte[]> record) throws IOException {
        List<byte[]> texts = new ArrayList<>();
        if (record.value() != null) {
            texts.add(record.value());
        }
        for (Header header : record.headers()) {
            texts.add(header.value());
        }
        List<JsonNode> jsons = new ArrayList<>();
        for (byte[] text : texts) {
            if (text.length > 0 && text[0] == '{') {
                jsons.add(new ObjectMapper().readTree(text));
            }
        }
        return jsons;
    }

    private static void names(JsonNode json, Set<String> into) {
        json.fieldNames().forEachRemaining(into::add);
        json.forEach(inner -> names(inner, into));
    }
}

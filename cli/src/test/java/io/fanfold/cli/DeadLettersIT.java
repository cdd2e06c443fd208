package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What was set aside can be looked at and run again, and a letter makes nobody write where it should not. */
final class DeadLettersIT {
    private static final ArraySlice ROWS = new RandomArrays(6).of(DType.parse("<f4"), Shape.of(5, 3), Order.C);
    private static final JobId FAILED = new JobId("jFailed");
    private static final JobId RUNNING = new JobId("jRunning");

    @TempDir
    Path directory;

    private final KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
    private final String chunks = kafka.topics().chunks(Topics.DEFAULT_POOL);

    private record Said(int code, String out, String err) {}

    private Said letters(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        String[] at = {
            "--bootstrap-server",
            kafka.bootstrapServers(),
            "--topic-prefix",
            kafka.topics().prefix()
        };
        int code = line.execute(Stream.of(Stream.of("dead-letters"), Stream.of(arguments), Stream.of(at))
                .flatMap(words -> words)
                .toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void write(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("raw", 0))) {
            producer.send(record).get();
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (LogFollower follower = new LogFollower(kafka, "raw", topic, records::add)) {
            follower.readToEnd();
        }
        return records;
    }

    /** A record as a worker has read it from a chunks topic. */
    private static ConsumerRecord<byte[], byte[]> taken(ProducerRecord<byte[], byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                sent.partition(),
                77,
                0,
                TimestampType.LOG_APPEND_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                sent.headers(),
                Optional.empty());
    }

    private ProducerRecord<byte[], byte[]> chunk(JobId job) {
        JobHeader header = new JobHeader(
                job,
                FunctionId.parse("scale@1"),
                Map.of("factor", 2L),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(20),
                0,
                0);
        ChunkHeader place = new ChunkHeader(2, 10, OptionalLong.of(4));
        return Records.chunk(chunks, 3, job, Records.headerBytes(header), place, Npy.encode(ROWS));
    }

    private void setAside(ProducerRecord<byte[], byte[]> sent, String reason, Optional<Outcome.Failed> outcome)
            throws Exception {
        DeadLetter letter = new DeadLetter(reason, sent.topic(), sent.partition(), 77, true, outcome);
        write(Records.deadLetter(kafka.topics(), taken(sent), letter));
    }

    private static Outcome.Failed failed(JobId job) {
        String message = "it does not fit, " + "and there is more to say of it ".repeat(5);
        return new Outcome.Failed(
                job, 2, 3, new Failure("java.lang.ArithmeticException", message, "scale@1", 10, "w9"));
    }

    /** Letters 0: a chunk of a job that failed; 1: of one that runs; 2: no chunk; 3: without its record. */
    @BeforeEach
    void fourLetters() throws Exception {
        for (JobId job : List.of(FAILED, RUNNING)) {
            setAside(chunk(job), failed(job).failure().message(), Optional.of(failed(job)));
        }
        ProducerRecord<byte[], byte[]> foreign = new ProducerRecord<>(chunks, 1, bytes("key"), bytes("hello"));
        foreign.headers().add("traceparent", bytes("00-1")).add("fanfold-wire", bytes("99"));
        setAside(foreign, "fanfold-wire is \"99\"\u001b[31m", Optional.empty());
        write(Records.deadLetterWithoutValue(
                kafka.topics(), new DeadLetter("no", chunks, 5, 99, true, Optional.of(failed(RUNNING)))));
        write(Records.state(kafka.topics(), JobState.Terminal.ended(FAILED, JobState.End.FAILED, "chunk 2 failed")));
    }

    @Test
    void theListHasALineForEachWithWhatFailedAndWhy() {
        Said said = letters("list");

        assertThat(said.code()).as(said.err()).isZero();
        List<String> lines = said.out().lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.get(0)).startsWith("ID  TIME").endsWith("REASON");
        assertThat(lines.get(1)).startsWith("0 ").contains("jFailed", "2", "scale@1", "ArithmeticException", "not fit");
        assertThat(lines.get(3)).startsWith("2 ").contains("fanfold-wire is \"99\"\uFFFD[31m");
    }

    @Test
    void theListCanBeThatOfOneJob() {
        assertThat(letters("list", "--job", "jRunning").out().lines()).hasSize(3);
        assertThat(letters("list", "--job", "jNone").out()).isEqualToIgnoringNewLines("No dead letters of job jNone.");
    }

    @Test
    void forProgramsEachLetterIsOneObject() {
        List<String> lines = letters("list", "--json").out().lines().toList();

        assertThat(lines).hasSize(4);
        assertThat(lines.getFirst())
                .startsWith("{\"id\":0,\"time\":\"20")
                .contains("\"job\":\"jFailed\",\"chunk\":2,\"function\":\"scale@1\"")
                .contains("\"error\":\"java.lang.ArithmeticException\",\"start\":10,\"reason\":\"it does not fit")
                .endsWith("\"attempts\":3,\"worker\":\"w9\",\"topic\":\"" + chunks
                        + "\",\"partition\":3,\"offset\":77,\"whole\":true}");
        assertThat(lines.get(2)).doesNotContain("\"job\"").contains("\\u001B[31m");
        assertThat(lines.get(3)).endsWith("\"whole\":false}");
    }

    @Test
    void oneLetterIsShownWithAllThatIsKnownAndItsValueWritten() {
        Path out = directory.resolve("chunk.npy");
        Said said = letters("show", "0", "--out", out.toString());

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("java.lang.ArithmeticException", "jFailed, FAILED", "scale@1", "attempts  3", "w9")
                .contains(chunks + ", partition 3, offset 77")
                .contains("fanfold-job: {\"job\":\"jFailed\"", "fanfold-chunk: {\"index\":2")
                .contains(Npy.encode(ROWS).length + " bytes, float32 (5, 3)");
        assertThat(out).hasBinaryContent(Npy.encode(ROWS));
        assertThat(letters("show", "2").out()).contains("5 bytes, no array").contains("traceparent: 00-1");
        assertThat(letters("show", "0", "--json").out())
                .contains("\"dtype\":\"<f4\",\"shape\":\"(5, 3)\"", "{\"name\":\"fanfold-wire\",\"value\":\"1\"}");
    }

    @Test
    void aValueThatIsNotHereIsNotWritten() {
        Path out = directory.resolve("chunk.npy");
        Said said = letters("show", "3", "--out", out.toString());

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains("letter 3 has no value", chunks + ", partition 5, offset 99");
        assertThat(out).doesNotExist();
    }

    @Test
    void aReplayedRecordIsTheOneThatWasSetAside() {
        Said said = letters("replay", "1", "2");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out().lines())
                .containsExactly(
                        "letter 1 -> " + chunks + ", partition 3, offset 0",
                        "letter 2 -> " + chunks + ", partition 1, offset 0");
        ProducerRecord<byte[], byte[]> sent = chunk(RUNNING);
        assertThat(read(chunks))
                .filteredOn(record -> record.partition() == 3)
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.key()).isEqualTo(sent.key());
                    assertThat(record.value()).isEqualTo(sent.value());
                    assertThat(record.headers()).isEqualTo(sent.headers());
                });
        assertThat(read(kafka.topics().deadLetters())).hasSize(4);
    }

    @Test
    void aChunkOfAJobThatEndedIsNotReplayedNorAreThoseNamedWithIt() {
        Said said = letters("replay", "2", "0");

        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err())
                .contains("job jFailed ended FAILED: submit it again; a letter of it cannot change its result");
        assertThat(said.out()).isEmpty();
        assertThat(read(chunks)).isEmpty();
    }

    @Test
    void ofAllLettersThoseThatCannotBeReplayedAreNamedAndPassedOver() {
        Said said = letters("replay", "--all");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err().lines()).hasSize(2);
        assertThat(said.err()).contains("jFailed ended FAILED", "letter 3", "too large", "partition 5, offset 99");
        assertThat(said.out().lines()).hasSize(2);
        assertThat(read(chunks)).hasSize(2);
        assertThat(letters("replay", "--job", "jRunning").out()).startsWith("letter 1 -> ");
    }

    @Test
    void aLetterMakesNobodyWriteToAnotherTopic() throws Exception {
        ProducerRecord<byte[], byte[]> astray =
                new ProducerRecord<>(kafka.topics().states(), 0, bytes("jX/terminal"), bytes("{}"));
        setAside(astray, "planted", Optional.empty());
        ProducerRecord<byte[], byte[]> elsewhere = new ProducerRecord<>("other.chunks.default", 0, null, bytes("{}"));
        setAside(elsewhere, "planted", Optional.empty());
        int states = read(kafka.topics().states()).size();

        assertThat(letters("replay", "4").err()).contains(kafka.topics().states(), "no chunks topic of this fleet");
        assertThat(letters("replay", "5").code()).isEqualTo(2);
        assertThat(read(kafka.topics().states())).hasSize(states);
    }

    @Test
    void aPartitionThatIsGoneIsReplacedByAnyOther() throws Exception {
        ProducerRecord<byte[], byte[]> far = new ProducerRecord<>(chunks, 600, bytes("key"), bytes("x"));
        setAside(far, "planted", Optional.empty());

        assertThat(letters("replay", "4").code()).isZero();
        assertThat(read(chunks)).hasSize(1);
    }

    @Test
    void aWrongWordIsNamed() {
        assertThat(letters("show", "12").err()).contains("no dead letter 12", "dead-letters list");
        assertThat(letters("show", "12").code()).isEqualTo(2);
        assertThat(letters("show", "first").code()).isEqualTo(2);
        assertThat(letters("replay").code()).isEqualTo(2);
        assertThat(letters("replay", "1", "--all").code()).isEqualTo(2);
        assertThat(letters("list", "--job", "a/b").err()).contains("\"a/b\"");
        assertThat(letters().code()).isEqualTo(2);
    }
}

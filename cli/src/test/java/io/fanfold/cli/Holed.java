package io.fanfold.cli;

import io.fanfold.producer.source.Incoming;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
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
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.RandomArrays;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
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
import picocli.CommandLine;

/**
 * What a fleet's topics say of jobs of 20 rows in 4 chunks that keep going, written by hand: nobody computes. And the commands
 * that look at them.
 */
record Holed(KafkaSettings kafka) {
    static final ArraySlice ROWS = new RandomArrays(6).of(DType.parse("<f4"), Shape.of(5, 3), Order.C);

    record Said(int code, String out, String err) {}

    Said fanfold(String... arguments) {
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
        int code =
                line.execute(Stream.concat(Stream.of(arguments), Stream.of(at)).toArray(String[]::new));
        return new Said(code, out.toString(), err.toString());
    }

    void write(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(kafka.producer("raw", 0))) {
            for (ProducerRecord<byte[], byte[]> record : records) {
                producer.send(record).get();
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (LogFollower follower = new LogFollower(kafka, "raw", topic, records::add)) {
            follower.readToEnd();
        }
        return records;
    }

    List<JobRecord> jobs() {
        return read(kafka.topics().jobs()).stream()
                .flatMap(record -> Records.job(record).stream())
                .toList();
    }

    String chunks() {
        return kafka.topics().chunks(Topics.DEFAULT_POOL);
    }

    static JobHeader header(String job) {
        return new JobHeader(
                new JobId(job),
                FunctionId.parse("scale@1"),
                Map.of("factor", 2L),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.KeepGoing(9),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(20),
                0,
                1);
    }

    static JobRecord.Spec spec(String job, Optional<JobRecord.Revision> revision) {
        return new JobRecord.Spec(
                header(job),
                "my key",
                "print",
                Topics.DEFAULT_POOL,
                DType.parse("<f4"),
                Shape.of(20, 3),
                Order.C,
                new Plan.Chunks(0, 4),
                revision);
    }

    void accepted(String job) {
        accepted(spec(job, Optional.empty()));
    }

    void accepted(JobRecord.Spec spec) {
        write(List.of(Records.spec(kafka.topics(), spec)));
    }

    void said(JobState state) {
        write(List.of(Records.state(kafka.topics(), state)));
    }

    /** The job ends COMPLETED without so many chunks; what is served of it is nowhere. */
    void completed(String job, long holes) {
        ByteBuffer npy = ByteBuffer.wrap(Npy.encode(ROWS));
        ResultInfo result = new ResultInfo(
                "<f4",
                "(5, 3)",
                npy.remaining(),
                Incoming.crc32c(MemorySegment.ofBuffer(npy)),
                "file:///nowhere/" + job + ".npy",
                Optional.empty(),
                Optional.of(npy),
                holes == 0
                        ? Optional.empty()
                        : Optional.of(new ResultInfo.Holes(holes, Optional.empty(), Optional.empty())),
                Optional.empty());
        said(JobState.Terminal.completed(new JobId(job), result));
    }

    static byte[] value(int chunk) {
        return Npy.encode(new RandomArrays(chunk).of(DType.parse("<f4"), Shape.of(5, 3), Order.C));
    }

    /** A worker has set a chunk of a job aside. */
    void setAside(String job, int chunk) {
        JobId id = new JobId(job);
        ProducerRecord<byte[], byte[]> sent = Records.chunk(
                chunks(),
                3,
                id,
                Records.headerBytes(header(job)),
                new ChunkHeader(chunk, 5L * chunk, OptionalLong.of(4)),
                value(chunk));
        Failure failure = new Failure("E", "no luck", "scale@1", 5L * chunk, "w9");
        DeadLetter why = new DeadLetter(
                "no luck", chunks(), 3, 77, true, Optional.of(new Outcome.Failed(id, chunk, 3, failure)));
        write(List.of(Records.deadLetter(kafka.topics(), taken(sent), why)));
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
}

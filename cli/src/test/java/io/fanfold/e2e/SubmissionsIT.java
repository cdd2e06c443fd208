package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.intake.Submissions;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that any Kafka client writes to the submissions topic become jobs, each once; what cannot is set aside. */
final class SubmissionsIT {
    /** Longer than a worker takes to come. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    private static final Duration LITTLE_GRACE = Duration.ofSeconds(2);

    @TempDir
    private Path root;

    /** Somebody who takes submissions, with a client of its own, as in a process of its own. */
    private final class Taker implements AutoCloseable {
        private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
        private final ParallelMap map;
        private final Submissions submissions;

        Taker(Fleet fleet, String name, Duration purgeEvery, Duration grace) {
            Set<String> pools = Set.of(Topics.DEFAULT_POOL);
            this.map = ParallelMap.connect(fleet.kafka(), name, pools, meters);
            ProducerSettings settings =
                    new ProducerSettings(fleet.kafka(), name, pools, root, List.of(root), Optional.of(purgeEvery));
            this.submissions = Submissions.start(settings, map, meters, grace);
        }

        Taker(Fleet fleet) {
            this(fleet, "taker", Duration.ofMinutes(1), GRACE);
        }

        double counted(String verdict) {
            return meters.find("fanfold.submissions").tag("verdict", verdict).counters().stream()
                    .mapToDouble(counter -> counter.count())
                    .sum();
        }

        double open() {
            return meters.get("fanfold.submissions.open").gauge().value();
        }

        @Override
        public void close() {
            submissions.close();
            map.close();
        }
    }

    @OnEveryBroker
    void anArrayBecomesAJobWhateverFormItComesIn(BrokerKind kind) throws IOException {
        try (Fleet fleet = Fleet.whole(kind);
                Taker _ = new Taker(fleet)) {
            Path file = Files.write(root.resolve("x.npy"), npy(7, 8, 9));
            Raw.write(
                    fleet.kafka(),
                    List.of(
                            submission(fleet, 0, npy(1, 2, 3), "fanfold-key", "as npy"),
                            submission(
                                    fleet,
                                    1,
                                    bytes("[4, 5, 6.5]"),
                                    "fanfold-key",
                                    "as json",
                                    "content-type",
                                    "application/json",
                                    "fanfold-chunks",
                                    "2"),
                            submission(
                                    fleet,
                                    1,
                                    bytes("{\"uri\":\"" + file.toUri() + "\"}"),
                                    "content-type",
                                    "application/json",
                                    "fanfold-wire",
                                    "1")));

            assertThat(result(fleet, "as npy")).containsExactly(2.5, 5, 7.5);
            assertThat(result(fleet, "as json")).containsExactly(10, 12.5, 16.25);
            assertThat(result(fleet, fleet.kafka().topics().submissions() + "-1-1"))
                    .containsExactly(17.5, 20, 22.5);
            assertThat(job(fleet, "as json").spec().count()).hasValue(2);
        }
    }

    @OnEveryBroker
    void whatIsSentTwiceIsOneJobAndIsDeletedOnceItIsDone(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind);
                Taker taker = new Taker(fleet, "taker", Duration.ofMillis(200), GRACE)) {
            ProducerRecord<byte[], byte[]> record = submission(fleet, 0, npy(1, 2, 3), "fanfold-key", "twice");
            ProducerRecord<byte[], byte[]> elsewhere = submission(fleet, 1, npy(1, 2, 3), "fanfold-key", "twice");
            Raw.write(fleet.kafka(), List.of(record, record, elsewhere));

            assertThat(result(fleet, "twice")).containsExactly(2.5, 5, 7.5);
            await().atMost(Fleet.LONG).until(() -> committed(fleet, 0) == 2 && committed(fleet, 1) == 1);
            await().atMost(Fleet.LONG).until(() -> beginning(fleet, 0) == 2 && beginning(fleet, 1) == 1);
            assertThat(fleet.map().jobs().all()).hasSize(1);
            assertThat(taker.counted("accepted") + taker.counted("known")).isEqualTo(3);
        }
    }

    @OnEveryBroker
    void aJobThatEndedWithoutAResultIsNotMadeAgainByARecordThatIsOlder(BrokerKind kind) {
        try (Fleet fleet = Fleet.whole(kind)) {
            ProducerRecord<byte[], byte[]> record = without(
                    submission(
                            fleet,
                            0,
                            npy(1, 2, 3),
                            "fanfold-key",
                            "stopped",
                            "fanfold-function",
                            "sleep",
                            "fanfold-param-ms",
                            "600000"),
                    "fanfold-param-factor");
            Raw.write(fleet.kafka(), List.of(record, record));
            try (Taker taker = new Taker(fleet)) {
                await().atMost(Fleet.LONG).until(() -> committed(fleet, 0) == 2);
                assertThat(taker.counted("accepted") + taker.counted("known")).isEqualTo(2);
            }
            JobHandle job = job(fleet, "stopped");
            fleet.map().cancel(job.id(), "not wanted");
            assertThat(Fleet.end(job).end()).isEqualTo(JobState.End.CANCELLED);
            rewind(fleet, 0);

            try (Taker taker = new Taker(fleet)) {
                await().atMost(Fleet.LONG).until(() -> taker.counted("known") == 2);
                assertThat(fleet.map().jobs().all()).hasSize(1);
                Raw.write(fleet.kafka(), List.of(record));
                await().atMost(Fleet.LONG).until(() -> taker.counted("accepted") == 1);
                assertThat(fleet.map().jobs().all()).hasSize(2);
                fleet.map().cancel(job(fleet, "stopped").id(), "not wanted either");
            }
        }
    }

    @OnEveryBroker
    void whatCannotBecomeAJobIsSetAsideAndTheOthersGoOn(BrokerKind kind) throws IOException {
        try (Fleet fleet = Fleet.whole(kind);
                Taker taker = new Taker(fleet, "taker", Duration.ofMinutes(1), LITTLE_GRACE)) {
            Path outside = Files.createTempFile("outside-", ".npy");
            String json = "application/json";
            List<ProducerRecord<byte[], byte[]>> bad = List.of(
                    without(submission(fleet, 0, npy(1)), "fanfold-function"),
                    submission(fleet, 0, npy(1), "fanfold-function", "nonsense"),
                    submission(fleet, 0, npy(1), "fanfold-pool", "no pool/"),
                    submission(fleet, 0, npy(1), "fanfold-chunkz", "3"),
                    submission(fleet, 0, npy(1), "fanfold-chunks", "many"),
                    submission(fleet, 0, npy(1), "fanfold-param-factor", "wide"),
                    submission(fleet, 0, npy(1), "fanfold-key", "a\nb"),
                    submission(fleet, 0, npy(1), "fanfold-fold", "no fold"),
                    submission(fleet, 0, npy(1), "fanfold-wire", "9"),
                    submission(fleet, 0, bytes("no array")),
                    submission(fleet, 0, null),
                    submission(fleet, 0, bytes("[[1],[2,3]]"), "content-type", json),
                    submission(fleet, 0, bytes("[1]"), "content-type", json, "fanfold-dtype", "text"),
                    submission(fleet, 0, bytes("[".repeat(100_000)), "content-type", json),
                    submission(fleet, 0, bytes("{\"uri\":\"" + outside.toUri() + "\"}"), "content-type", json),
                    submission(fleet, 0, bytes("{\"uri\":\"s3://bucket/x.npy\"}"), "content-type", json));
            List<String> reasons = List.of(
                    "which function?",
                    "has a function \"nonsense\"",
                    "no worker of pool no pool/",
                    "there is no option \"chunkz\"",
                    "chunks is \"many\"",
                    "factor",
                    "the key has 3 characters",
                    "fold",
                    "fanfold-wire is \"9\"",
                    "it starts with 'no array'",
                    "the submission has no value",
                    "[1] has more than 1 elements",
                    "dtype is \"text\"",
                    "nested deeper than 32",
                    "files are read below",
                    "s3: is not supported");
            Raw.write(fleet.kafka(), bad);
            Raw.write(fleet.kafka(), List.of(submission(fleet, 0, npy(1, 2), "fanfold-key", "good")));

            assertThat(result(fleet, "good")).containsExactly(2.5, 5);
            Raw.write(fleet.kafka(), List.of(submission(fleet, 0, npy(1, 2, 3), "fanfold-key", "good")));
            await().atMost(Fleet.LONG).until(() -> committed(fleet, 0) == bad.size() + 2);
            assertThat(taker.counted("refused")).isEqualTo(bad.size() + 1);

            Map<Long, ConsumerRecord<byte[], byte[]>> letters =
                    Raw.read(fleet.kafka(), fleet.kafka().topics().deadLetters()).stream()
                            .collect(Collectors.toMap(l -> Records.deadLetter(l).offset(), Function.identity()));
            Map<String, JobRecord.Refusal> refusals = fleet.map().jobs().refusals().stream()
                    .collect(Collectors.toMap(JobRecord.Refusal::key, Function.identity()));
            for (int i = 0; i < bad.size(); i++) {
                ConsumerRecord<byte[], byte[]> letter = letters.get((long) i);
                DeadLetter why = Records.deadLetter(letter);
                assertThat(why.reason()).as("submission %d", i).contains(reasons.get(i));
                assertThat(letter.value()).isEqualTo(bad.get(i).value());
                assertThat(letter.headers().toArray())
                        .contains(bad.get(i).headers().toArray());
                assertThat(refusals.get(why.topic() + "-0-" + i).error()).isEqualTo(why.reason());
            }
            assertThat(refusals.get("good").error()).contains("is that of job");
            assertThat(letters).hasSize(bad.size() + 1);
            Files.delete(outside);
        }
    }

    @OnEveryBroker
    void aSubmissionWaitsForItsFirstWorker(BrokerKind kind) {
        try (Fleet fleet = Fleet.on(kind);
                Taker taker = new Taker(fleet)) {
            Raw.write(fleet.kafka(), List.of(submission(fleet, 0, npy(1, 2, 3), "fanfold-key", "early")));
            await().atMost(Fleet.LONG).until(() -> taker.open() == 1);
            fleet.worker("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            assertThat(result(fleet, "early")).containsExactly(2.5, 5, 7.5);
        }
    }

    @OnEveryBroker
    void anotherGoesOnWhereOneStoppedAndASmallOneDoesNotWaitForAGiant(BrokerKind kind) throws IOException {
        try (Fleet fleet = Fleet.on(kind)) {
            WorkerSettings settings = fleet.settings("worker-1");
            fleet.worker(
                    new WorkerSettings(
                            settings.kafka(),
                            settings.name(),
                            settings.pool(),
                            settings.pools(),
                            settings.patience(),
                            settings.retries(),
                            settings.keepCompletions(),
                            Optional.empty()),
                    Called.registry(new Gated()));
            fleet.aggregator("aggregator-1", fleet.store("results"));
            // before the gate opens eight chunks are done, of a megabyte each, and not all others have room in the
            // window
            int count = 48;
            long rows = 125_000;
            String gate = fleet.kafka().topics().prefix();
            String waits = LongStream.range(8, count)
                    .mapToObj(chunk -> Long.toString(chunk * rows))
                    .collect(Collectors.joining(","));
            long[] giant = LongStream.range(0, count * rows).toArray();
            Path file = Files.write(root.resolve("giant.npy"), Npy.encode(ArraySlice.of(giant, giant.length)));
            ProducerRecord<byte[], byte[]> slow = without(
                    submission(
                            fleet,
                            0,
                            bytes("{\"uri\":\"" + file.toUri() + "\"}"),
                            "content-type",
                            "application/json",
                            "fanfold-key",
                            "giant",
                            "fanfold-function",
                            "gated",
                            "fanfold-param-gate",
                            gate,
                            "fanfold-param-waits",
                            waits,
                            "fanfold-chunks",
                            Integer.toString(count)),
                    "fanfold-param-factor");
            long below;
            try (Taker first = new Taker(fleet, "first", Duration.ofMinutes(1), GRACE)) {
                Raw.write(fleet.kafka(), List.of(slow, submission(fleet, 0, npy(1, 2, 3), "fanfold-key", "small")));
                await().atMost(Fleet.LONG).until(() -> first.counted("accepted") == 1);
                assertThat(report(fleet, "small").seal()).isPresent();
                await().atMost(Fleet.LONG).until(() -> doneBelow(fleet, "giant") >= 6);
            }
            below = doneBelow(fleet, "giant");
            assertThat(report(fleet, "giant").seal()).isEmpty();
            assertThat(committed(fleet, 0)).isZero();

            try (Taker _ = new Taker(fleet, "second", Duration.ofMinutes(1), GRACE)) {
                Gated.open(gate);
                assertThat(Files.readAllBytes(Fleet.result(job(fleet, "giant"))))
                        .isEqualTo(Npy.encode(ArraySlice.of(
                                Arrays.stream(giant).map(x -> 3 * x + 1).toArray(), giant.length)));
                assertThat(result(fleet, "small")).containsExactly(2.5, 5, 7.5);
                await().atMost(Fleet.LONG).until(() -> committed(fleet, 0) == 2);
            }
            assertThat(fleet.map().jobs().all()).hasSize(2);
            Map<Long, Long> written = chunks(fleet, job(fleet, "giant"));
            assertThat(written).hasSize(count);
            for (long index = 0; index < below; index++) {
                assertThat(written.get(index)).as("chunk %d", index).isEqualTo(1);
            }
        }
    }

    /** How often each chunk of a job was written. */
    private static Map<Long, Long> chunks(Fleet fleet, JobHandle job) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().chunks(Topics.DEFAULT_POOL)).stream()
                .filter(record -> new String(record.key(), StandardCharsets.UTF_8).startsWith(job.id() + "/"))
                .collect(Collectors.groupingBy(
                        record -> Records.chunkHeader(record).index(), Collectors.counting()));
    }

    private static long doneBelow(Fleet fleet, String key) {
        return fleet.map()
                .jobs()
                .holder(key)
                .flatMap(JobReport::progress)
                .map(JobState.Progress::doneBelow)
                .orElse(0L);
    }

    private static JobReport report(Fleet fleet, String key) {
        return fleet.map().jobs().holder(key).orElseThrow();
    }

    /** A record for {@code scale} by 2.5, unless headers say otherwise. */
    private static ProducerRecord<byte[], byte[]> submission(
            Fleet fleet, int partition, byte[] value, String... headers) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(fleet.kafka().topics().submissions(), partition, null, value);
        record.headers().add("fanfold-function", bytes("scale")).add("fanfold-param-factor", bytes("2.5"));
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().remove(headers[i]).add(headers[i], bytes(headers[i + 1]));
        }
        return record;
    }

    private static ProducerRecord<byte[], byte[]> without(ProducerRecord<byte[], byte[]> record, String header) {
        record.headers().remove(header);
        return record;
    }

    private static byte[] npy(double... values) {
        return Npy.encode(new ArraySlice(
                DType.of(DType.Kind.FLOAT, Double.BYTES),
                Shape.of(values.length),
                Order.C,
                MemorySegment.ofArray(values)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static JobHandle job(Fleet fleet, String key) {
        await().atMost(Fleet.LONG).until(() -> fleet.map().attach(key).isPresent());
        return fleet.map().attach(key).orElseThrow();
    }

    /** The elements of the result of the job with this key. */
    private static double[] result(Fleet fleet, String key) {
        Path result = Fleet.result(job(fleet, key));
        try (Arena arena = Arena.ofConfined()) {
            return Npy.map(result, arena).data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
        }
    }

    /** What the producers have committed of a partition of the submissions; 0 if nothing. */
    private static long committed(Fleet fleet, int partition) {
        try (Admin admin = Admin.create(fleet.kafka().admin("test"))) {
            OffsetAndMetadata offset = admin.listConsumerGroupOffsets(
                            fleet.kafka().topics().producerGroup())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(submissions(fleet, partition));
            return offset == null ? 0 : offset.offset();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** As if nothing had been committed. */
    private static void rewind(Fleet fleet, int partition) {
        try (Admin admin = Admin.create(fleet.kafka().admin("test"))) {
            admin.alterConsumerGroupOffsets(
                            fleet.kafka().topics().producerGroup(),
                            Map.of(submissions(fleet, partition), new OffsetAndMetadata(0)))
                    .all()
                    .get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Where a partition of the submissions begins. */
    private static long beginning(Fleet fleet, int partition) {
        TopicPartition p = submissions(fleet, partition);
        try (Admin admin = Admin.create(fleet.kafka().admin("test"))) {
            return admin.listOffsets(Map.of(p, OffsetSpec.earliest()))
                    .partitionResult(p)
                    .get()
                    .offset();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static TopicPartition submissions(Fleet fleet, int partition) {
        return new TopicPartition(fleet.kafka().topics().submissions(), partition);
    }
}

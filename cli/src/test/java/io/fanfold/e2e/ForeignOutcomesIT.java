package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.store.Publisher;
import io.fanfold.e2e.HandJob.Form;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an aggregator makes of outcomes that no worker of ours would send. Whatever comes, it goes on with other jobs. */
@SuppressWarnings("NullAway.Init") // what is static here is there before the first test
final class ForeignOutcomesIT {
    private static final String HEADER = "fanfold-outcome";

    private static Fleet fleet;
    private static KafkaSettings kafka;
    private static Path store;
    private static ResultWatch watch;

    @BeforeAll
    static void start() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
        kafka = fleet.kafka();
        store = fleet.store("results");
        fleet.aggregator("aggregator-1", store);
        watch = new ResultWatch(kafka, store);
    }

    @AfterAll
    static void stop() {
        watch.close();
        fleet.close();
    }

    @AfterEach
    void itGoesOnWithOtherJobs() {
        for (int partition = 0; partition < 2; partition++) {
            HandJob other = job(Form.STITCHED, partition);
            other.write(kafka, 0, other.outcomes().size());
            assertThat(end(other)).isEqualTo(JobState.End.COMPLETED);
        }
        assertThat(watch.wrong()).isEmpty();
    }

    /** A job of 17 chunks that is accepted. */
    private static HandJob job(Form form, int partition) {
        HandJob job = HandJob.of(form, 7, partition);
        watch.expect(job);
        job.accept(kafka);
        return job;
    }

    private static HandJob job(Form form) {
        return job(form, 0);
    }

    private static JobState.End end(HandJob job) {
        await().atMost(Fleet.LONG).until(() -> watch.ended(job));
        return watch.ends(job).getFirst().end();
    }

    private static String error(HandJob job) {
        assertThat(end(job)).isEqualTo(JobState.End.FAILED);
        assertThat(store.resolve(Publisher.result(job.id()))).doesNotExist();
        return watch.ends(job).getFirst().error().orElseThrow();
    }

    private static void assertCompleted(HandJob job) {
        assertThat(end(job)).isEqualTo(JobState.End.COMPLETED);
        assertThat(watch.wrong()).isEmpty();
    }

    private static double verdicts(String verdict) {
        return fleet.counted("fanfold.outcomes", "verdict", verdict);
    }

    private static void write(List<ProducerRecord<byte[], byte[]>> records) {
        Raw.writeFast(kafka, records);
    }

    /** Writes these and then all outcomes of a job. */
    private static void writeInFront(HandJob job, List<ProducerRecord<byte[], byte[]>> records) {
        write(records);
        job.write(kafka, 0, job.outcomes().size());
    }

    private static Outcome.Computed computed(HandJob job, long index, ByteBuffer npy) {
        return new Outcome.Computed(job.id(), index, 1, npy);
    }

    private static ByteBuffer npy(String dtype, long... dims) {
        return ByteBuffer.wrap(Npy.encode(new RandomArrays(3).of(DType.parse(dtype), Shape.of(dims), Order.C)));
    }

    /** The header of a {@code .npy} file with nothing behind it. */
    private static ByteBuffer header(String dtype, String shape) {
        String text = "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': " + shape + ", }";
        return ByteBuffer.wrap(("\u0093NUMPY\u0001\u0000v\u0000" + String.format("%-117s\n", text))
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @EnumSource(Form.class)
    void anyOrderAndAnyNumberOfTimesMakeTheSameResult(Form form) {
        long seed = System.nanoTime();
        System.out.println("ForeignOutcomesIT " + form + " seed " + seed);
        Random random = new Random(seed);
        HandJob job = job(form, random.nextInt(2));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int chunk = 0; chunk < job.outcomes().size(); chunk++) {
            records.addAll(Collections.nCopies(1 + random.nextInt(3), job.outcome(kafka, chunk)));
        }
        Collections.shuffle(records, random);
        write(records);
        assertCompleted(job);
    }

    @Test
    void randomBytesAreCountedAndPassedOver() {
        long seed = System.nanoTime();
        System.out.println("ForeignOutcomesIT random bytes, seed " + seed);
        Random random = new Random(seed);
        HandJob job = job(Form.ALIGNED);
        double before = verdicts("malformed");
        List<ProducerRecord<byte[], byte[]>> noise = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    kafka.topics().outcomes(), job.partition(), bytes(random, 20), bytes(random, 500));
            record.headers().add("fanfold-wire", i % 2 == 0 ? "1".getBytes(StandardCharsets.UTF_8) : bytes(random, 3));
            record.headers().add(HEADER, bytes(random, 200));
            noise.add(record);
        }
        writeInFront(job, noise);
        assertCompleted(job);
        assertThat(verdicts("malformed") - before).isEqualTo(100);
    }

    private static byte[] bytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"job\":\"J\",\"attempt\":1,\"state\":\"computed\"}",
                "{\"job\":\"J\",\"index\":-1,\"attempt\":1,\"state\":\"computed\"}",
                "{\"job\":\"J\",\"index\":1e30,\"attempt\":1,\"state\":\"computed\"}",
                "{\"job\":\"J\",\"index\":\"0\",\"attempt\":1,\"state\":\"computed\"}",
                "{\"job\":\"J\",\"index\":0,\"attempt\":1,\"state\":\"undecided\"}",
                "{\"job\":\"J\",\"index\":0,\"attempt\":1,\"state\":\"computed\",\"foldedRows\":-5}",
                "{\"job\":\"J\",\"index\":0,\"attempt\":1,\"state\":\"computed\",\"foldedRows\":\"all\"}",
                "{\"job\":\"J\",\"index\":0,\"attempt\":1,\"state\":\"failed\"}",
                "{\"job\":\"../J\",\"index\":0,\"attempt\":1,\"state\":\"computed\"}",
                "{\"job\":null,\"index\":0,\"attempt\":1,\"state\":\"computed\"}",
            })
    void aHeaderThatSaysOtherThanItMayIsCountedAndPassedOver(String header) {
        HandJob job = job(Form.ALIGNED);
        String text = header.replace("J", job.id().value());
        assertPassedOver(job, record -> {
            record.headers().remove(HEADER).add(HEADER, text.getBytes(StandardCharsets.UTF_8));
            return record;
        });
    }

    @Test
    void aRecordWithoutAHeaderIsCountedAndPassedOver() {
        for (Header header : job(Form.ALIGNED).outcome(kafka, 0).headers()) {
            assertPassedOver(job(Form.ALIGNED), record -> {
                record.headers().remove(header.key());
                return record;
            });
        }
    }

    @Test
    void aHeaderThatIsTooLongIsCountedAndPassedOver() {
        assertPassedOver(job(Form.ALIGNED), record -> {
            record.headers().remove(HEADER).add(HEADER, new byte[70_000]);
            return record;
        });
    }

    @Test
    void aRecordWithoutAValueIsCountedAndPassedOver() {
        assertPassedOver(
                job(Form.ALIGNED),
                record ->
                        new ProducerRecord<>(record.topic(), record.partition(), record.key(), null, record.headers()));
    }

    /** An outcome of chunk 0 that is right but for one thing. */
    private static void assertPassedOver(HandJob job, UnaryOperator<ProducerRecord<byte[], byte[]>> wrong) {
        double before = verdicts("malformed");
        writeInFront(job, List.of(wrong.apply(job.outcome(kafka, 0))));
        assertCompleted(job);
        assertThat(verdicts("malformed") - before).isEqualTo(1);
    }

    @Test
    void indexesThatTheJobDoesNotHaveAreDropped() {
        HandJob job = job(Form.SUM);
        int count = job.outcomes().size();
        double before = verdicts("unknown");
        List<ProducerRecord<byte[], byte[]>> beyond = new ArrayList<>();
        for (long index : new long[] {count, count + 1L, Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE}) {
            beyond.add(job.record(kafka, computed(job, index, npy("<i8", 3, 20))));
            beyond.add(job.record(
                    kafka, new Outcome.Failed(job.id(), index, 1, job.failure(0).failure())));
        }
        job.write(kafka, 0, 1);
        write(beyond);
        job.write(kafka, 1, count);
        assertCompleted(job);
        assertThat(verdicts("unknown") - before).isEqualTo(beyond.size());
    }

    @Test
    void aNpyThatBreaksOffFailsItsJob() {
        HandJob job = job(Form.ALIGNED);
        ByteBuffer whole = job.answer(3).npy();
        byte[] half = new byte[whole.remaining() - 5];
        whole.duplicate().get(half);
        write(List.of(job.record(kafka, computed(job, 3, ByteBuffer.wrap(half)))));
        assertThat(error(job)).contains("the outcome of chunk 3");
    }

    @Test
    void anEmptyValueFailsItsJob() {
        HandJob job = job(Form.MEAN);
        write(List.of(job.record(kafka, computed(job, 0, ByteBuffer.allocate(0)))));
        assertThat(error(job)).contains("the outcome of chunk 0");
    }

    @Test
    void anArrayOfObjectsFailsItsJob() {
        HandJob job = job(Form.ALIGNED);
        write(List.of(job.record(kafka, computed(job, 2, header("|O", "(3, 20)")))));
        assertThat(error(job)).contains("the outcome of chunk 2", "object");
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"ALIGNED", "STITCHED", "RAGGED", "SUM"})
    void anAnswerOfAnotherDtypeOrShapeFailsTheJobAndBothAreNamed(Form form) {
        List<ByteBuffer> others = new ArrayList<>(List.of(npy("<f8", 8, 20), npy("<i8", 8, 21), npy("<i8", 6, 8)));
        if (form != Form.SUM) { // the parts of a sum have one byte order, whatever that of its answers
            others.add(npy(">i8", 8, 20));
        }
        for (ByteBuffer other : others) {
            HandJob job = job(form);
            write(List.of(job.outcome(kafka, 5), job.record(kafka, computed(job, 1, other))));
            assertThat(error(job)).contains("chunk 5 is", "chunk 1 is");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"ALIGNED", "STITCHED", "SUM"})
    void anAnswerWithoutTheSplitAxisFailsTheJob(Form form) {
        HandJob job = job(form);
        write(List.of(job.record(kafka, computed(job, 1, npy("<i8")))));
        assertThat(error(job)).contains("chunk 1", "no axis " + form.axis());
    }

    /** Nothing is there, and yet the lengths of the whole would not fit in 64 bits. */
    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"ALIGNED", "STITCHED", "RAGGED", "SUM", "MEAN", "HOLES"})
    void hugeAxesOfArraysWithoutElementsFailTheirJobAndNothingElse(Form form) {
        for (String shape : List.of(
                "(0, 1152921504606846975)",
                "(0, 9223372036854775807)",
                "(8, 0, 72057594037927936)",
                "(576460752303423488, 0)",
                "(9223372036854775807, 9223372036854775807, 0)")) {
            ByteBuffer huge = header("<i8", shape);
            HandJob job = HandJob.of(form, 7, 0);
            job.accept(kafka);
            write(IntStream.range(0, job.outcomes().size())
                    .mapToObj(chunk -> job.record(kafka, computed(job, chunk, huge)))
                    .toList());
            await().atMost(Fleet.LONG).until(() -> watch.ended(job));
        }
    }

    @Test
    void ofTwoAnswersToOneChunkTheFirstCounts() {
        HandJob job = job(Form.ALIGNED);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int chunk = 0; chunk < job.outcomes().size(); chunk++) {
            records.add(job.outcome(kafka, chunk));
            records.add(job.record(kafka, computed(job, chunk, npy("<i8", 8, 20))));
            records.add(job.record(kafka, computed(job, chunk, npy("<f4", 1))));
        }
        write(records);
        assertCompleted(job);
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"HOLES", "STITCHED_HOLES", "RAGGED_HOLES", "SUM_HOLES"})
    void whatWasComputedBeatsAFailureWhicheverComesFirst(Form form) {
        HandJob job = job(form);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int chunk = 0; chunk < job.outcomes().size(); chunk++) {
            boolean last = chunk == job.outcomes().size() - 1;
            records.add(chunk % 2 == 0 && !last ? job.record(kafka, job.failure(chunk)) : job.outcome(kafka, chunk));
            records.add(chunk % 2 == 0 && !last ? job.outcome(kafka, chunk) : job.record(kafka, job.failure(chunk)));
        }
        write(records);
        assertCompleted(job);
        long holes =
                job.outcomes().stream().filter(Outcome.Failed.class::isInstance).count();
        assertThat(watch.ends(job)
                        .getFirst()
                        .result()
                        .orElseThrow()
                        .holes()
                        .orElseThrow()
                        .chunks())
                .isEqualTo(holes);
    }

    @Test
    void inAJobThatFailsFastAFailureStandsWhateverComesAfterIt() {
        HandJob job = job(Form.ALIGNED);
        double before = verdicts("ended");
        write(List.of(job.record(kafka, job.failure(4)), job.outcome(kafka, 4)));
        assertThat(error(job)).contains("chunk 4", "no luck");
        job.write(kafka, 0, 5);
        await().atMost(Fleet.LONG).until(() -> verdicts("ended") - before >= 5);
        assertThat(watch.ends(job)).hasSize(1);
    }

    @Test
    void aPartInAJobThatDoesNotFoldFailsTheJob() {
        HandJob job = job(Form.ALIGNED);
        write(List.of(job.record(kafka, part(job, 2, npy("<i8", 8, 20), 8))));
        assertThat(error(job)).contains("chunk 2", "fold");
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"SUM", "MEAN"})
    void partsOfMoreRowsThanCanBeCountedFailTheJob(Form form) {
        HandJob job = job(form);
        String dtype = form == Form.SUM ? "<i8" : "<f8";
        write(List.of(
                job.record(kafka, part(job, 0, npy(dtype, 20), Long.MAX_VALUE)),
                job.record(kafka, part(job, 1, npy(dtype, 20), Long.MAX_VALUE))));
        assertThat(error(job)).contains("rows");
    }

    @ParameterizedTest
    @EnumSource(
            value = Form.class,
            names = {"SUM", "MEAN"})
    void aPartOfNoRowsFailsTheJob(Form form) {
        HandJob job = job(form);
        write(List.of(job.record(kafka, part(job, 2, npy("<i8", 20), 0))));
        assertThat(error(job)).contains("chunk 2", "no rows");
    }

    private static Outcome.Computed part(HandJob job, int chunk, ByteBuffer npy, long rows) {
        return new Outcome.Computed(job.id(), chunk, 1, npy, OptionalLong.of(rows));
    }

    @Test
    void outcomesOfJobsThatNobodyKnowsAreDropped() {
        HandJob stranger = HandJob.of(Form.ALIGNED, 1, 1);
        HandJob elsewhere = job(Form.ALIGNED, 0);
        double before = verdicts("unknown");
        stranger.write(kafka, 0, 17);
        write(elsewhere.outcomes(kafka, 0, 17).stream()
                .map(r -> new ProducerRecord<>(r.topic(), 1, r.key(), r.value(), r.headers()))
                .toList());
        await().atMost(Fleet.LONG).until(() -> verdicts("unknown") - before == 34);
        elsewhere.write(kafka, 0, 17);
        assertCompleted(elsewhere);
    }

    @Test
    void outcomesThatComeAfterACancelDoNotBringTheJobBack() {
        HandJob job = job(Form.ALIGNED);
        double before = verdicts("ended");
        job.write(kafka, 0, 9);
        await().atMost(Fleet.LONG).until(() -> watch.done(job) == 9);
        Raw.write(kafka, List.of(Records.cancel(kafka.topics(), new Cancel(job.id(), "changed my mind"))));
        assertThat(end(job)).isEqualTo(JobState.End.CANCELLED);
        job.write(kafka, 9, 17);
        await().atMost(Fleet.LONG).until(() -> verdicts("ended") - before == 8);
        assertThat(watch.ends(job)).hasSize(1);
        assertThat(store.resolve(Publisher.result(job.id()))).doesNotExist();
    }

    @Test
    void sealsThatContradictTheSpecOrOneAnotherCountForNothing() {
        HandJob job = HandJob.of(Form.RAGGED, 5, 1);
        long rows = job.spec().header().rows().orElseThrow();
        watch.expect(job);
        Raw.write(
                kafka,
                List.of(
                        seal(job, 3, rows),
                        job.accepted(kafka),
                        seal(job, 16, rows),
                        seal(job, 17, rows - 1),
                        seal(job, Long.MAX_VALUE, Long.MAX_VALUE),
                        job.sealed(kafka),
                        seal(job, 1, 1)));
        job.write(kafka, 0, 17);
        assertCompleted(job);
    }

    private static ProducerRecord<byte[], byte[]> seal(HandJob job, long count, long rows) {
        return Records.seal(kafka.topics(), new JobRecord.Seal(job.id(), count, rows));
    }

    @Test
    void recordsOfJobsThatAreNoneAreDroppedWithTheirOutcomes() {
        HandJob job = HandJob.of(Form.ALIGNED, 5, 1);
        ProducerRecord<byte[], byte[]> spec = job.accepted(kafka);
        ProducerRecord<byte[], byte[]> broken = new ProducerRecord<>(
                spec.topic(), null, spec.key(), "{\"job\":{}}".getBytes(StandardCharsets.UTF_8), spec.headers());
        ProducerRecord<byte[], byte[]> another = new ProducerRecord<>(
                spec.topic(),
                null,
                (new JobId("another") + "/spec").getBytes(StandardCharsets.UTF_8),
                spec.value(),
                spec.headers());
        double before = verdicts("unknown");
        Raw.write(kafka, List.of(broken, another));
        job.write(kafka, 0, 17);
        await().atMost(Fleet.LONG).until(() -> verdicts("unknown") - before == 17);
    }
}

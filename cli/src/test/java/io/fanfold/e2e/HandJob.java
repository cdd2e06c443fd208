package io.fanfold.e2e;

import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.RandomArrays;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A job written to the topics by hand, as any other client may do it, of chunks that nobody computes: its answers are there
 * before it begins, and so is its result, made from the array by this test alone.
 *
 * @param outcomes one for each chunk, in chunk order
 * @param result the {@code .npy} file that it must come to
 */
record HandJob(JobRecord.Spec spec, List<Outcome> outcomes, ByteBuffer result) {
    private static final DType INT64 = DType.parse("<i8");
    private static final DType FLOAT64 = DType.parse("<f8");
    private static final int OUTER = 5;

    /** What a job is like; what the aggregator does with its outcomes differs in each. */
    enum Form {
        /** Rows of axis 0: the spool is the result. */
        ALIGNED,
        /** Rows of axis 1: the result is stitched. */
        STITCHED,
        /** Answers with other numbers of rows than their chunks have. */
        RAGGED,
        SUM,
        MEAN,
        /** Some chunks have failed: their rows are zeros. */
        HOLES,
        STITCHED_HOLES,
        /** Some chunks have failed: their rows are not there. */
        RAGGED_HOLES,
        SUM_HOLES;

        boolean holes() {
            return name().endsWith("HOLES");
        }

        boolean ragged() {
            return name().startsWith("RAGGED");
        }

        Fold fold() {
            return this == MEAN ? new Fold("mean") : name().startsWith("SUM") ? new Fold("sum") : Fold.CONCAT;
        }

        int axis() {
            return name().startsWith("STITCHED") ? 1 : 0;
        }
    }

    /**
     * A new job.
     *
     * @param partition of its outcomes
     * @param rowsEach rows of a chunk, some of which have one more
     * @param width elements of a row, where rows are not of {@value #OUTER} blocks
     */
    static HandJob of(Form form, long seed, int partition, int chunks, int rowsEach, int width) {
        long rows = (long) chunks * rowsEach + chunks / 3;
        ArraySlice array = array(form, seed, rows, width);
        JobRecord.Spec spec = spec(form, array, new Plan.Chunks(form.axis(), chunks), partition);
        List<ArraySlice> answers = new ArrayList<>();
        Split split = new Split(array, spec.plan());
        for (int i = 0; i < chunks; i++) {
            ArraySlice chunk = Npy.decode(MemorySegment.ofArray(split.chunk(i)), "chunk " + i);
            answers.add(form.ragged() ? ragged(chunk, i) : chunk);
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            outcomes.add(
                    hole(form, i)
                            ? failed(spec, i)
                            : new Outcome.Computed(spec.job(), i, 1, ByteBuffer.wrap(Npy.encode(answers.get(i)))));
        }
        ByteBuffer result = ByteBuffer.wrap(Npy.encode(result(form, array, spec, answers)));
        return new HandJob(spec, List.copyOf(outcomes), result.asReadOnlyBuffer());
    }

    static HandJob of(Form form, long seed, int partition) {
        return of(form, seed, partition, 17, 8, 20);
    }

    private static ArraySlice array(Form form, long seed, long rows, int width) {
        Shape shape = form.axis() == 1 ? Shape.of(OUTER, rows) : Shape.of(rows, width);
        if (form != Form.MEAN) {
            return new RandomArrays(seed).of(INT64, shape, Order.C);
        }
        RandomArrays random = new RandomArrays(seed);
        double[] whole = LongStream.range(0, shape.size())
                .mapToDouble(_ -> random.below(1000))
                .toArray();
        return new ArraySlice(FLOAT64, shape, Order.C, MemorySegment.ofArray(whole));
    }

    private static JobRecord.Spec spec(Form form, ArraySlice array, Plan plan, int partition) {
        JobId job = JobId.generate();
        JobHeader header = new JobHeader(
                job,
                new FunctionId("identity", "1"),
                Map.of(),
                Strategy.AUTO,
                form.fold(),
                form.holes() ? new ErrorPolicy.KeepGoing(1_000_000) : new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(array.shape().dim(plan.axis())),
                plan.axis(),
                partition);
        return new JobRecord.Spec(
                header, job.value(), "none", Topics.DEFAULT_POOL, array.dtype(), array.shape(), array.order(), plan);
    }

    private static boolean hole(Form form, int chunk) {
        return form.holes() && chunk % 5 == 3;
    }

    /** None, some or all of the rows of a chunk. */
    private static ArraySlice ragged(ArraySlice chunk, int index) {
        long rows = index * 3L % (chunk.shape().dim(0) + 1);
        Shape shape = chunk.shape().with(0, rows);
        return new ArraySlice(
                chunk.dtype(),
                shape,
                chunk.order(),
                chunk.data().asSlice(0, chunk.dtype().bytes(shape)));
    }

    private static ArraySlice result(Form form, ArraySlice array, JobRecord.Spec spec, List<ArraySlice> answers) {
        return switch (form) {
            case ALIGNED, STITCHED, HOLES, STITCHED_HOLES -> withoutHoles(form, array, spec.plan());
            case RAGGED, RAGGED_HOLES -> joined(form, answers);
            case SUM, SUM_HOLES -> sum(form, answers);
            case MEAN -> mean(array);
        };
    }

    /** The array, with zeros where chunks have failed. */
    private static ArraySlice withoutHoles(Form form, ArraySlice array, Plan plan) {
        long rows = array.shape().dim(plan.axis());
        long outer = plan.axis() == 0 ? 1 : array.shape().dim(0);
        long bytes = array.data().byteSize() / outer / rows;
        MemorySegment data = MemorySegment.ofArray(array.data().toArray(ValueLayout.JAVA_BYTE));
        for (int chunk = 0; chunk < plan.count(rows); chunk++) {
            Plan.Range range = plan.range(chunk, rows);
            for (long o = 0; o < outer && hole(form, chunk); o++) {
                data.asSlice((o * rows + range.start()) * bytes, range.length() * bytes)
                        .fill((byte) 0);
            }
        }
        return new ArraySlice(array.dtype(), array.shape(), array.order(), data);
    }

    private static ArraySlice joined(Form form, List<ArraySlice> answers) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long rows = 0;
        for (int i = 0; i < answers.size(); i++) {
            if (!hole(form, i)) {
                bytes.writeBytes(answers.get(i).data().toArray(ValueLayout.JAVA_BYTE));
                rows += answers.get(i).shape().dim(0);
            }
        }
        ArraySlice one = answers.getFirst();
        return new ArraySlice(
                one.dtype(), one.shape().with(0, rows), one.order(), MemorySegment.ofArray(bytes.toByteArray()));
    }

    private static ArraySlice sum(Form form, List<ArraySlice> answers) {
        int width = (int) answers.getFirst().shape().dim(1);
        long[] sums = new long[width];
        for (int i = 0; i < answers.size(); i++) {
            MemorySegment data = answers.get(i).data();
            for (long at = 0; at < data.byteSize() / Long.BYTES && !hole(form, i); at++) {
                sums[(int) (at % width)] += data.get(ValueLayout.JAVA_LONG_UNALIGNED, at * Long.BYTES);
            }
        }
        return new ArraySlice(INT64, Shape.of(width), Order.C, MemorySegment.ofArray(sums));
    }

    /** Of whole numbers, so that it does not matter in which order they are added. */
    private static ArraySlice mean(ArraySlice array) {
        int width = (int) array.shape().dim(1);
        double[] means = new double[width];
        MemorySegment data = array.data();
        for (long at = 0; at < data.byteSize() / Double.BYTES; at++) {
            means[(int) (at % width)] += data.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at * Double.BYTES);
        }
        for (int i = 0; i < width; i++) {
            means[i] /= array.shape().dim(0);
        }
        return new ArraySlice(FLOAT64, Shape.of(width), Order.C, MemorySegment.ofArray(means));
    }

    private static Outcome failed(JobRecord.Spec spec, int chunk) {
        long start =
                spec.plan().range(chunk, spec.header().rows().orElseThrow()).start();
        Failure failure = new Failure("java.lang.IllegalStateException", "no luck", "identity@1", start, "by-hand");
        return new Outcome.Failed(spec.job(), chunk, 1, failure);
    }

    JobId id() {
        return spec.job();
    }

    int partition() {
        return spec.header().outcomesPartition();
    }

    ProducerRecord<byte[], byte[]> accepted(KafkaSettings kafka) {
        return Records.spec(kafka.topics(), spec);
    }

    ProducerRecord<byte[], byte[]> sealed(KafkaSettings kafka) {
        JobRecord.Seal seal =
                new JobRecord.Seal(id(), outcomes.size(), spec.header().rows().orElseThrow());
        return Records.seal(kafka.topics(), seal);
    }

    /** Writes its acceptance and its seal. */
    void accept(KafkaSettings kafka) {
        Raw.write(kafka, List.of(accepted(kafka), sealed(kafka)));
    }

    /** Writes the outcomes of chunks {@code from} (inclusive) to {@code to} (exclusive). */
    void write(KafkaSettings kafka, int from, int to) {
        Raw.writeFast(kafka, outcomes(kafka, from, to));
    }

    /** The outcome of a chunk. */
    ProducerRecord<byte[], byte[]> outcome(KafkaSettings kafka, int chunk) {
        return Records.outcome(kafka.topics(), partition(), outcomes.get(chunk));
    }

    /** The outcomes of chunks {@code from} (inclusive) to {@code to} (exclusive). */
    List<ProducerRecord<byte[], byte[]>> outcomes(KafkaSettings kafka, int from, int to) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int chunk = from; chunk < to; chunk++) {
            records.add(outcome(kafka, chunk));
        }
        return records;
    }

    /** Writes its acceptance and all its outcomes. */
    void write(KafkaSettings kafka) {
        accept(kafka);
        write(kafka, 0, outcomes.size());
    }

    @Override
    public String toString() {
        return "job " + id() + " (" + spec.header().fold() + ", " + spec.plan() + ")";
    }
}

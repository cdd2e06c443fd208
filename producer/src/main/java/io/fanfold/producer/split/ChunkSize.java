package io.fanfold.producer.split;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.npy.NpyHeader;
import java.util.OptionalDouble;

/**
 * How finely an array is cut. Pure.
 *
 * <p>A chunk aims at a million bytes of its input or its output, whichever is larger: large enough that a record's cost is
 * small beside it, and below Kafka's default limit of a record (1,048,576 bytes with its headers). A small array is still cut
 * into a few chunks, so that it is computed in parallel. Where it is known what a function takes for a byte, chunks that would take long
 * are cut finer, and a small array in which there is little to do is cut into fewer.
 */
public sealed interface ChunkSize {
    /** What a chunk aims at, in bytes. */
    long TARGET_BYTES = 1_000_000;
    /** The least number of chunks of an array that has as many rows. */
    long LEAST_CHUNKS = 8;
    /** An endless array is cut as finely as one of so many bytes. */
    long SAMPLE_BYTES = 1L << 30;
    /**
     * What a chunk of more than one row takes at most, in nanoseconds, as far as is known. Progress is counted in whole chunks,
     * a job that is cancelled ends with them, and what a lost worker had begun is computed again: all that is of this grain.
     */
    long LONGEST_NANOS = 500_000_000;
    /** What a chunk takes at least, in nanoseconds, before {@link #LEAST_CHUNKS} are made: less is little beside a record's own cost. */
    long SHORTEST_NANOS = 5_000_000;
    /** The most chunks that are made for the sake of {@link #LONGEST_NANOS}. */
    long MOST_BY_TIME = 100_000;

    /** The choice is ours. */
    record Automatic() implements ChunkSize {
        private static long chunks(RowSizes rows, OptionalDouble nanosPerByte) {
            double rowNanos = rows.inputBytes() * nanosPerByte.orElse(0);
            long bySize = rows.pieces(rows.largerBytes(), Math.min(TARGET_BYTES, rows.room()));
            long byTime = Math.min(MOST_BY_TIME, rows.pieces((long) (LONGEST_NANOS / rowNanos)));
            long least = nanosPerByte.isPresent() ? (long) (rows.count() * rowNanos / SHORTEST_NANOS) : LEAST_CHUNKS;
            return Math.max(Math.max(bySize, byTime), Math.min(rows.count(), Math.min(least, LEAST_CHUNKS)));
        }
    }

    /** So many chunks, as {@code np.array_split(x, count)}; there may be more of them than rows. */
    record Count(int count) implements ChunkSize {
        public Count {
            if (count < 1) {
                throw new InvalidRequestException("chunks is " + count + "; it must be at least 1");
            }
        }
    }

    /** At most so many bytes of input in a chunk, but one row at least. */
    record Bytes(long bytes) implements ChunkSize {
        public Bytes {
            if (bytes < 1) {
                throw new InvalidRequestException("chunk-bytes is " + bytes + "; it must be at least 1");
            }
        }
    }

    /**
     * The plan for an array, by its size alone.
     *
     * @param axis the split axis; negative counts from the last
     * @param outputItemSize bytes of one element of the function's answer
     * @param maxValueBytes the largest value of a record
     * @throws InvalidRequestException if there is no such axis, or a chunk would not fit in a record
     */
    default Plan plan(NpyHeader array, int axis, int outputItemSize, long maxValueBytes) {
        return plan(array, axis, outputItemSize, maxValueBytes, OptionalDouble.empty());
    }

    /**
     * The plan for an array. {@link Count} and {@link Bytes} say all there is to say; {@link Automatic} goes by time as well.
     *
     * <p>The plan of a reduction must follow from the array alone, since its bits follow from its plan: whoever accepts one leaves
     * out the measured time. What is submitted again under the same key keeps the plan that it has: measured times change.
     *
     * @param axis the split axis; negative counts from the last
     * @param outputItemSize bytes of one element of the function's answer
     * @param maxValueBytes the largest value of a record
     * @param nanosPerByte wall nanoseconds that the function takes for a byte of the array, finite and not negative; empty
     *     where it is not known or must not count
     * @throws InvalidRequestException if there is no such axis, or a chunk would not fit in a record
     */
    default Plan plan(NpyHeader array, int axis, int outputItemSize, long maxValueBytes, OptionalDouble nanosPerByte) {
        RowSizes rows = RowSizes.of(array, axis, outputItemSize, maxValueBytes);
        return rows.plan(
                switch (this) {
                    case Automatic() -> Automatic.chunks(rows, nanosPerByte);
                    case Count(int count) -> count;
                    case Bytes(long bytes) -> rows.pieces(rows.inputBytes(), bytes);
                });
    }

    /**
     * The plan for an array along its first axis, of which nobody knows how long it will be: so many rows in each chunk.
     *
     * @param axis counted from 0
     * @param nanosPerByte as of {@link #plan(NpyHeader, int, int, long, OptionalDouble)}
     * @throws InvalidRequestException if that is not its first, a number of chunks is asked for, or a row would not fit in a record
     */
    default Plan planEndless(
            NpyHeader array, int axis, int outputItemSize, long maxValueBytes, OptionalDouble nanosPerByte) {
        if (axis != 0) {
            throw new InvalidRequestException(
                    "axis " + axis + " cannot be split while the array comes in row after row:"
                            + " leave the axis out, or send an .npy file");
        }
        if (this instanceof Count(int count)) {
            throw new InvalidRequestException(
                    "chunks is " + count + ", and nobody knows yet how many rows there will be:"
                            + " give chunk-bytes instead, or send an .npy file");
        }
        long rowBytes = Math.max(1, array.dtype().bytes(array.shape().with(0, 1)));
        long rows = Math.max(1, SAMPLE_BYTES / rowBytes);
        NpyHeader sample = new NpyHeader(array.dtype(), array.shape().with(0, rows), array.order());
        return new Plan.Rows(
                0,
                Math.max(
                        1,
                        rows
                                / plan(sample, 0, outputItemSize, maxValueBytes, nanosPerByte)
                                        .count(rows)));
    }
}

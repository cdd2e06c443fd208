package io.fanfold.producer.split;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.npy.NpyHeader;

/**
 * How finely an array is cut. Pure.
 *
 * <p>A chunk aims at a million bytes of its input or its output, whichever is larger: large enough that a record's cost is
 * small beside it, and below Kafka's default limit of a record (1,048,576 bytes with its headers). A small array is still cut
 * into a few chunks, so that it is computed in parallel.
 */
public sealed interface ChunkSize {
    /** What a chunk aims at, in bytes. */
    long TARGET_BYTES = 1_000_000;
    /** The least number of chunks of an array that has as many rows. */
    long LEAST_CHUNKS = 8;
    /** An endless array is cut as finely as one of so many bytes. */
    long SAMPLE_BYTES = 1L << 30;

    /** The choice is ours. */
    record Automatic() implements ChunkSize {}

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
     * The plan for an array.
     *
     * @param axis the split axis; negative counts from the last
     * @param outputItemSize bytes of one element of the function's answer
     * @param maxValueBytes the largest value of a record
     * @throws InvalidRequestException if there is no such axis, or a chunk would not fit in a record
     */
    default Plan plan(NpyHeader array, int axis, int outputItemSize, long maxValueBytes) {
        int rank = array.shape().rank();
        if (rank == 0) {
            throw new InvalidRequestException("the array is 0-dimensional and has no axis to split;"
                    + " reshape it first, for instance x.reshape(1)");
        }
        if (axis >= rank || axis < -rank) {
            throw new InvalidRequestException("axis " + axis + " is out of bounds for an array of shape "
                    + array.shape() + "; it has axes 0 to " + (rank - 1));
        }
        int split = axis < 0 ? axis + rank : axis;
        long rows = array.shape().dim(split);
        long inputRow = rows == 0 ? 0 : array.dataBytes() / rows;
        long outputRow =
                array.dtype().itemSize() == 0 ? 0 : inputRow / array.dtype().itemSize() * outputItemSize;
        long room = maxValueBytes - array.encode().length - 64;
        long chunks = chunks(rows, inputRow, Math.max(inputRow, outputRow), room);
        check(array, split, rows, chunks, Math.max(inputRow, outputRow), room);
        return new Plan.Chunks(split, Math.toIntExact(chunks));
    }

    /**
     * The plan for an array along its first axis, of which nobody knows how long it will be: so many rows in each chunk.
     *
     * @param axis counted from 0
     * @throws InvalidRequestException if that is not its first, a number of chunks is asked for, or a row would not fit in a record
     */
    default Plan planEndless(NpyHeader array, int axis, int outputItemSize, long maxValueBytes) {
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
                        1, rows / plan(sample, 0, outputItemSize, maxValueBytes).count(rows)));
    }

    private long chunks(long rows, long inputRow, long largerRow, long room) {
        return switch (this) {
            case Automatic() ->
                Math.max(pieces(rows, largerRow, Math.min(TARGET_BYTES, room)), Math.clamp(rows, 1, LEAST_CHUNKS));
            case Count(int count) -> count;
            case Bytes(long bytes) -> pieces(rows, inputRow, bytes);
        };
    }

    private static long pieces(long rows, long rowBytes, long bytes) {
        long perChunk = Math.max(1, rowBytes == 0 ? rows : bytes / rowBytes);
        return Math.max(1, Math.ceilDiv(rows, perChunk));
    }

    private static void check(NpyHeader array, int axis, long rows, long chunks, long rowBytes, long room) {
        if (rowBytes > room) {
            throw new InvalidRequestException(
                    "one row along axis " + axis + " of shape " + array.shape() + " has " + rowBytes
                            + " bytes and a record holds " + room
                            + ": split along another axis (--axis), or use a fleet with a larger limit"
                            + " (--max-message-bytes)");
        }
        if (chunks > Plan.MOST_CHUNKS) {
            throw new InvalidRequestException(
                    chunks + " chunks are more than " + Plan.MOST_CHUNKS + ": let a chunk be larger (--chunk-bytes)");
        }
        long longest = Math.ceilDiv(rows, chunks);
        if (longest * rowBytes > room) {
            long enough = Math.ceilDiv(rows, Math.max(1, room / rowBytes));
            throw new InvalidRequestException(
                    "a chunk of " + longest + " rows has " + longest * rowBytes + " bytes and a record holds " + room
                            + ": make at least " + enough + " chunks (--chunks " + enough + ")");
        }
    }
}

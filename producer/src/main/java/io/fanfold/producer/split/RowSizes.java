package io.fanfold.producer.split;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.npy.NpyHeader;

/**
 * The rows of an array along the axis that is split, as chunks are made of them. Pure.
 *
 * @param axis counted from 0
 * @param count how many there are
 * @param inputBytes of one row
 * @param largerBytes of one row, or of what the function answers to it
 * @param room bytes of rows that a record holds
 */
record RowSizes(NpyHeader array, int axis, long count, long inputBytes, long largerBytes, long room) {
    /** Beside the rows, what a record's value may need. */
    private static final int SPARE_BYTES = 64;

    static RowSizes of(NpyHeader array, int axis, int outputItemSize, long maxValueBytes) {
        int split = checked(array, axis);
        long rows = array.shape().dim(split);
        int itemSize = array.dtype().itemSize();
        long input = rows == 0 ? 0 : array.dataBytes() / rows;
        long output = itemSize == 0 ? 0 : input / itemSize * outputItemSize;
        long room = maxValueBytes - array.encode().length - SPARE_BYTES;
        return new RowSizes(array, split, rows, input, Math.max(input, output), room);
    }

    private static int checked(NpyHeader array, int axis) {
        int rank = array.shape().rank();
        if (rank == 0) {
            throw new InvalidRequestException("the array is 0-dimensional and has no axis to split;"
                    + " reshape it first, for instance x.reshape(1)");
        }
        if (axis >= rank || axis < -rank) {
            throw new InvalidRequestException("axis " + axis + " is out of bounds for an array of shape "
                    + array.shape() + "; it has axes 0 to " + (rank - 1));
        }
        return axis < 0 ? axis + rank : axis;
    }

    /** The fewest chunks of at most so many bytes, of one row at least. */
    long pieces(long rowBytes, long bytes) {
        return pieces(rowBytes == 0 ? count : bytes / rowBytes);
    }

    /** The fewest chunks of at most so many rows, of one at least. */
    long pieces(long perChunk) {
        return Math.max(1, Math.ceilDiv(count, Math.max(1, perChunk)));
    }

    /**
     * A plan of so many chunks.
     *
     * @throws InvalidRequestException if they are too many, or one would not fit in a record
     */
    Plan plan(long chunks) {
        if (largerBytes > room) {
            throw new InvalidRequestException(
                    "one row along axis " + axis + " of shape " + array.shape() + " has " + largerBytes
                            + " bytes and a record holds " + room
                            + ": split along another axis (--axis), or use a fleet with a larger limit"
                            + " (--max-message-bytes)");
        }
        if (chunks > Plan.MOST_CHUNKS) {
            throw new InvalidRequestException(
                    chunks + " chunks are more than " + Plan.MOST_CHUNKS + ": let a chunk be larger (--chunk-bytes)");
        }
        long longest = Math.ceilDiv(count, chunks);
        if (longest * largerBytes > room) {
            long enough = pieces(largerBytes, room);
            throw new InvalidRequestException("a chunk of " + longest + " rows has " + longest * largerBytes
                    + " bytes and a record holds " + room + ": make at least " + enough + " chunks (--chunks " + enough
                    + ")");
        }
        return new Plan.Chunks(axis, Math.toIntExact(chunks));
    }
}

package io.fanfold.protocol.array;

/**
 * How the rows of an axis are cut into chunks. A plan is fixed when a job is accepted and recorded with it, so that
 * dispatch after any crash makes the same chunks; everything here follows from the plan and the number of rows alone.
 */
public sealed interface Plan {

    /** The most chunks that a job may have: what is kept for each chunk is kept in memory. */
    long MOST_CHUNKS = 10_000_000;

    /** The axis that is cut, counted from 0. */
    int axis();

    /**
     * The number of chunks for so many rows; at least 1.
     *
     * @throws IllegalArgumentException where {@code rows} is negative
     */
    long count(long rows);

    /**
     * The rows of a chunk.
     *
     * @param index the chunk, from 0 to {@code count(rows) - 1}
     * @throws IllegalArgumentException where there is no such chunk
     */
    Range range(long index, long rows);

    /**
     * So many chunks, exactly as {@code np.array_split(x, chunks, axis)} cuts them: lengths differ by at most 1, the
     * longer ones come first, and with more chunks than rows the last ones are empty.
     */
    record Chunks(int axis, int chunks) implements Plan {
        public Chunks {
            checkAxis(axis);
            if (chunks < 1) {
                throw new IllegalArgumentException("a plan of " + chunks + " chunks: ask for at least 1");
            }
        }

        @Override
        public long count(long rows) {
            checkRows(rows);
            return chunks;
        }

        @Override
        public Range range(long index, long rows) {
            checkIndex(index, count(rows), rows);
            long each = rows / chunks;
            long longer = rows % chunks;
            return new Range(index * each + Math.min(index, longer), index < longer ? each + 1 : each);
        }
    }

    /**
     * So many rows in each chunk, the last one shorter where they do not come out even; no rows make one empty chunk.
     * The plan of streams, whose length is not known when it is made.
     */
    record Rows(int axis, long rowsPerChunk) implements Plan {
        public Rows {
            checkAxis(axis);
            if (rowsPerChunk < 1) {
                throw new IllegalArgumentException("a plan of " + rowsPerChunk + " rows per chunk: ask for at least 1");
            }
        }

        @Override
        public long count(long rows) {
            checkRows(rows);
            return Math.max(1, Math.ceilDiv(rows, rowsPerChunk));
        }

        @Override
        public Range range(long index, long rows) {
            checkIndex(index, count(rows), rows);
            long start = index * rowsPerChunk;
            return new Range(start, Math.min(rowsPerChunk, rows - start));
        }
    }

    /** Rows {@code start} (inclusive) to {@code start + length} (exclusive) of an axis. */
    record Range(long start, long length) {
        public Range {
            if (start < 0 || length < 0) {
                throw new IllegalArgumentException(
                        "rows from " + start + ", " + length + " of them: neither is negative");
            }
        }
    }

    private static void checkAxis(int axis) {
        if (axis < 0) {
            throw new IllegalArgumentException("a plan along axis " + axis + ": count axes from 0");
        }
    }

    private static void checkRows(long rows) {
        if (rows < 0) {
            throw new IllegalArgumentException(rows + " rows: an axis has 0 or more");
        }
    }

    private static void checkIndex(long index, long count, long rows) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "chunk " + index + ": the plan cuts " + rows + " rows into chunks 0 to " + (count - 1));
        }
    }
}

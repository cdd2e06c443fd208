package io.fanfold.producer.split;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** The chunks of one array on their way to dispatch, in order. One thread. */
public interface Pieces {
    /** One chunk. */
    final class Piece {
        private final long index;
        private final long start;
        private final byte[] npy;

        Piece(long index, long start, byte[] npy) {
            this.index = index;
            this.start = start;
            this.npy = npy;
        }

        public long index() {
            return index;
        }

        /** Its first row along the split axis. */
        public long start() {
            return start;
        }

        /** Its rows as {@code .npy} bytes, nobody else's. */
        public byte[] npy() {
            return npy;
        }
    }

    /** How many there are; empty while nobody knows. */
    OptionalLong count();

    /**
     * The next chunk of at least index {@code from}; empty behind the last.
     *
     * @throws IOException if the array stopped coming
     */
    Optional<Piece> next(long from) throws IOException;

    /** How many chunks there were in all; once there is no next one. */
    long total();

    /** Length of the split axis; once there is no next chunk. */
    long rows();

    /** CRC-32C of the array's data in its memory order; once there is no next chunk. */
    String crc32c();
}

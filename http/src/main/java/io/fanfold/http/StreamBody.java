package io.fanfold.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer that is made while it is sent, and not before the client takes it.
 *
 * @param bytes how many, where known
 */
public record StreamBody(OptionalLong bytes, Source source) {
    private static final int PIECE_BYTES = 128 * 1024;

    /** Opens a body. */
    @FunctionalInterface
    public interface Source {
        Pieces open() throws IOException;
    }

    /** A body piece by piece. One thread at a time; closed at its end, or when the client has gone away. */
    public interface Pieces extends Closeable {
        /** The next piece, not empty; waits for it. Null behind the last. */
        byte @Nullable [] next() throws IOException;
    }

    /** Opens a stream. */
    @FunctionalInterface
    public interface Opener {
        InputStream open() throws IOException;
    }

    /** So many bytes of a stream. */
    public static StreamBody of(long bytes, Opener stream) {
        return new StreamBody(OptionalLong.of(bytes), () -> {
            InputStream in = stream.open();
            return new Pieces() {
                @Override
                public byte @Nullable [] next() throws IOException {
                    byte[] piece = in.readNBytes(PIECE_BYTES);
                    return piece.length == 0 ? null : piece;
                }

                @Override
                public void close() throws IOException {
                    in.close();
                }
            };
        });
    }
}

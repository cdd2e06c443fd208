package io.fanfold.producer.web;

import io.fanfold.protocol.array.ArrayFormatException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;
import io.netty.handler.codec.compression.DecompressionException;
import java.io.IOException;
import java.io.InputStream;

/** The body of a request on its way in: no longer than it may be, and telling where it was cut. One thread; its owner closes it. */
final class Arrival extends InputStream {
    private final InputStream body;
    private final long most;
    private long bytes;

    /** The connection broke before the body had come whole. */
    static final class CutException extends IOException {
        private static final long serialVersionUID = 1L;

        CutException(long bytes, IOException cause) {
            super("the body broke off after " + bytes + " bytes", cause);
        }
    }

    /** @param most bytes that it may have */
    Arrival(InputStream body, long most) {
        this.body = body;
        this.most = most;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        try {
            int read = body.read(into, offset, length);
            bytes += Math.max(0, read);
            requireShort(bytes, most);
            return read;
        } catch (IOException e) {
            if (decompression(e)) {
                throw new ArrayFormatException(
                        "the body is not what its Content-Encoding says: compress it again, or send it as it is", e);
            }
            throw new CutException(bytes, e);
        }
    }

    private static boolean decompression(Throwable e) {
        return e instanceof DecompressionException || (e.getCause() != null && decompression(e.getCause()));
    }

    /** Lets a body pass that is no longer than it may be. */
    static void requireShort(long bytes, long most) {
        if (bytes > most) {
            throw new HttpStatusException(
                    HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                    "the body has more than the " + most + " bytes that this producer takes: send the array in parts,"
                            + " or start the producer with a larger --max-body-bytes");
        }
    }
}

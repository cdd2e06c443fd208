package io.fanfold.producer.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Streams that give their bytes as networks do, and rows read to their end. */
final class Streams {
    private Streams() {}

    static InputStream of(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Gives one byte at a time. */
    static InputStream dripping(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }

    /** Goes on with {@code again} behind its beginning, and never ends. */
    static InputStream endless(String beginning, String again) {
        InputStream forever = new InputStream() {
            private int at;

            @Override
            public int read() {
                return again.charAt(at++ % again.length());
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    into[offset + i] = (byte) read();
                }
                return length;
            }
        };
        return new SequenceInputStream(of(beginning), forever);
    }

    /** Everything that the rows give, in pieces of random size. */
    static byte[] drain(Rows rows, Random random) {
        try {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] piece = new byte[100];
            int got;
            int wanted;
            do {
                wanted = 1 + random.nextInt(piece.length);
                got = rows.read(piece, 0, wanted);
                all.write(piece, 0, got);
            } while (got == wanted);
            return all.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] drain(Rows rows) {
        return drain(rows, new Random(0));
    }
}

package io.fanfold.aggregator.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Bytes with their checksum behind them. */
final class Checked {
    private Checked() {}

    static byte[] sealed(byte[] bytes) {
        byte[] sealed = Arrays.copyOf(bytes, bytes.length + Integer.BYTES);
        ByteBuffer.wrap(sealed).putInt(bytes.length, crc(bytes, bytes.length));
        return sealed;
    }

    /** @throws IOException if they are not as they were sealed */
    static byte[] opened(byte[] sealed) throws IOException {
        int length = sealed.length - Integer.BYTES;
        if (length < 0 || ByteBuffer.wrap(sealed).getInt(length) != crc(sealed, length)) {
            throw new IOException("the checksum is another");
        }
        return Arrays.copyOf(sealed, length);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}

package io.fanfold.aggregator.store;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of a file whose pieces are written in any order, taken as they are written, so that nobody needs to read the file again.
 * Neighbours are joined as they meet: it keeps one entry for each gap. One thread.
 *
 * <p>Joining: appending n bytes multiplies a checksum, as a polynomial over GF(2), by x to the power 8n modulo the polynomial of the
 * checksum; see M. Adler's {@code crc32_combine} in zlib.
 */
final class PiecedCrc {
    /** The polynomial of CRC-32C, reflected: the highest power is the lowest bit. */
    private static final int POLYNOMIAL = 0x82F63B78;
    /** The polynomial 1, reflected. */
    private static final int ONE = 1 << 31;

    /** x to the power 2^i, for the powers of an appended length in bits. */
    private static final int[] POWERS = powers();

    private record Run(long end, int crc) {}

    private final NavigableMap<Long, Run> runs = new TreeMap<>();
    private boolean overwritten;

    private static int[] powers() {
        int[] powers = new int[Long.SIZE];
        powers[0] = ONE >>> 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = times(powers[i - 1], powers[i - 1]);
        }
        return powers;
    }

    /** The product of two polynomials modulo that of the checksum. */
    private static int times(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= shifted;
            }
            shifted = (shifted & 1) == 0 ? shifted >>> 1 : (shifted >>> 1) ^ POLYNOMIAL;
        }
        return product;
    }

    /** The checksum of bytes followed by {@code length} others whose checksum is {@code then}. */
    static int joined(int first, int then, long length) {
        int power = ONE;
        long bits = length;
        for (int i = 3; bits != 0; i++, bits >>>= 1) { // 2^3 bits are a byte
            if ((bits & 1) != 0) {
                power = times(power, POWERS[i]);
            }
        }
        return times(power, first) ^ then;
    }

    /** A piece was written; its bytes are read from position to limit, and stay. */
    void wrote(long offset, ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        int length = bytes.remaining();
        crc.update(bytes.duplicate());
        add(offset, length, (int) crc.getValue());
    }

    private void add(long offset, long length, int crc) {
        if (overwritten || length == 0) {
            return;
        }
        long begin = offset;
        Run run = new Run(offset + length, crc);
        Map.Entry<Long, Run> before = runs.floorEntry(offset);
        Map.Entry<Long, Run> behind = runs.ceilingEntry(offset);
        if ((before != null && before.getValue().end() > offset) || (behind != null && behind.getKey() < run.end())) {
            overwritten = true; // which bytes count is not known here
            runs.clear();
            return;
        }
        if (before != null && before.getValue().end() == offset) {
            begin = before.getKey();
            run = new Run(run.end(), joined(before.getValue().crc(), crc, length));
        }
        if (behind != null && behind.getKey() == run.end()) {
            runs.remove(behind.getKey());
            Run next = behind.getValue();
            run = new Run(next.end(), joined(run.crc(), next.crc(), next.end() - behind.getKey()));
        }
        runs.put(begin, run);
    }

    /** The checksum of a file of so many bytes; empty if not all of them were seen, each once. */
    OptionalInt of(long size) {
        Run whole = runs.get(0L);
        return whole != null && runs.size() == 1 && whole.end() == size
                ? OptionalInt.of(whole.crc())
                : OptionalInt.empty();
    }
}

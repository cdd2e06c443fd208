package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PiecedCrcTest {
    private static byte[] random(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static int plain(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 1000, 65_537, 1 << 20})
    void piecesInAnyOrderHaveTheChecksumOfTheWhole(int length) {
        for (int attempt = 0; attempt < 20; attempt++) {
            Random random = new Random(31L * length + attempt);
            byte[] bytes = random(length, random.nextLong());
            List<int[]> pieces = new ArrayList<>();
            for (int at = 0; at < length; ) {
                int size = 1 + random.nextInt(Math.max(1, length / (1 + random.nextInt(50))));
                pieces.add(new int[] {at, Math.min(length, at + size)});
                at += size;
            }
            Collections.shuffle(pieces, random);
            PiecedCrc crc = new PiecedCrc();
            for (int[] piece : pieces) {
                assertThat(crc.of(length)).as("before all are there").isEmpty();
                ByteBuffer some = ByteBuffer.wrap(bytes, piece[0], piece[1] - piece[0]);
                crc.wrote(piece[0], some);
                assertThat(some.remaining()).isEqualTo(piece[1] - piece[0]);
            }
            assertThat(crc.of(length)).hasValue(plain(bytes));
            assertThat(crc.of(length + 1L)).isEmpty();
        }
    }

    @Test
    void joiningGoesBeyondFourGigabytes() {
        byte[] zeros = new byte[1 << 20];
        int million = plain(zeros);
        CRC32C all = new CRC32C();
        int joined = 0;
        for (long length = 0; length < 5L << 30; length += zeros.length) {
            all.update(zeros);
            joined = PiecedCrc.joined(joined, million, zeros.length);
        }
        assertThat(joined).isEqualTo((int) all.getValue());
        int half = PiecedCrc.joined(million, joined, 5L << 30);
        all.reset();
        for (long length = 0; length <= 5L << 30; length += zeros.length) {
            all.update(zeros);
        }
        assertThat(half).isEqualTo((int) all.getValue());
    }

    @Test
    void aPieceThatIsWrittenTwiceLeavesItOpen() {
        byte[] bytes = random(100, 1);
        for (int again : new int[] {0, 49, 99}) {
            PiecedCrc crc = new PiecedCrc();
            crc.wrote(0, ByteBuffer.wrap(bytes));
            crc.wrote(again, ByteBuffer.wrap(bytes, again, 1));
            assertThat(crc.of(100)).isEmpty();
        }
        PiecedCrc crc = new PiecedCrc();
        crc.wrote(50, ByteBuffer.wrap(bytes, 50, 50));
        crc.wrote(0, ByteBuffer.wrap(bytes, 0, 51));
        assertThat(crc.of(100)).isEmpty();
    }

    @Test
    void piecesWithoutBytesAreNothing() {
        PiecedCrc crc = new PiecedCrc();
        crc.wrote(0, ByteBuffer.allocate(0));
        crc.wrote(0, ByteBuffer.wrap(random(8, 2)));
        crc.wrote(8, ByteBuffer.allocate(0));
        assertThat(crc.of(8)).hasValue(plain(random(8, 2)));
    }
}

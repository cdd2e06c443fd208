package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.assemble.Snapshot;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written down of jobs and partitions. */
final class CheckpointTest {
    private static BitSet chunks(Random random) {
        BitSet set = new BitSet();
        for (int left = random.nextInt(200); left > 0; left--) {
            set.set(random.nextInt(1000));
        }
        return set;
    }

    private static Optional<NpyHeader> header(Random random) {
        List<DType> dtypes = RandomArrays.dtypes();
        return random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new NpyHeader(
                        dtypes.get(random.nextInt(dtypes.size())),
                        Shape.of(2 + random.nextInt(9), 2 + random.nextInt(9)),
                        random.nextBoolean() ? Order.C : Order.FORTRAN));
    }

    static Checkpoint checkpoint(long seed) {
        Random random = new Random(seed);
        Snapshot assembly = new Snapshot(
                random.nextBoolean(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                header(random),
                header(random),
                chunks(random),
                chunks(random));
        return new Checkpoint(
                assembly,
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong(),
                random.nextLong());
    }

    static Mark mark(long seed) {
        Random random = new Random(seed);
        List<JobId> jobs = random.ints(random.nextInt(20))
                .mapToObj(i -> new JobId("j" + i))
                .toList();
        return new Mark("topic-" + random.nextInt(), random.nextLong(), jobs);
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(Checkpoint.decode(checkpoint(seed).encode()))
                    .as("seed %d", seed)
                    .isEqualTo(checkpoint(seed));
            assertThat(Mark.decode(mark(seed).encode())).as("seed %d", seed).isEqualTo(mark(seed));
        }
    }

    @Test
    void aFlippedOrMissingByteAnywhereMakesItNone() {
        for (long seed = 0; seed < 3; seed++) {
            Random random = new Random(seed);
            byte[] checkpoint = checkpoint(seed).encode();
            byte[] mark = mark(seed).encode();
            for (int at = 0; at < checkpoint.length; at++) {
                for (byte[] bad : damages(checkpoint, at, random)) {
                    assertThatExceptionOfType(IOException.class)
                            .as("seed %d, byte %d", seed, at)
                            .isThrownBy(() -> Checkpoint.decode(bad));
                }
            }
            for (int at = 0; at < mark.length; at++) {
                for (byte[] bad : damages(mark, at, random)) {
                    assertThatExceptionOfType(IOException.class)
                            .as("seed %d, byte %d", seed, at)
                            .isThrownBy(() -> Mark.decode(bad));
                }
            }
        }
    }

    /** The bytes with one flipped, with one left out, and without those from it on. */
    static List<byte[]> damages(byte[] bytes, int at, Random random) {
        byte[] flipped = bytes.clone();
        flipped[at] ^= (byte) (1 + random.nextInt(255));
        byte[] without = Arrays.copyOf(bytes, bytes.length - 1);
        System.arraycopy(bytes, at + 1, without, at, without.length - at);
        return List.of(flipped, without, Arrays.copyOf(bytes, at));
    }

    @Test
    void bytesOfNothingAreNone() {
        for (int length = 0; length < 200; length++) {
            byte[] zeros = new byte[length];
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Checkpoint.decode(zeros));
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> Mark.decode(zeros));
        }
    }

    @Test
    void oneIsNotTakenForTheOther() {
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> Checkpoint.decode(mark(1).encode()));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> Mark.decode(checkpoint(1).encode()));
    }
}

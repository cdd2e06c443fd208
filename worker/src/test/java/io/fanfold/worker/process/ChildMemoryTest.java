package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ChildMemoryTest {
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @CsvSource({
        "32768, 1024, 1, 640", // three quarters without 128
        "32768, 8192, 4, 1504",
        "32768, 512, 1, 256",
        "32768, 512, 8, 128", // no interpreter starts with less
        "32768, 256, 1, 128",
    })
    void inAContainerEachChildHasItsShareOfWhatTheWorkerLeaves(long machine, long container, int processes, long each) {
        assertThat(ChildMemory.share(machine * MIB, container * MIB, processes).bytes())
                .hasValue(each * MIB);
    }

    @ParameterizedTest
    @CsvSource({"1024, 1024", "0, 1024", "1000, 1024"})
    void elsewhereThereIsNoLimit(long machine, long container) {
        assertThat(ChildMemory.share(machine, container, 2)).isEqualTo(ChildMemory.ANY);
        assertThat(ChildMemory.ANY.limit(List.of("a", "b"))).containsExactly("a", "b");
    }

    @Test
    void aCommandRunsWithItsLimitItsArgumentsAndAsTheProcessThatWasStarted() throws Exception {
        ChildMemory memory = new ChildMemory(OptionalLong.of(200 * MIB));

        Process process = new ProcessBuilder(
                        memory.limit(List.of("/bin/sh", "-c", "ulimit -d; echo $$; echo \"$1\"", "sh", "a b")))
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo(200 * 1024 + "\n" + process.pid() + "\na b\n");
    }

    @ParameterizedTest
    @CsvSource({
        "320, 224", // less 96
        "768, 672",
        "1024, 896", // less an eighth
        "8192, 7168",
        "128, 64", // room for some chunks
        "1, 64",
    })
    void aJvmHasTheHeapThatIsLeftByWhatItNeedsBesideIt(long each, long heap) {
        assertThat(new ChildMemory(OptionalLong.of(each * MIB)).heap(Long.MAX_VALUE))
                .containsExactly("-Xms0", "-Xmx" + heap * 1024 + "k");
    }

    @Test
    void whereThereIsNoLimitAJvmHasTheHeapThatItsOptionsSay() {
        assertThat(ChildMemory.ANY.heap(Long.MAX_VALUE)).isEmpty();
    }

    @Test
    void aJvmWhoseOptionsSayLessKeepsThat() {
        ChildMemory memory = new ChildMemory(OptionalLong.of(1024 * MIB));

        assertThat(memory.heap(256 * MIB)).isEmpty();
        assertThat(memory.heap(896 * MIB)).isEmpty();
        assertThat(memory.heap(1024 * MIB)).isNotEmpty();
    }

    /** A worker of an image, whose heap is half of its container. */
    @ParameterizedTest
    @CsvSource({"1024, 1", "2048, 2", "4096, 4", "8192, 2", "16384, 16"})
    void theWorkerAndOneMoreChildThanComputeAtOnceFitIntoTheContainer(long container, int processes) {
        long each = ChildMemory.share(Long.MAX_VALUE, container * MIB, processes + 1)
                .bytes()
                .orElseThrow();
        long atRest = container * MIB / 4 + 128 * MIB;
        long withFullHeap = container * MIB / 2 + 128 * MIB;

        assertThat(atRest + (processes + 1) * each).isLessThanOrEqualTo(container * MIB);
        assertThat(withFullHeap + each).isLessThanOrEqualTo(container * MIB);
    }
}

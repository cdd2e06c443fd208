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
}

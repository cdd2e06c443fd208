package io.fanfold.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WorkDirectoryTest {
    @TempDir
    Path parent;

    /** Makes one in another JVM and removes it again. */
    static final class Other {
        public static void main(String[] args) throws IOException {
            new WorkDirectory(Path.of(args[0])).close();
        }
    }

    private void another() throws Exception {
        Process other = new ProcessBuilder(
                        ThisJvm.java().toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        parent.toString())
                .inheritIO()
                .start();
        assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(other.exitValue()).isZero();
    }

    private List<Path> there() throws IOException {
        try (Stream<Path> all = Files.list(parent)) {
            return all.toList();
        }
    }

    @Test
    void anotherCommandRemovesNoneThatIsInUseHoweverManyOneJvmHas() throws Exception {
        try (WorkDirectory first = new WorkDirectory(parent);
                WorkDirectory second = new WorkDirectory(parent)) {
            Files.writeString(first.path().resolve("work"), "x");

            another();

            assertThat(first.path().resolve("work")).hasContent("x");
            assertThat(second.path()).isDirectory();
        }
        assertThat(there()).isEmpty();
    }

    @Test
    void whatACommandThatWasKilledHasLeftIsRemovedByTheNext() throws Exception {
        Path left = Files.createDirectory(parent.resolve(".fanfold-1"));
        Files.createFile(left.resolve("lock"));
        Files.writeString(left.resolve("work"), "x");

        another();

        assertThat(there()).isEmpty();
    }
}

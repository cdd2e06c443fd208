package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results in a directory. */
final class DirectoryResultsTest extends ResultsContract {
    private static final Path MEMORY = Path.of("/dev/shm");

    @TempDir
    Path directory;

    @Override
    Results open() {
        return DirectoryResults.open(directory.resolve("new").resolve("store"));
    }

    @Override
    Results openAnother() {
        return DirectoryResults.open(directory.resolve("another"));
    }

    @Test
    void theNameIsTheFile() throws IOException {
        results.put("job.npy", file(bytes(10)));

        assertThat(Path.of(results.uri("job.npy"))).hasBinaryContent(bytes(10));
        assertThat(results.shared()).isFalse();
    }

    @Test
    void nothingElseIsLeftInTheDirectory() throws IOException {
        results.put("job.npy", file(bytes(10)));

        assertOnlyTheFileAndTheId();
    }

    private void assertOnlyTheFileAndTheId() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("new").resolve("store"))) {
            assertThat(files.map(f -> f.getFileName().toString()))
                    .containsExactlyInAnyOrder("job.npy", ".fanfold-store");
        }
    }

    @Test
    void aFileOfAnotherFileSystemIsCopiedAndGone() throws IOException {
        Assumptions.assumeTrue(
                Files.isWritable(MEMORY) && !Files.getFileStore(MEMORY).equals(Files.getFileStore(directory)),
                "there is no second file system at " + MEMORY);
        Path file = Files.write(Files.createTempFile(MEMORY, "whole", ".part"), bytes(MUCH));

        results.put("job.npy", file);

        assertThat(all("job.npy")).isEqualTo(bytes(MUCH));
        assertThat(file).doesNotExist();
        assertOnlyTheFileAndTheId();
    }

    @Test
    void aDirectoryUnderTheNameIsNoFile() throws IOException {
        Files.createDirectory(directory.resolve("new").resolve("store").resolve("spool"));

        assertThat(results.find("spool")).isEmpty();
    }

    @Test
    void whoReadsWhileAnotherReplacesGetsOneVersionOrAWordThatItChanged() throws Exception {
        results.put("job.npy", file(bytes(50_000)));
        try (ExecutorService writer = Executors.newSingleThreadExecutor()) {
            Future<Void> replaced = writer.submit(() -> {
                for (int count = 50_001; count < 50_040; count++) {
                    results.put("job.npy", file(bytes(count)));
                }
                return null;
            });
            while (!replaced.isDone()) {
                try {
                    byte[] read = all("job.npy");
                    assertThat(read).isEqualTo(bytes(read.length));
                } catch (IOException e) {
                    assertThat(e).hasMessageContaining("was replaced");
                }
            }
            replaced.get();
        }
        assertThat(results.size("job.npy")).hasValue(50_039);
    }

    @Test
    void aggregatorsThatStartAtOnceAgreeOnTheId() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int round = 0; round < 20; round++) {
                Path fresh = directory.resolve("round-" + round);
                Set<String> ids = new HashSet<>();
                Callable<String> opener = () -> DirectoryResults.open(fresh).id();
                for (Future<String> id : threads.invokeAll(Collections.nCopies(8, opener))) {
                    ids.add(id.get());
                }
                assertThat(ids).hasSize(1);
            }
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.createFile(directory.resolve("a-file"));

        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> DirectoryResults.open(file))
                .withMessageContaining(file.toString())
                .withMessageContaining("--store");
    }
}

package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store does. */
abstract class ResultsContract {
    /** In stores that put large files in parts, several parts and a rest. */
    static final int MUCH = 12_000_001;

    @TempDir
    Path local;

    Results results;

    /** Opens the store of this test; the same each time. */
    abstract Results open() throws IOException;

    /** Opens a store that nobody has opened before. */
    abstract Results openAnother() throws IOException;

    @BeforeEach
    void openOne() throws IOException {
        results = open();
    }

    @AfterEach
    void close() {
        results.close();
    }

    final Path file(byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(local, "whole", ".part"), bytes);
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    final byte[] all(String name) throws IOException {
        try (InputStream in = results.read(name, 0)) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_536, MUCH})
    void whatIsPutIsThereWithAllItsBytesAndTheLocalFileIsGone(int count) throws IOException {
        Path file = file(bytes(count));

        results.put("job.npy", file);

        assertThat(results.size("job.npy")).hasValue(count);
        assertThat(all("job.npy")).isEqualTo(bytes(count));
        assertThat(file).doesNotExist();
    }

    @Test
    void anotherOpenerOfTheSameStoreSeesIt() throws IOException {
        results.put("job.npy", file(bytes(10)));

        try (Results again = open()) {
            assertThat(again.find("job.npy")).isEqualTo(results.find("job.npy")).isPresent();
        }
    }

    @Test
    void whatIsPutUnderANameThatIsThereReplacesIt() throws IOException {
        results.put("job.npy", file(bytes(MUCH)));
        Kept first = results.find("job.npy").orElseThrow();

        results.put("job.npy", file(bytes(99)));

        assertThat(all("job.npy")).isEqualTo(bytes(99));
        assertThat(results.find("job.npy").orElseThrow().version()).isNotEqualTo(first.version());
    }

    @Test
    void aFileThatCannotBeReadChangesNothing() throws IOException {
        results.put("job.npy", file(bytes(10)));

        assertThatIOException().isThrownBy(() -> results.put("job.npy", local.resolve("missing")));
        assertThat(all("job.npy")).isEqualTo(bytes(10));
    }

    @Test
    void anyBytesOfAFileCanBeRead() throws IOException {
        byte[] bytes = bytes(MUCH);
        results.put("job.npy", file(bytes));
        Kept kept = results.find("job.npy").orElseThrow();
        Random random = new Random(7);

        for (int i = 0; i < 10; i++) {
            int from = random.nextInt(MUCH + 1);
            int to = from + random.nextInt(MUCH + 1 - from);
            try (InputStream in = results.read(kept, from, to - from)) {
                assertThat(in.readAllBytes()).as(from + " to " + to).isEqualTo(Arrays.copyOfRange(bytes, from, to));
            }
        }
        try (InputStream in = results.read("job.npy", MUCH - 1)) {
            assertThat(in.read()).isEqualTo(bytes[MUCH - 1] & 0xff);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void aReaderMayStopEarly() throws IOException {
        results.put("job.npy", file(bytes(MUCH)));

        byte[] start = bytes(MUCH);
        for (int i = 0; i < 60; i++) {
            try (InputStream in = results.read("job.npy", i)) {
                assertThat(in.read()).isEqualTo(start[i] & 0xff);
            }
        }
    }

    @Test
    void bytesThatAFileDoesNotHaveAreRefused() throws IOException {
        results.put("job.npy", file(bytes(10)));
        Kept kept = results.find("job.npy").orElseThrow();

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> results.read(kept, 5, 6));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> results.read("job.npy", 11));
    }

    @Test
    void whatIsNotThereHasNoSizeAndCannotBeReadAndCanBeDeleted() throws IOException {
        assertThat(results.find("job.npy")).isEmpty();
        assertThat(results.size("job.npy")).isEmpty();
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> results.read("job.npy", 0));
        results.delete("job.npy");
    }

    @Test
    void whatIsDeletedIsGoneEvenForThoseThatFoundIt() throws IOException {
        results.put("job.npy", file(bytes(10)));
        results.put("job.mask.npy", file(bytes(11)));
        Kept found = results.find("job.npy").orElseThrow();

        results.delete("job.npy");

        assertThat(results.find("job.npy")).isEmpty();
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> results.read(found, 0, 10));
        assertThat(all("job.mask.npy")).isEqualTo(bytes(11));
    }

    @Test
    void aReaderOfAVersionThatWasReplacedIsToldSoInsteadOfGivenOtherBytes() throws IOException {
        results.put("job.npy", file(bytes(20)));
        Kept found = results.find("job.npy").orElseThrow();
        results.put("job.npy", file(bytes(21)));

        assertThatIOException().isThrownBy(() -> results.read(found, 0, 20)).withMessageContaining("was replaced");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/b",
                "/etc/passwd",
                "a\\b",
                ".fanfold-store",
                "a b",
                "a\n",
                "é",
                "a%2fb",
                "a?b"
            })
    void namesThatLeadOutOfTheStoreAreRefused(String name) throws IOException {
        Path file = file(bytes(1));
        assertThatIllegalArgumentException().isThrownBy(() -> results.put(name, file));
        assertThatIllegalArgumentException().isThrownBy(() -> results.find(name));
        assertThatIllegalArgumentException().isThrownBy(() -> results.read(name, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> results.delete(name));
        assertThatIllegalArgumentException().isThrownBy(() -> results.uri(name));
        assertThat(file).exists();
    }

    @Test
    void theLongestNameIsOf128Characters() throws IOException {
        results.put("x".repeat(128), file(bytes(3)));

        assertThat(all("x".repeat(128))).isEqualTo(bytes(3));
        assertThatIllegalArgumentException().isThrownBy(() -> results.find("x".repeat(129)));
    }

    @Test
    void theIdIsMadeOnceAndKept() throws IOException {
        try (Results again = open();
                Results another = openAnother()) {
            assertThat(again.id()).isEqualTo(results.id()).isNotBlank();
            assertThat(another.id()).isNotEqualTo(results.id());
        }
    }
}

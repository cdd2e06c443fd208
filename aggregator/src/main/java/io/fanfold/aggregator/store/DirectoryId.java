package io.fanfold.aggregator.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/**
 * The id of a directory of results, in its file {@value #FILE}. Aggregators that start at once agree on it: the file comes up by a
 * link, whole, and only the first link succeeds.
 */
record DirectoryId(Path directory) {
    static final String FILE = ".fanfold-store";

    String agreed() throws IOException {
        Optional<String> there = read();
        if (there.isPresent()) {
            return there.get();
        }
        make();
        return read().orElseThrow(() -> new NoSuchFileException(file().toString()));
    }

    private void make() throws IOException {
        String id = UUID.randomUUID().toString();
        Path draft = directory.resolve(".fanfold-" + id + ".part");
        try {
            Files.writeString(draft, id);
            DirectoryResults.sync(draft);
            link(draft);
            DirectoryResults.sync(directory);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private void link(Path draft) throws IOException {
        try {
            Files.createLink(file(), draft);
        } catch (FileAlreadyExistsException e) {
            // another aggregator was first: its id is the store's
        } catch (UnsupportedOperationException | FileSystemException e) {
            Files.move(
                    draft, file(), StandardCopyOption.ATOMIC_MOVE); // a file system without links: the last one counts
        }
    }

    private Optional<String> read() throws IOException {
        try {
            return Optional.of(Files.readString(file()).strip());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Path file() {
        return directory.resolve(FILE);
    }
}

package io.fanfold.aggregator.store;

import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Results as files of a directory. A name comes up by a rename, so it never shows partial bytes. Any thread. */
final class DirectoryResults implements Results {
    private final Path directory;
    private final String id;

    private DirectoryResults(Path directory, String id) {
        this.directory = directory;
        this.id = id;
    }

    /**
     * Opens the directory; makes it first if it is not there.
     *
     * @throws FanfoldException if it cannot be made or written
     */
    static DirectoryResults open(Path directory) {
        Path whole = directory.toAbsolutePath();
        try {
            Files.createDirectories(whole);
            return new DirectoryResults(whole, new DirectoryId(whole).agreed());
        } catch (IOException e) {
            throw new FanfoldException(
                    "the store " + directory + " cannot be used (" + e
                            + "): give a directory that can be written (--store)",
                    e);
        }
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean shared() {
        return false;
    }

    @Override
    public void put(String name, Path file) throws IOException {
        Path target = path(name);
        try {
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        } catch (AtomicMoveNotSupportedException e) {
            copy(file, target);
            Files.delete(file);
        }
    }

    /** The way in from another file system: the copy is whole before it gets the name. */
    private void copy(Path file, Path target) throws IOException {
        Path copy = directory.resolve(".fanfold-" + UUID.randomUUID() + ".part");
        try {
            Files.copy(file, copy);
            sync(copy);
            Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
            sync(directory);
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    /** A file, or the names in a directory, to the disk. */
    static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Optional<Kept> find(String name) throws IOException {
        try {
            BasicFileAttributes file = Files.readAttributes(path(name), BasicFileAttributes.class);
            return file.isRegularFile() ? Optional.of(new Kept(name, file.size(), version(file))) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String version(BasicFileAttributes file) {
        long written = file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        return Long.toHexString(file.size()) + "-" + Long.toHexString(written);
    }

    @Override
    public InputStream read(Kept kept, long offset, long bytes) throws IOException {
        Objects.checkFromIndexSize(offset, bytes, kept.bytes());
        FilePart part = FilePart.of(path(kept.name()), offset, bytes);
        try {
            requireSame(kept);
            return part;
        } catch (IOException e) {
            part.close();
            throw e;
        }
    }

    /** What was found before and after a file was opened is what was opened. */
    private void requireSame(Kept kept) throws IOException {
        if (!find(kept.name()).equals(Optional.of(kept))) {
            throw new IOException(uri(kept.name()) + " was replaced while it was read: read it again");
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(path(name));
    }

    @Override
    public URI uri(String name) {
        return path(name).toUri();
    }

    private Path path(String name) {
        return directory.resolve(Kept.checked(name));
    }

    @Override
    public void close() {
        // a directory holds nothing open
    }
}

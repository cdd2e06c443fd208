package io.fanfold.cli.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory for as long as a command runs; closing removes it with all that is in it. It is locked meanwhile, so that the next
 * command can tell what one that was killed has left behind, and removes it.
 */
public final class WorkDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkDirectory.class);
    private static final String PREFIX = ".fanfold-";
    /** Until it is locked it has another name, so that nobody takes it for abandoned. */
    private static final String UNLOCKED_PREFIX = ".new-fanfold-";

    private static final String LOCK = "lock";
    /** Those of this JVM: opening and closing the lock of one of them would give the lock up. */
    private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;

    /** Makes one below {@code parent}, on the same file system, so that what is made in it can be moved out by a rename. */
    public WorkDirectory(Path parent) throws IOException {
        removeAbandoned(parent);
        Path made = Files.createTempDirectory(parent, UNLOCKED_PREFIX);
        this.lock = FileChannel.open(made.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock _ = lock.lock();
        String random = made.getFileName().toString().substring(UNLOCKED_PREFIX.length());
        this.path = parent.resolve(PREFIX + random);
        OURS.add(path);
        Files.move(made, path, StandardCopyOption.ATOMIC_MOVE);
    }

    public Path path() {
        return path;
    }

    private static void removeAbandoned(Path parent) throws IOException {
        try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path other : others) {
                if (!OURS.contains(other) && abandoned(other.resolve(LOCK))) {
                    LOG.atInfo().addKeyValue("directory", other).log("a command that was killed left this: removed");
                    remove(other);
                }
            }
        }
    }

    /** Nobody holds the lock of a directory whose command is gone; one without a lock is not ours, or not ready. */
    private static boolean abandoned(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock free = channel.tryLock()) {
            return free != null;
        } catch (IOException | OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
        remove(path);
        OURS.remove(path);
    }

    private static void remove(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            // a broker that is closing removes files of its own meanwhile
            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path left, @Nullable IOException e) throws IOException {
                Files.deleteIfExists(left);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

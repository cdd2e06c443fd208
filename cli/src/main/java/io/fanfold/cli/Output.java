package io.fanfold.cli;

import io.fanfold.cli.door.ResultFiles;
import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.Optional;

/**
 * The file that a command writes: checked before any work is done, there only once it is whole.
 *
 * @param path absolute; its directory exists and can be written
 */
record Output(Path path) {
    /** Checks that the file can be written without touching it. */
    static Output of(Path given) {
        Path path = given.toAbsolutePath().normalize();
        Path directory = path.getParent();
        if (directory == null || Files.isDirectory(path)) {
            throw new InvalidRequestException("cannot write " + given + ": it is a directory; name a file");
        }
        if (!Files.isDirectory(directory)) {
            throw new InvalidRequestException(
                    "cannot write " + given + ": there is no directory " + directory + "; make it first");
        }
        try {
            Files.delete(Files.createTempFile(directory, ".fanfold-", ""));
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "cannot write " + given + ": nothing can be made in " + directory
                            + "; choose a directory that you may write",
                    e);
        }
        return new Output(path);
    }

    Path directory() {
        return Objects.requireNonNull(path.getParent());
    }

    /** A file beside it, whose name ends so instead of in {@code .npy}. */
    Path beside(String ending) {
        String name = path.getFileName().toString();
        String stem = name.endsWith(".npy") ? name.substring(0, name.length() - ".npy".length()) : name;
        return path.resolveSibling(stem + ending);
    }

    /** Makes sure that so many bytes are free beside it. */
    void requireSpace(long bytes) throws IOException {
        long free = Files.getFileStore(directory()).getUsableSpace();
        if (free < bytes) {
            throw new InvalidRequestException("the run needs about " + megabytes(bytes) + " free in " + directory()
                    + " (chunks, outcomes and the result stand there for a while) and there are " + megabytes(free)
                    + ": free some, or write --out to another disk");
        }
    }

    private static String megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1_000_000) + " MB";
    }

    /** Puts a whole file, which lies in the same file system, at its place in one step. */
    void take(Path whole) throws IOException {
        move(whole, path);
    }

    /**
     * The same for the result of a job that may have holes: mask and list of errors go beside it first; those of an earlier run are
     * removed.
     */
    void take(ResultFiles files) throws IOException {
        place(files.mask(), beside(".mask.npy"));
        place(files.errors(), beside(".errors.json"));
        take(files.result());
    }

    private static void place(Optional<Path> whole, Path there) throws IOException {
        if (whole.isPresent()) {
            move(whole.get(), there);
        } else {
            Files.deleteIfExists(there);
        }
    }

    private static void move(Path whole, Path there) throws IOException {
        Files.move(whole, there, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

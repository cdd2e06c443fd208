package io.fanfold.producer.intake;

import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The directories below which a message may name files, whatever links lead there or away. What lies elsewhere is not looked at. Any
 * thread.
 */
final class Roots {
    private static final int MOST_SHOWN = 200;

    private final List<Root> roots = new ArrayList<>();

    /**
     * One of them.
     *
     * @param named as it was given
     * @param real where it is, all links followed
     */
    private record Root(Path named, Path real) {}

    /** @throws InvalidRequestException if one of them is no directory */
    Roots(List<Path> directories) {
        for (Path directory : directories) {
            Path named = directory.toAbsolutePath().normalize();
            if (!Files.isDirectory(named)) {
                throw new InvalidRequestException(
                        "--submission-root " + directory + " is no directory: make it, or name another");
            }
            try {
                roots.add(new Root(named, named.toRealPath()));
            } catch (IOException e) {
                throw new InvalidRequestException("--submission-root " + directory + " cannot be read: " + e, e);
            }
        }
    }

    /**
     * The file that a URI names, by a path without links.
     *
     * @throws InvalidRequestException if it is not one that may be read, naming it
     */
    Path file(String uri) {
        if (roots.isEmpty()) {
            throw refused(uri, "this producer reads no files: start it with --submission-root DIR, or send the array");
        }
        Path path = path(uri);
        Path normal = path.normalize();
        if (roots.stream().noneMatch(root -> normal.startsWith(root.named) || normal.startsWith(root.real))) {
            throw outside(uri);
        }
        Path real = real(uri, path);
        if (roots.stream().noneMatch(root -> real.startsWith(root.real))) {
            throw outside(uri);
        }
        if (!Files.isRegularFile(real)) {
            throw refused(uri, "it is no regular file: name a .npy file");
        }
        return real;
    }

    private static Path path(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw refused(text, "it is no URI (" + e.getReason() + "): write file:///dir/x.npy");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("file")) {
            throw refused(
                    text,
                    scheme.isEmpty()
                            ? "it is relative: write file:///dir/x.npy"
                            : scheme + ": is not supported: write file:///dir/x.npy, or send the array");
        }
        try {
            return Path.of(uri);
        } catch (IllegalArgumentException e) {
            throw refused(text, "it names no file of this machine (" + e.getMessage() + "): write file:///dir/x.npy");
        }
    }

    private static Path real(String uri, Path path) {
        try {
            return path.toRealPath();
        } catch (NoSuchFileException e) {
            throw refused(uri, "there is no such file: check the path, as the producer sees it");
        } catch (IOException e) {
            throw refused(uri, "it cannot be read (" + e + "): check the path and its permissions");
        }
    }

    private InvalidRequestException outside(String uri) {
        String where = roots.stream().map(root -> root.named.toString()).collect(Collectors.joining(" and "));
        return refused(uri, "files are read below " + where + " only (--submission-root)");
    }

    private static InvalidRequestException refused(String uri, String why) {
        String line = uri.replaceAll("\\p{Cntrl}", "\uFFFD");
        String shown = line.length() <= MOST_SHOWN ? line : line.substring(0, MOST_SHOWN - 3) + "...";
        return new InvalidRequestException("uri is \"" + shown + "\"; " + why);
    }
}

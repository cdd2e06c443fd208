package io.fanfold.aggregator.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where whole files are kept: results, their masks and lists of errors. A name is there with all its bytes or not at all. Names are
 * {@code [A-Za-z0-9_.-]{1,128}} and begin with no dot, so nothing outside the store can be named. Any thread.
 */
public interface Results extends AutoCloseable {
    /** Which store this is: made once with the store and kept in it. Two aggregators that see the same id share it. */
    String id();

    /** Whether other machines see it: an object store, yes; a directory may be shared, but nothing says so. */
    boolean shared();

    /**
     * Takes a whole, synced local file over under this name and replaces what is there. The file is gone afterwards. Returns when
     * the bytes would survive a power cut.
     *
     * @throws IOException if they may not be kept: the name has its old bytes, and the file is still there, or it has all the new
     *     ones
     */
    void put(String name, Path file) throws IOException;

    /** The file of this name, if it is there. */
    Optional<Kept> find(String name) throws IOException;

    /** How many bytes the file of this name has, if it is there. */
    default OptionalLong size(String name) throws IOException {
        return find(name).map(kept -> OptionalLong.of(kept.bytes())).orElseGet(OptionalLong::empty);
    }

    /**
     * {@code bytes} bytes of the file from {@code offset} on, all of one version and never in memory as a whole. The caller closes.
     *
     * @throws NoSuchFileException if it is not there any more
     * @throws IOException if it was replaced since it was looked up, or cannot be read
     * @throws IndexOutOfBoundsException if it has no such bytes
     */
    InputStream read(Kept kept, long offset, long bytes) throws IOException;

    /** The file's bytes from {@code offset} on, as {@link #read(Kept, long, long)} gives them. The caller closes. */
    default InputStream read(String name, long offset) throws IOException {
        Kept kept =
                find(name).orElseThrow(() -> new NoSuchFileException(uri(name).toString()));
        return read(kept, offset, kept.bytes() - offset);
    }

    /** Removes the file, if it is there. */
    void delete(String name) throws IOException;

    /** Where the file is, or would be, for people and for clients that see the same store. */
    URI uri(String name);

    @Override
    void close();
}

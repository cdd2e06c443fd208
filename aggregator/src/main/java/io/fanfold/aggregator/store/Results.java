package io.fanfold.aggregator.store;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where whole files are kept: results, their masks and lists of errors. A name is there with all its bytes or not at all. Names are
 * {@code [A-Za-z0-9_.-]{1,128}}, so nothing outside the store can be named; {@code .fanfold-store} is the store's own. Any thread.
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
     * @throws IOException if they may not be kept; the file is still there then, and the name has its old bytes or all the new ones
     */
    void put(String name, Path file) throws IOException;

    /** How many bytes the file of this name has, if it is there. */
    OptionalLong size(String name) throws IOException;

    /**
     * The file's bytes from {@code offset} on, never read into memory as a whole. The caller closes.
     *
     * @throws java.nio.file.NoSuchFileException if it is not there
     */
    InputStream read(String name, long offset) throws IOException;

    /** Removes the file, if it is there. */
    void delete(String name) throws IOException;

    /** Where the file is, or would be, for people and for clients that see the same store. */
    URI uri(String name);

    @Override
    void close() throws IOException;
}

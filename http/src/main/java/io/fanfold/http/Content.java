package io.fanfold.http;

import java.io.IOException;
import java.io.InputStream;

/** Bytes that can be had in ranges. Any thread. */
public interface Content {
    /** The name under which it is saved: letters, digits, {@code _}, {@code -} and dots. */
    String name();

    /** How many bytes. */
    long bytes();

    /** Letters, digits and hyphens; others for other bytes. */
    String version();

    /**
     * {@code count} of the bytes from {@code first} on, never in memory as a whole. The caller closes.
     *
     * @throws IOException if they are not there any more, or cannot be read
     */
    InputStream open(long first, long count) throws IOException;
}

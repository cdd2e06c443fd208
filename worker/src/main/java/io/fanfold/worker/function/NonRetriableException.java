package io.fanfold.worker.function;

import org.jspecify.annotations.Nullable;

/**
 * What a function throws where the same chunk would fail the same way again: it fails the chunk at once, without another
 * attempt. {@link IllegalArgumentException}, {@link UnsupportedOperationException} and {@link ClassCastException} say the same.
 */
public class NonRetriableException extends Exception {
    private static final long serialVersionUID = 1L;

    public NonRetriableException(String message) {
        super(message);
    }

    public NonRetriableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

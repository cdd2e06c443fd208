package io.fanfold.protocol.array;

import java.util.Objects;

/**
 * Bytes or a description that are no array Fanfold can carry. The message is one line: where, what was wrong with the
 * value, and what to do about it.
 */
public final class ArrayFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ArrayFormatException(String message) {
        super(oneLine(message));
    }

    public ArrayFormatException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\R", " ");
    }

    /** The one line. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

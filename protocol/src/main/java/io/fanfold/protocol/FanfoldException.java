package io.fanfold.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that the person at the other end can mend. Its message is one line that says what was wrong, with the value,
 * where, and what to do about it, so that it can be shown without a stack trace.
 */
public class FanfoldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public FanfoldException(String message) {
        super(message);
    }

    public FanfoldException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The one line. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

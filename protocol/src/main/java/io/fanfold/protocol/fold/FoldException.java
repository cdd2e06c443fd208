package io.fanfold.protocol.fold;

import java.util.Objects;

/**
 * An array that a fold does not take. The message is one line: which fold, the value, and what it does take. The same array
 * is refused again.
 */
public final class FoldException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public FoldException(String message) {
        super(message);
    }

    /** The one line. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

package io.fanfold.protocol.wire;

import java.util.Objects;

/** A record that does not follow the wire contract. The message is one line: which part, the value, what it should be. */
public final class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public WireException(String message) {
        super(message);
    }

    public WireException(String message, Throwable cause) {
        super(message, cause);
    }

    /** The one line. */
    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

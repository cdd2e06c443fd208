package io.fanfold.protocol.rights;

import io.fanfold.protocol.FanfoldException;
import org.jspecify.annotations.Nullable;

/** The brokers have not allowed something. The message says which rights are missing, and how to grant them. */
public final class LackingRightException extends FanfoldException {
    private static final long serialVersionUID = 1L;

    LackingRightException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

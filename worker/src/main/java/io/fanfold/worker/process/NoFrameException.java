package io.fanfold.worker.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Bytes that do not follow the child protocol. The message is one line, to be read after "the child". */
final class NoFrameException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 80;

    NoFrameException(String message) {
        super(message);
    }

    /** For bytes that cannot be understood at all; shows their beginning. */
    static NoFrameException of(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, SHOWN), StandardCharsets.UTF_8);
        return new NoFrameException("wrote something that is no frame: \"" + text.replaceAll("\\p{Cntrl}", "\uFFFD")
                + (bytes.length > SHOWN ? "..." : "") + "\"");
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNull(super.getMessage());
    }
}

package io.fanfold.protocol;

/** What was asked for cannot be done as it was asked: wrong use, to be mended by whoever asks. */
public class InvalidRequestException extends FanfoldException {
    private static final long serialVersionUID = 1L;

    public InvalidRequestException(String message) {
        super(message);
    }

    public InvalidRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.fanfold.producer.web;

import io.fanfold.protocol.FanfoldException;

/** This producer has enough to do for now. */
final class BusyException extends FanfoldException {
    private static final long serialVersionUID = 1L;

    BusyException(String message) {
        super(message + ": ask again in some seconds");
    }
}

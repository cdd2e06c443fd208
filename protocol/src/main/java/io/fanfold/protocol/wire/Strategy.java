package io.fanfold.protocol.wire;

import java.util.Locale;

/** How a worker runs a job's function; {@code AUTO} leaves the choice to the worker. */
public enum Strategy {
    AUTO,
    THREADS,
    PROCESSES,
    ASYNC;

    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Strategy parse(String text) {
        for (Strategy s : values()) {
            if (s.wire().equals(text)) {
                return s;
            }
        }
        throw new WireException(
                "strategy \"" + Json.shorten(text) + "\" is not one of auto, threads, processes, async");
    }
}

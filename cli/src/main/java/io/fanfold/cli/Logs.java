package io.fanfold.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the log says. It goes to standard error. */
final class Logs {
    private Logs() {}

    /** For commands that people look at: nothing, unless they ask for all. */
    static void people(boolean verbose) {
        set(org.slf4j.Logger.ROOT_LOGGER_NAME, verbose ? Level.WARN : Level.OFF);
        set("io.fanfold", verbose ? Level.INFO : Level.OFF);
    }

    /** For roles: our own news and everybody's warnings, or all news. */
    static void role(boolean verbose) {
        set(org.slf4j.Logger.ROOT_LOGGER_NAME, verbose ? Level.INFO : Level.WARN);
    }

    private static void set(String logger, Level level) {
        if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
            logback.setLevel(level);
        }
    }
}

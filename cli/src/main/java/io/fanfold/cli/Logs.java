package io.fanfold.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much the log says. It goes to standard error. */
final class Logs {
    /** Tells of every attempt to connect; while a role starts, the one line of its failure says it better. */
    private static final String CONNECTIONS = "org.apache.kafka.clients.NetworkClient";

    private Logs() {}

    /** For commands that people look at: nothing, unless they ask for all. */
    static void people(boolean verbose) {
        set(org.slf4j.Logger.ROOT_LOGGER_NAME, verbose ? Level.WARN : Level.OFF);
        set("io.fanfold", verbose ? Level.INFO : Level.OFF);
    }

    /** For roles: our own news and everybody's warnings, or all news. */
    static void role(boolean verbose) {
        set(org.slf4j.Logger.ROOT_LOGGER_NAME, verbose ? Level.INFO : Level.WARN);
        set(CONNECTIONS, verbose ? Level.INFO : Level.ERROR);
    }

    /** A role has started: from now on a lost connection is news. */
    static void started() {
        set(CONNECTIONS, Level.WARN);
    }

    private static void set(String logger, Level level) {
        if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
            logback.setLevel(level);
        }
    }
}

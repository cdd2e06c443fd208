package io.fanfold.worker.process;

import java.util.Map;

/** How a process ended, for a person. */
final class ExitWords {
    /** What a JVM, and a shell, adds to the number of the signal that ended a process. */
    private static final int SIGNALLED = 128;

    private static final Map<Integer, String> SIGNALS = Map.of(
            1, "SIGHUP", 2, "SIGINT", 3, "SIGQUIT", 4, "SIGILL", 6, "SIGABRT", 8, "SIGFPE", 9, "SIGKILL", 11, "SIGSEGV",
            13, "SIGPIPE", 15, "SIGTERM");

    private static final int LAST_SIGNAL = 31;
    private static final int SIGKILL = 9;

    private ExitWords() {}

    /** Such as {@code exit code 3} or {@code killed by SIGKILL}. */
    static String of(int exitValue) {
        int signal = exitValue - SIGNALLED;
        return signal >= 1 && signal <= LAST_SIGNAL
                ? "killed by " + SIGNALS.getOrDefault(signal, "signal " + signal)
                : "exit code " + exitValue;
    }

    /** Whether this is how a process ends that is ended by force. */
    static boolean killed(int exitValue) {
        return exitValue == SIGNALLED + SIGKILL;
    }
}

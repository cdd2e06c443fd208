package io.fanfold.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The option that every command has. */
final class Verbosity {
    @Option(names = "--verbose", order = 13, description = "Show the log, and stack traces of errors.")
    boolean verbose;

    /** Whether the command that failed was asked to be verbose. */
    static boolean of(CommandLine line) {
        return line.getParseResult() != null && line.getParseResult().hasMatchedOption("--verbose");
    }
}

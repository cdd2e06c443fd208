package io.fanfold.cli;

import picocli.CommandLine.Option;

/** For whom a command prints. */
final class Format {
    @Option(names = "--json", order = 12, description = "For programs: one JSON object a line.")
    boolean json;
}

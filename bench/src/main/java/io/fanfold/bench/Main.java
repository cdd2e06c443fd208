package io.fanfold.bench;

import picocli.CommandLine;

/** The {@code fanfold} command with {@code bench} in it. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return io.fanfold.cli.Main.commandLine().addSubcommand(new BenchCommand());
    }
}

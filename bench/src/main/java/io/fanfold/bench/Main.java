package io.fanfold.bench;

import picocli.CommandLine;

/** The {@code fanfold} command with {@code bench} in it. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        CommandLine line = io.fanfold.cli.Main.commandLine();
        line.addSubcommand(new BenchCommand());
        System.exit(line.setCaseInsensitiveEnumValuesAllowed(true).execute(args));
    }
}

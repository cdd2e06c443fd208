package io.fanfold.cli;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.wire.WireException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Objects;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code fanfold} command. Exit codes: 0 done, 1 the work failed, 2 wrong use, 3 done but for some chunks. */
@Command(
        name = "fanfold",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "A parallel map over arrays, run by a fleet on Kafka.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            UpCommand.class,
            SubmitCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            WaitCommand.class,
            ResultCommand.class,
            CancelCommand.class,
            JobsCommand.class,
            FunctionsCommand.class,
            DoctorCommand.class,
            TopicsCommand.class,
            ReplayCommand.class,
            DeadLettersCommand.class,
            ProducerCommand.class,
            WorkerCommand.class,
            AggregatorCommand.class,
            PrepareCommand.class,
            AutoComplete.GenerateCompletion.class,
            CommandLine.HelpCommand.class
        },
        footer = {
            "",
            "Start with:  fanfold demo",
            "Then:        fanfold run --function sqrt --in x.npy --out y.npy",
            "A fleet:     fanfold up --http-port 8080",
            "             fanfold submit --function sqrt --in x.npy --server http://localhost:8080",
            "Not well:    fanfold doctor --server http://localhost:8080",
            "Measure:     fanfold bench",
            "",
            "Exit codes: 0 done, 1 the work failed, 2 wrong use, 3 done without the chunks that failed, 4 time ran out."
        })
public final class Main implements Runnable {
    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandLine.Model.CommandSpec spec;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The command with all that it does. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(Main::wrongUse);
        line.setExecutionExceptionHandler(Main::failed);
        Objects.requireNonNull(line.getSubcommands().get("generate-completion"))
                .getCommandSpec()
                .usageMessage()
                .description("Print a completion script: source <(fanfold generate-completion)");
        return line;
    }

    /** For what adds a command: nothing is logged, as people look at it. */
    public static void quiet() {
        Logs.people(false);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    private static int wrongUse(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        List<String> meant =
                e instanceof CommandLine.UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        line.getErr()
                .println(Ansi.AUTO.string("@|bold,red fanfold:|@ ")
                        + oneLine(e).replaceFirst("^Error: ", "")
                        + (meant.isEmpty() ? "" : "; did you mean " + meant.getFirst() + "?")
                        + " (see " + line.getCommandSpec().qualifiedName() + " --help)");
        return CommandLine.ExitCode.USAGE;
    }

    /** The system's word on a file, which is often no more than the file's name. */
    private static String file(FileSystemException e) {
        return switch (e) {
            case NoSuchFileException _ -> e.getFile() + ": no such file or directory; check the path";
            case AccessDeniedException _ -> e.getFile() + ": permission denied";
            default -> e.getFile() + ": " + e.getReason();
        };
    }

    private static int failed(Exception e, CommandLine line, ParseResult parsed) {
        boolean expected = e instanceof FanfoldException
                || e instanceof ArrayFormatException
                || e instanceof WireException
                || e instanceof FileSystemException;
        boolean verbose = Verbosity.of(line);
        line.getErr()
                .println(Ansi.AUTO.string("@|bold,red fanfold:|@ ")
                        + (expected ? oneLine(e) : e.getClass().getSimpleName() + ": " + oneLine(e))
                        + (expected || verbose ? "" : " (more with --verbose)"));
        if (verbose) {
            e.printStackTrace(line.getErr());
        }
        boolean wrongUse = e instanceof ArrayFormatException
                || e instanceof WireException
                || e instanceof InvalidRequestException
                || e instanceof NoSuchFileException;
        return wrongUse ? CommandLine.ExitCode.USAGE : CommandLine.ExitCode.SOFTWARE;
    }

    private static String oneLine(Exception e) {
        String message = e instanceof FileSystemException file ? file(file) : e.getMessage();
        return message == null
                ? "no reason was given"
                : message.lines().findFirst().orElse("");
    }
}

package io.fanfold.cli;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The fanfold command in a process of its own, as a person runs it, with the launcher's heap of 256 MB. */
public final class Command {
    private static final String MAIN = "io.fanfold.cli.Main";
    private static final long ENDS_WITHIN_SECONDS = 400;

    private final Process process;
    private final Path out;
    private final Path err;

    private Command(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** What it did: exit code, standard output, standard error. */
    public record Ended(int code, String out, String err) {}

    /** Starts it in a directory. */
    public static Command start(Path directory, String... arguments) {
        return started(directory, line(arguments));
    }

    /** The same with variables of the environment. */
    static Command startWith(Map<String, String> environment, Path directory, String... arguments) {
        return started(directory, line(arguments), environment);
    }

    /** The same with another heap, such as {@code 64m}. */
    static Command startWithHeap(String heap, Path directory, String... arguments) {
        return started(directory, TestJvm.command(List.of("-Xmx" + heap), MAIN, arguments));
    }

    /** Starts it on a terminal of its own, whose keyboard is {@link #type}. */
    static Command startOnTerminal(Path directory, String... arguments) {
        return startOnTerminal(directory, "", arguments);
    }

    /** The same with an assignment of a variable in front, as one types it. */
    static Command startOnTerminal(Path directory, String assignment, String[] arguments) {
        String line = line(arguments).stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        return started(
                directory,
                List.of("script", "--quiet", "--return", "--command", assignment + " exec " + line, "/dev/null"));
    }

    private static List<String> line(String... arguments) {
        return TestJvm.command(List.of(), MAIN, arguments);
    }

    private static Command started(Path directory, List<String> command) {
        return started(directory, command, Map.of());
    }

    private static Command started(Path directory, List<String> command, Map<String, String> environment) {
        try {
            Path out = Files.createTempFile("command-", ".out");
            Path err = Files.createTempFile("command-", ".err");
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            Process process = builder.directory(directory.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .start();
            return new Command(process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Types a key on its terminal. */
    void type(int key) throws IOException {
        process.getOutputStream().write(key);
        process.getOutputStream().flush();
    }

    /** All processes that it has started, and those that they have. */
    List<ProcessHandle> descendants() {
        return process.descendants().filter(ProcessHandle::isAlive).toList();
    }

    /** Runs it to its end. */
    static Ended run(Path directory, String... arguments) throws InterruptedException {
        return start(directory, arguments).await();
    }

    public Ended await() throws InterruptedException {
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the command did not end: " + said());
        }
        try {
            return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Standard output so far. */
    public String said() {
        try {
            return Files.readString(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Standard error so far. */
    public String logged() {
        try {
            return Files.readString(err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean running() {
        return process.isAlive();
    }

    /** The worker processes that it has started: its only children. */
    List<ProcessHandle> workers() {
        return process.children().filter(ProcessHandle::isAlive).toList();
    }

    /** Ctrl-C. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** kill -9. */
    void kill() {
        process.destroyForcibly();
    }

    /** Writes an array as np.save does. */
    static Path save(Path file, ArraySlice array) throws IOException {
        return Files.write(file, Npy.encode(array));
    }
}

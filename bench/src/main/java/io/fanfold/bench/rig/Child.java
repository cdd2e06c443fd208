package io.fanfold.bench.rig;

import io.fanfold.cli.local.ThisJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contestant's process: another JVM with the options of this one. It ends with this one. */
public final class Child implements AutoCloseable {
    private final Process process;

    Child(Process process) {
        this.process = process;
    }

    /**
     * Starts one.
     *
     * @param log where its output goes
     */
    public static Child start(Class<?> main, Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(command(List.of(), main));
        command.addAll(List.of(arguments));
        return new Child(Launch.of(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start());
    }

    /**
     * What starts another JVM with the options of this one.
     *
     * @param more options, which win
     */
    static List<String> command(List<String> more, Class<?> main) {
        List<String> command = new ArrayList<>(List.of(ThisJvm.java().toString()));
        command.addAll(ThisJvm.options());
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }

    /** For the child: ends this process when standard input ends. Returns at once. */
    public static void endWithParent() {
        Thread.ofPlatform().name("parent").daemon().start(Child::awaitEnd);
    }

    private static void awaitEnd() {
        try {
            while (System.in.read() >= 0) {
                // only the end counts
            }
        } catch (IOException e) {
            // it has ended
        }
        Runtime.getRuntime().halt(0);
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

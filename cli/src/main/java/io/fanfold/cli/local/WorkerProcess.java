package io.fanfold.cli.local;

import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker in a process of its own on this machine. Its standard input is held open by this process, so that it ends when this
 * one does, however that happens.
 */
final class WorkerProcess {
    private static final String MAIN = "io.fanfold.cli.Main";

    private final Process process;
    private final Path log;

    private WorkerProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param options of {@code fanfold worker}
     * @param log where its output goes, unless {@code verbose}: then it is ours
     */
    static WorkerProcess start(KafkaSettings kafka, String name, List<String> options, Path log, boolean verbose)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(ThisJvm.java().toString()));
        command.addAll(ThisJvm.options());
        command.add("-XX:+ExitOnOutOfMemoryError"); // a chunk that exhausts the heap ends its worker
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "worker"));
        command.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        command.addAll(List.of("--topic-prefix", kafka.topics().prefix()));
        command.addAll(List.of("--max-message-bytes", Integer.toString(kafka.maxMessageBytes())));
        command.addAll(List.of("--name", name, "--end-with-parent"));
        command.addAll(options);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("FANFOLD_")); // meant for other brokers than this one
        if (verbose) {
            builder.redirectError(ProcessBuilder.Redirect.INHERIT).redirectOutput(ProcessBuilder.Redirect.INHERIT);
        } else {
            builder.redirectErrorStream(true).redirectOutput(log.toFile());
        }
        return new WorkerProcess(builder.start(), log);
    }

    boolean alive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** How it ended, with the last that it said. */
    String lastWords() throws IOException {
        String said = "";
        if (Files.exists(log)) {
            List<String> lines = new String(Files.readAllBytes(log), StandardCharsets.UTF_8)
                    .lines()
                    .filter(l -> !l.isBlank())
                    .toList();
            said = lines.isEmpty() ? "" : ": " + lines.getLast().strip();
        }
        return "exit code " + process.exitValue() + said;
    }

    /** Asks it to finish. */
    void stop() {
        process.destroy();
    }

    /** Waits until it has ended; ends it by force after a few seconds. */
    void join() throws InterruptedException {
        if (!process.waitFor(5, java.util.concurrent.TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}

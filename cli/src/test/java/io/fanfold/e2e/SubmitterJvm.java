package io.fanfold.e2e;

import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.TestJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that submits a job and waits for its result, in a process of its own that can be killed. */
final class SubmitterJvm implements AutoCloseable {
    private final Process process;
    private final Path said;

    private SubmitterJvm(Process process, Path said) {
        this.process = process;
        this.said = said;
    }

    /** @param parameters of the function {@link Gated}, as {@code name=value} */
    static SubmitterJvm start(KafkaSettings kafka, String... parameters) {
        List<String> command = TestJvm.command(
                List.of(),
                SubmitterMain.class.getName(),
                kafka.bootstrapServers(),
                kafka.topics().prefix());
        command.addAll(List.of(parameters));
        try {
            Path said = Files.createTempFile("submitter-", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
            return new SubmitterJvm(builder.start(), said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until its job's chunks are all written. */
    JobId submitted() {
        await().atMost(Fleet.LONG)
                .until(() -> !process.isAlive()
                        || said().lines().anyMatch(line -> line.startsWith(SubmitterMain.SUBMITTED)));
        return said().lines()
                .filter(line -> line.startsWith(SubmitterMain.SUBMITTED))
                .map(line -> new JobId(line.substring(SubmitterMain.SUBMITTED.length())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(said()));
    }

    private String said() {
        try {
            return Files.readString(said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code kill -9}; returns when it is dead. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        Files.delete(said);
    }
}

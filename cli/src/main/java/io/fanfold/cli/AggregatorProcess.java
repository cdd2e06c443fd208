package io.fanfold.cli;

import io.fanfold.cli.local.ThisJvm;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An aggregator in a process of its own with a heap of 256 MB, whose use of processor and memory can be read. One thread. */
final class AggregatorProcess implements AutoCloseable {
    /** What the JVM's log says of a collection of the whole heap: megabytes before, behind, and how many there are. */
    private static final Pattern COLLECTION = Pattern.compile("Pause Full.* (\\d+)M->(\\d+)M\\(\\d+M\\)");

    private final Process process;
    private final Path collections;
    private int collectionsRead;

    private AggregatorProcess(Process process, Path collections) {
        this.process = process;
        this.collections = collections;
    }

    /**
     * Starts one.
     *
     * @param work a directory for its results and its log
     */
    static AggregatorProcess start(KafkaSettings kafka, Path work) throws IOException {
        Path collections = work.resolve("collections.log");
        List<String> command = new ArrayList<>(List.of(ThisJvm.java().toString()));
        command.addAll(ThisJvm.options());
        command.addAll(List.of("-Xmx256m", "-Xlog:gc:file=" + collections));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BareAggregator.class.getName()));
        command.addAll(
                List.of(kafka.bootstrapServers(), work.resolve("aggregated").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("aggregator.log").toFile())
                .start();
        return new AggregatorProcess(process, collections);
    }

    /** @throws FanfoldException if it has ended */
    void requireAlive() {
        if (!process.isAlive()) {
            throw new FanfoldException("the aggregator has ended with exit code " + process.exitValue());
        }
    }

    /** Processor time that it has used so far. */
    Duration cpu() {
        requireAlive();
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new FanfoldException("this system does not tell how long a process has computed"));
    }

    /** Asks it to collect its heap. Does not wait. */
    void collect() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new FanfoldException("the aggregator does not listen: " + e.getMessage(), e);
        }
    }

    /** The most of the heap, in megabytes, that collections since the last call have found in use; 0 if there was none. */
    int megabytesInUse() throws IOException {
        List<String> lines = Files.readAllLines(collections);
        int most = 0;
        for (String line : lines.subList(collectionsRead, lines.size())) {
            Matcher said = COLLECTION.matcher(line);
            most = said.find() ? Math.max(most, Integer.parseInt(said.group(2))) : most;
        }
        collectionsRead = lines.size();
        return most;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.fanfold.cli.local;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of this machine. One that dies is replaced: its chunks are computed again by the others, and the replacement
 * joins them. Where workers go on dying, something is wrong with the work, and that is said instead. One thread watches; any may
 * close.
 */
public final class LocalWorkers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalWorkers.class);
    /** How often a worker may be replaced, for each that was asked for. */
    private static final int REPLACEMENTS = 5;

    private final KafkaSettings kafka;
    private final Path logs;
    private final boolean verbose;
    private final List<String> options;
    private final List<WorkerProcess> workers = new ArrayList<>();
    private int replacements;
    private int started;
    private boolean closed;

    /**
     * Starts them.
     *
     * @param options of {@code fanfold worker}, such as which functions they have; those that do not say how much computes at once
     *     share the cores
     * @param logs a directory for what the workers say, unless {@code verbose}
     */
    public LocalWorkers(KafkaSettings kafka, int count, List<String> options, Path logs, boolean verbose)
            throws IOException {
        this.kafka = kafka;
        this.logs = logs;
        this.verbose = verbose;
        this.options = new ArrayList<>(options);
        String each = Integer.toString(Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, count)));
        for (String places : List.of("--threads", "--processes")) {
            if (!options.contains(places)) {
                this.options.addAll(List.of(places, each));
            }
        }
        this.replacements = count * REPLACEMENTS;
        try {
            for (int i = 0; i < count; i++) {
                workers.add(startOne());
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private WorkerProcess startOne() throws IOException {
        String name = "worker-" + ++started;
        return WorkerProcess.start(kafka, name, options, logs.resolve(name + ".log"), verbose);
    }

    /** Replaces workers that have died; says whether there were any. */
    public synchronized boolean watch() throws IOException {
        boolean died = false;
        for (int i = 0; i < workers.size() && !closed; i++) {
            WorkerProcess worker = workers.get(i);
            if (worker.alive()) {
                continue;
            }
            died = true;
            if (replacements-- == 0) {
                throw new FanfoldException("workers keep dying; the last with " + worker.lastWords());
            }
            LOG.atWarn().addKeyValue("pid", worker.pid()).log("worker died: it is replaced");
            workers.set(i, startOne());
        }
        return died;
    }

    /** Their process ids. */
    public synchronized List<Long> pids() {
        return workers.stream().map(WorkerProcess::pid).toList();
    }

    @Override
    public synchronized void close() {
        closed = true;
        workers.forEach(WorkerProcess::stop);
        try {
            for (WorkerProcess worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

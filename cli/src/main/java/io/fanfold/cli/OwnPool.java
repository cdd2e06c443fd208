package io.fanfold.cli;

import io.fanfold.cli.local.LocalWorkers;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A pool of one command's own behind a fleet's broker: its chunks topic, and workers on this machine; gone when it is closed. */
final class OwnPool implements AutoCloseable {
    private final String name = "run-" + JobId.generate();
    private final Parts parts = new Parts();
    private final LocalWorkers workers;

    /**
     * Starts it; its workers may still be starting when this returns.
     *
     * @param options of the workers
     * @param directory where they may write their logs
     */
    OwnPool(KafkaSettings kafka, int count, List<String> options, Path directory, boolean verbose) throws IOException {
        try {
            WorkDirectory work = parts.opened(new WorkDirectory(directory));
            try (TopicSetup topics = new TopicSetup(kafka)) {
                topics.createPool(name, Math.max(4, 2 * count));
            }
            parts.opened(() -> remove(kafka));
            List<String> all = new ArrayList<>(List.of("--pool", name));
            all.addAll(options);
            this.workers = parts.opened(new LocalWorkers(kafka, count, all, work.path(), verbose));
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Its workers are gone by then. */
    private void remove(KafkaSettings kafka) {
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.removePool(name);
        }
        try (ParallelMap map = ParallelMap.connect(kafka, name, Set.of(), new SimpleMeterRegistry())) {
            map.withdraw(name);
        }
    }

    String name() {
        return name;
    }

    /** Replaces workers that have died. */
    boolean watch() throws IOException {
        return workers.watch();
    }

    @Override
    public void close() {
        parts.close();
    }
}

package io.fanfold.cli.local;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.broker.LocalBroker;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A fleet for one command: a client, an aggregator and, if need be, a broker in this JVM, workers as processes. Closing it stops
 * all of them in the reverse order; closing twice is the same as once.
 */
public final class LocalFleet implements AutoCloseable {
    private final Parts parts = new Parts();
    private final KafkaSettings kafka;
    private final LocalWorkers workers;
    private final ParallelMap map;
    private final Aggregator aggregator;

    private LocalFleet(
            Optional<KafkaSettings> at, Path work, int workerCount, List<String> options, Folds folds, boolean verbose)
            throws IOException {
        try {
            this.kafka = at.isPresent() ? at.get() : ownBroker(work);
            topics(kafka, workerCount);
            this.workers = parts.opened(new LocalWorkers(kafka, workerCount, options, work, verbose));
            MeterRegistry meters = new SimpleMeterRegistry();
            this.aggregator = parts.opened(Aggregator.start(
                    new AggregatorSettings(kafka, "aggregator", work.resolve("store"), Optional.empty()).with(folds),
                    meters));
            this.map = parts.opened(ParallelMap.connect(kafka, "run", Set.of(Topics.DEFAULT_POOL), meters));
        } catch (IOException | RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /**
     * Starts a fleet; returns when an array can be submitted. Its workers may still be starting.
     *
     * @param options of the workers, such as which functions they have
     * @param folds what jobs may fold with, the same that the workers have
     * @param work a directory for the broker's log, the store and the workers' logs; the caller's to remove
     */
    public static LocalFleet start(Path work, int workers, List<String> options, Folds folds, boolean verbose)
            throws IOException {
        return new LocalFleet(Optional.empty(), work, workers, options, folds, verbose);
    }

    /** The same in a broker that runs already and is nobody else's; its topics are made if they are not there. */
    public static LocalFleet start(KafkaSettings kafka, Path work, int workers, List<String> options)
            throws IOException {
        return new LocalFleet(Optional.of(kafka), work, workers, options, Folds.builtIn(), false);
    }

    private KafkaSettings ownBroker(Path work) throws IOException {
        LocalBroker broker = parts.opened(broker(work, 0));
        return KafkaSettings.at(broker.bootstrapServers());
    }

    /**
     * Starts a broker with its data below {@code work}.
     *
     * @param port where clients connect; 0: a free one
     * @throws FanfoldException if the port is taken, or if this is an installation without the broker's jars, as in an image
     */
    public static LocalBroker broker(Path work, int port) throws IOException {
        try {
            return LocalBroker.start(
                    Files.createDirectory(work.resolve("broker")), port == 0 ? LocalBroker.freePort() : port, Map.of());
        } catch (BindException e) {
            throw new FanfoldException(
                    "port " + port + " cannot be used for the broker: it is in use; choose another with --port", e);
        } catch (NoClassDefFoundError e) {
            throw new FanfoldException(
                    "there is no broker in this installation (" + e.getMessage()
                            + "): name one that runs with --bootstrap-server, where the command takes it",
                    e);
        }
    }

    /** Makes the topics of a local fleet: enough partitions for its workers to share. */
    public static void topics(KafkaSettings kafka, int workers) {
        try (TopicSetup setup = new TopicSetup(kafka)) {
            setup.create(new TopicLayout(Set.of(Topics.DEFAULT_POOL), Math.max(4, 2 * workers), 1, 1));
        }
    }

    public KafkaSettings kafka() {
        return kafka;
    }

    public ParallelMap map() {
        return map;
    }

    /** Where the finished array of a job is; a rename away from where it shall be. */
    public Path result(JobId job) {
        return Path.of(aggregator.result(job));
    }

    /** Where the mask of a job with holes is. */
    public Path mask(JobId job) {
        return result(job).resolveSibling(job + ".mask.npy");
    }

    /** Where the list of errors of a job with holes is. */
    public Path errors(JobId job) {
        return result(job).resolveSibling(job + ".errors.json");
    }

    /**
     * Replaces dead workers, and notices when the fleet itself is broken.
     *
     * @return whether a worker had died
     */
    public boolean watch() throws IOException {
        Optional<Throwable> broken = aggregator.failure();
        if (broken.isPresent()) {
            throw new FanfoldException("the aggregator stopped: " + broken.get(), broken.get());
        }
        return workers.watch();
    }

    @Override
    public void close() {
        parts.close();
    }
}

package io.fanfold.cli;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An aggregator alone in its process, for {@link AggregatorProcess}: without HTTP, and it ends with the process that started it. Its
 * broker's disk comes back at once; nobody will want these results built again.
 */
final class BareAggregator {
    private static final Logger LOG = LoggerFactory.getLogger(BareAggregator.class);

    private static final Policy POLICY = new Policy(
            Duration.ZERO,
            Policy.DEFAULT.abandonAfter(),
            Policy.DEFAULT.keepResults(),
            Policy.DEFAULT.forgetAfter(),
            Optional.of(Duration.ofSeconds(5)),
            Policy.DEFAULT.checkEvery(),
            Policy.DEFAULT.checkpointBytes());

    private BareAggregator() {}

    /**
     * Runs it until it is asked to stop.
     *
     * @param args the broker's address, and the directory of results
     */
    public static void main(String[] args) {
        Logs.role(false);
        AggregatorSettings settings =
                new AggregatorSettings(KafkaSettings.at(args[0]), "aggregator", Path.of(args[1]), Optional.empty());
        Aggregator aggregator = Aggregator.start(settings.with(POLICY), new SimpleMeterRegistry());
        Lifetime.drainOnExit(aggregator);
        Thread.ofPlatform().name("parent").daemon().start(BareAggregator::obey);
        System.exit(
                Lifetime.await(aggregator.ended(), () -> aggregator.failure().isPresent()));
    }

    /** Each byte of standard input asks for the heap to be collected; with its end this process ends. */
    private static void obey() {
        try {
            while (System.in.read() >= 0) {
                System.gc();
            }
        } catch (IOException e) {
            LOG.debug("standard input broke", e);
        }
        System.exit(0);
    }
}

package io.fanfold.e2e;

import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An aggregator that dies, or stops, at a given moment. It is told what to do by its standard input, and ends when that ends. */
final class AggregatorMain {
    /** What it prints: it has partitions. */
    static final String JOINED = "joined";
    /** What it prints when it has stopped at its moment. */
    static final String HOLDING = "holding";
    /** What it prints in front of what it has counted. */
    static final String COUNTED = "counted ";

    /** How it dies: nothing is flushed, closed or said, as with {@code kill -9}. */
    static final int KILLED = 137;

    private static final CountDownLatch GO = new CountDownLatch(1);

    private AggregatorMain() {}

    /**
     * Runs it.
     *
     * @param args bootstrap servers, topic prefix, name, store, spool directory, bytes between checkpoints, client properties such as
     *     {@code a=1,b=2}, and, for one that dies or stops, which of both, the moment and at which time of it
     */
    public static void main(String[] args) throws IOException {
        KafkaSettings at = KafkaSettings.at(args[0]);
        Policy policy = Policy.DEFAULT;
        AggregatorSettings settings = new AggregatorSettings(
                new KafkaSettings(args[0], new Topics(args[1]), at.maxMessageBytes(), properties(args[6])),
                args[2],
                new StoreAddress.Directory(Path.of(args[3])),
                Path.of(args[4]),
                Optional.empty(),
                Folds.builtIn(),
                new Policy(
                        policy.purgeAfter(),
                        policy.abandonAfter(),
                        policy.keepResults(),
                        policy.forgetAfter(),
                        policy.purgeEvery(),
                        policy.checkEvery(),
                        Long.parseLong(args[5])),
                args.length > 7
                        ? at(Moments.Moment.valueOf(args[8]), Integer.parseInt(args[9]), args[7])
                        : Moments.NONE);
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Aggregator aggregator = Aggregator.start(settings, meters);
        CompletableFuture<Void> _ = aggregator
                .ended()
                .thenRun(() -> System.exit(aggregator.failure().isPresent() ? 1 : 0));
        Thread.ofPlatform().daemon().start(() -> tellWhenJoined(aggregator));
        obey(aggregator, meters);
    }

    private static Map<String, String> properties(String text) {
        return Stream.of(text.split(",", -1))
                .map(one -> one.split("=", 2))
                .collect(Collectors.toMap(one -> one[0], one -> one[1]));
    }

    private static Moments at(Moments.Moment moment, int time, String what) {
        AtomicInteger left = new AtomicInteger(time);
        return reached -> {
            if (reached == moment && left.decrementAndGet() == 0) {
                switch (what) {
                    case "die" -> Runtime.getRuntime().halt(KILLED);
                    case "hold" -> hold();
                    default -> throw new IllegalArgumentException(what);
                }
            }
        };
    }

    private static void hold() {
        System.out.println(HOLDING);
        try {
            GO.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tellWhenJoined(Aggregator aggregator) {
        await().atMost(Fleet.LONG).until(aggregator::ready);
        System.out.println(JOINED);
    }

    private static void obey(Aggregator aggregator, SimpleMeterRegistry meters) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            switch (line) {
                case "count" -> System.out.println(COUNTED + counted(meters));
                case "go" -> GO.countDown();
                case "stop" -> aggregator.close();
                default -> throw new IllegalArgumentException(line);
            }
        }
        Runtime.getRuntime().halt(1);
    }

    private static String counted(SimpleMeterRegistry meters) {
        StringBuilder counted = new StringBuilder();
        meters.find("fanfold.outcomes")
                .counters()
                .forEach(c -> counted.append(c.getId().getTag("verdict"))
                        .append('=')
                        .append((long) c.count())
                        .append(' '));
        return counted.toString();
    }
}

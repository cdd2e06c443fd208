package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.Dispatched;
import io.fanfold.bench.rig.Emptying;
import io.fanfold.bench.rig.Peaks;
import io.fanfold.bench.rig.RoleProcess;
import io.fanfold.bench.rig.Shares;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A worker, an aggregator and, for each array, a client, which are {@code fanfold worker}, {@code aggregator} and {@code run} in
 * processes of their own, with topics and options as they are by default. One thread.
 */
final class RoleFleet implements AutoCloseable {
    static final List<String> ROLES = List.of("worker", "aggregator", "client");
    /** As many as the client puts into a chunk where nobody tells it. */
    private static final long CHUNK_BYTES = 1_000_000;

    private static final int MID_RUN_LOOKS = 3;
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int LOOKS_AFTER = 40;

    private final Parts parts = new Parts();
    private final Path work;
    private final KafkaSettings kafka;
    private final RoleProcess worker;
    private final RoleProcess aggregator;
    private final Dispatched dispatched;
    private final Emptying emptying;
    private int clients;

    /**
     * What one role took for one array, in megabytes.
     *
     * @param kept of the heap in use after a collection when its part was done: all that it keeps until the end of the job is in it
     * @param midRun the median of the heap in use after collections while chunks were dispatched, with all that was on its way
     * @param anonymous the most of resident memory that no file has
     */
    record Use(double kept, double midRun, double anonymous) {
        static final Use NONE = new Use(0, 0, 0);

        @Override
        public String toString() {
            return Stats.text(kept) + " MB of heap, " + Stats.text(anonymous) + " MB in all";
        }
    }

    private RoleFleet(Path disk) throws Exception {
        try {
            this.work = parts.opened(new WorkDirectory(disk)).path();
            this.kafka = parts.opened(BrokerProcess.start(work)).kafka();
            TopicLayout layout = TopicLayout.DEFAULT;
            try (TopicSetup topics = new TopicSetup(kafka)) {
                topics.create(layout);
            }
            this.worker = parts.opened(role("worker", List.of("worker")));
            this.aggregator = parts.opened(role("aggregator", List.of("aggregator", "--store", store().toString())));
            Shares.awaitEven(kafka, Topics.DEFAULT_POOL, 1, layout.chunkPartitions());
            this.dispatched = parts.opened(new Dispatched(kafka, Topics.DEFAULT_POOL, layout.chunkPartitions()));
            this.emptying = parts.opened(new Emptying(kafka));
        } catch (Exception e) {
            parts.close();
            throw e;
        }
    }

    /**
     * Starts a fleet and its broker.
     *
     * @param disk where arrays, results and the broker's log go
     */
    static RoleFleet start(Path disk) throws Exception {
        return new RoleFleet(disk);
    }

    private Path store() {
        return work.resolve("store");
    }

    private RoleProcess role(String name, List<String> arguments) throws IOException {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("--bootstrap-server", kafka.bootstrapServers()));
        return RoleProcess.start(work.resolve(name + ".log"), all);
    }

    /** Maps so many bytes by identity; what each role took for it. */
    Map<String, Use> map(long bytes) throws Exception {
        Path in = Arrays.holes(work.resolve("x.npy"), bytes / Double.BYTES);
        Path out = work.resolve("y.npy");
        Map<String, Use> uses = map(in, out, bytes / CHUNK_BYTES);
        emptying.empty();
        Files.delete(out);
        try (DirectoryStream<Path> results = Files.newDirectoryStream(store(), "*.npy")) {
            for (Path result : results) {
                Files.delete(result);
            }
        }
        return uses;
    }

    private Map<String, Use> map(Path in, Path out, long chunks) throws Exception {
        long before = dispatched.chunks();
        Map<String, RoleProcess> roles = new LinkedHashMap<>();
        RoleProcess client = role(
                "client-" + ++clients,
                List.of("run", "--function=identity", "--chunks=" + chunks, "--in=" + in, "--out=" + out));
        roles.put("client", client);
        roles.put("worker", worker);
        roles.put("aggregator", aggregator);
        Heaps midRun = new Heaps();
        Heaps after = new Heaps();
        try (client;
                Peaks peaks = new Peaks(roles)) {
            for (int look = 1; look <= MID_RUN_LOOKS; look++) {
                awaitDispatched(client, before + look * chunks / (MID_RUN_LOOKS + 1));
                midRun.look(roles);
            }
            awaitDispatched(client, before + chunks);
            while (client.alive()) {
                after.look(Map.of("client", client));
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
            client.await();
            roles.remove("client");
            for (int look = 0; look < LOOKS_AFTER; look++) {
                after.look(roles);
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
            return uses(midRun, after, peaks);
        }
    }

    /** Returns early when the client has ended. */
    private void awaitDispatched(RoleProcess client, long chunks) throws Exception {
        while (dispatched.chunks() < chunks && client.alive()) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS / 10);
        }
    }

    private static Map<String, Use> uses(Heaps midRun, Heaps after, Peaks peaks) {
        Map<String, Use> uses = new LinkedHashMap<>();
        for (String role : ROLES) {
            List<Double> before = midRun.of(role);
            double kept = Collections.min(after.of(role).isEmpty() ? before : after.of(role));
            uses.put(role, new Use(kept, Stats.median(before), peaks.of(role) / 1e6));
        }
        return uses;
    }

    /** Megabytes of heap in use after collections, by role. */
    private static final class Heaps {
        private final Map<String, List<Double>> found = new HashMap<>();

        void look(Map<String, RoleProcess> roles) throws InterruptedException {
            for (Map.Entry<String, RoleProcess> role : roles.entrySet()) {
                role.getValue()
                        .heap()
                        .ifPresent(bytes -> found.computeIfAbsent(role.getKey(), _ -> new ArrayList<>())
                                .add(bytes / 1e6));
            }
        }

        List<Double> of(String role) {
            return found.getOrDefault(role, List.of());
        }
    }

    @Override
    public void close() {
        parts.close();
    }
}

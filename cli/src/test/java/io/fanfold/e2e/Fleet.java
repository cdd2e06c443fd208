package io.fanfold.e2e;

import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.lane.RetryPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.IntUnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A fleet in this JVM on topics of its own. What is started is closed with it, the last one first. */
final class Fleet implements AutoCloseable {
    /** Longer than anything takes that is waited for, whatever else this machine has to do. */
    static final Duration LONG = Duration.ofMinutes(3);

    /** Nothing is purged, so that tests can read what went through the broker. */
    private static final Policy KEEPING = new Policy(
            Policy.DEFAULT.purgeAfter(),
            Policy.DEFAULT.abandonAfter(),
            Policy.DEFAULT.keepResults(),
            Policy.DEFAULT.forgetAfter(),
            Optional.empty(),
            Policy.DEFAULT.checkEvery(),
            Policy.DEFAULT.checkpointBytes());

    private final KafkaSettings kafka;
    private final Path directory;
    private final List<SimpleMeterRegistry> registries = new CopyOnWriteArrayList<>();
    private final ParallelMap map;
    private final Deque<Runnable> parts = new ArrayDeque<>();

    private Fleet(KafkaSettings kafka) throws IOException {
        this.kafka = kafka;
        this.directory = Files.createTempDirectory("fanfold-fleet-");
        this.map = ParallelMap.connect(kafka, "test", Set.of(Topics.DEFAULT_POOL), meters());
    }

    /** Topics and a client; no roles yet, and none that is killed. */
    static Fleet on(BrokerKind kind) {
        return on(TestBroker.of(kind).freshFleet());
    }

    /** Topics and a client; no roles yet, of which some are killed. */
    static Fleet mortal(BrokerKind kind) {
        return on(TestBroker.of(kind).mortalFleet());
    }

    /** A client of topics that are there; no roles yet. */
    static Fleet on(KafkaSettings kafka) {
        try {
            return new Fleet(kafka);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A fleet with one worker and one aggregator. */
    static Fleet whole(BrokerKind kind) {
        Fleet fleet = on(kind);
        fleet.worker("worker-1");
        fleet.aggregator("aggregator-1", fleet.store("results"));
        return fleet;
    }

    KafkaSettings kafka() {
        return kafka;
    }

    ParallelMap map() {
        return map;
    }

    /** Each part counts for itself, as if in a process of its own. */
    private SimpleMeterRegistry meters() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        registries.add(meters);
        return meters;
    }

    /** How often something was counted by any role; 0 if never. */
    double counted(String counter, String tag, String value) {
        return registries.stream()
                .flatMap(meters -> meters.find(counter).tag(tag, value).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    /** How often something was counted by any role, whatever its tags. */
    double counted(String counter) {
        return registries.stream()
                .flatMap(meters -> meters.find(counter).counters().stream())
                .mapToDouble(Counter::count)
                .sum();
    }

    /** The sum of a gauge over all roles and tags. */
    double gauged(String gauge) {
        return registries.stream()
                .flatMap(meters -> meters.find(gauge).gauges().stream())
                .mapToDouble(Gauge::value)
                .sum();
    }

    /** How many jobs the aggregators are putting together. */
    double growing() {
        return gauged("fanfold.jobs.growing");
    }

    /** A directory for results. */
    Path store(String name) {
        return directory.resolve(name);
    }

    /** A worker with 2 threads that waits 1 s for a function it does not have, has no child processes and purges nothing. */
    Worker worker(String name) {
        return worker(settings(name), FunctionRegistry.builtIn());
    }

    /** As {@link #worker(String)}, which has {@link Gated} as well. */
    Worker gated(String name) {
        return worker(settings(name), FunctionRegistry.builtIn().with(List.of(new Gated())));
    }

    Worker worker(WorkerSettings settings, FunctionRegistry functions) {
        Worker worker = Worker.start(settings, functions, meters());
        parts.push(worker::close);
        return worker;
    }

    /** What {@link #worker} is told; the methods below change what is otherwise. */
    WorkerSettings settings(String name) {
        return new WorkerSettings(
                kafka,
                name,
                Topics.DEFAULT_POOL,
                new WorkerSettings.Pools(2, 2, 0, List.of()),
                new WorkerSettings.Patience(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(10)),
                RetryPolicy.DEFAULT,
                true,
                Optional.empty());
    }

    /** An aggregator that purges nothing. */
    Aggregator aggregator(String name, Path store) {
        return aggregator(new AggregatorSettings(kafka, name, store, Optional.empty()).with(KEEPING));
    }

    Aggregator aggregator(AggregatorSettings settings) {
        Aggregator aggregator = Aggregator.start(settings, meters());
        parts.push(aggregator::close);
        return aggregator;
    }

    /** Waits until a worker has said that it has this function. */
    void awaitFunction(String name) {
        await().atMost(LONG)
                .until(() -> map.functions().all().stream()
                        .anyMatch(offer -> offer.function().id().name().equals(name)));
    }

    FunctionDescription function(String name) {
        return map.functions().find(Topics.DEFAULT_POOL, name);
    }

    /** Accepts a job and writes all its chunks. */
    JobHandle submit(
            FunctionDescription function, Map<String, ?> parameters, ArraySlice array, int axis, ChunkSize size) {
        JobHandle job = accept(function, parameters, array, axis, size);
        map.dispatch(job, array);
        return job;
    }

    JobHandle accept(
            FunctionDescription function, Map<String, ?> parameters, ArraySlice array, int axis, ChunkSize size) {
        return accept(request(function, parameters, axis, size, Strategy.AUTO), array);
    }

    JobHandle accept(Acceptance request, ArraySlice array) {
        return map.accept(new NpyHeader(array.dtype(), array.shape(), array.order()), request);
    }

    /** As {@link #submit(FunctionDescription, Map, ArraySlice, int, ChunkSize)}, for what it does not say. */
    JobHandle submit(Acceptance request, ArraySlice array) {
        JobHandle job = accept(request, array);
        map.dispatch(job, array);
        return job;
    }

    /** Writes all chunks of a job and its seal at once, as another client may do it: with no window, to partitions of its choice. */
    void writeByHand(JobHandle job, ArraySlice array, IntUnaryOperator partition) {
        Split split = new Split(array, job.spec().plan());
        byte[] header = Records.headerBytes(job.spec().header());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < split.count(); i++) {
            records.add(Records.chunk(
                    kafka.topics().chunks(Topics.DEFAULT_POOL),
                    partition.applyAsInt(i),
                    job.id(),
                    header,
                    new ChunkHeader(i, split.range(i).start(), OptionalLong.of(split.count())),
                    split.chunk(i)));
        }
        records.add(Records.seal(kafka.topics(), new JobRecord.Seal(job.id(), split.count(), split.rows())));
        Raw.write(kafka, records);
    }

    static Acceptance request(
            FunctionDescription function, Map<String, ?> parameters, int axis, ChunkSize size, Strategy strategy) {
        return request(function, parameters, axis, size, strategy, Limits.NONE);
    }

    static Acceptance request(
            FunctionDescription function,
            Map<String, ?> parameters,
            int axis,
            ChunkSize size,
            Strategy strategy,
            Limits limits) {
        return new Acceptance(
                Optional.empty(), function, parameters, Topics.DEFAULT_POOL, strategy, Fold.CONCAT, axis, size, limits);
    }

    /** How the job ended; fails where it does not end in good time. */
    static JobState.Terminal end(JobHandle job) {
        return job.ended().orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
    }

    /** The file of a COMPLETED job's result. */
    static Path result(JobHandle job) {
        JobState.Terminal end = end(job);
        return end.result()
                .map(result -> Path.of(URI.create(result.uri())))
                .orElseThrow(() -> new AssertionError("job " + job.id() + " is " + end));
    }

    @Override
    public void close() {
        map.close();
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

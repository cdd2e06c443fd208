package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.producer.client.ChunkOutcome;
import io.fanfold.producer.client.JobFailedException;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.Outcomes;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/guide/java.md} shows, on a fleet with the names that a fleet has if it is told nothing else. */
final class JavaGuideIT {
    @TempDir
    private static Path directory;

    private static String bootstrapServers;
    private static Worker worker;
    private static Aggregator aggregator;
    private static ParallelMap map;

    @BeforeAll
    static void start() {
        bootstrapServers = TestBroker.of(BrokerKind.IN_JVM).bootstrapServers();
        KafkaSettings kafka = KafkaSettings.at(bootstrapServers);
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.create(new TopicLayout(Set.of(Topics.DEFAULT_POOL), 4, 2, 1));
        }
        worker = Worker.start(WorkerSettings.of(kafka), FunctionRegistry.builtIn(), new SimpleMeterRegistry());
        aggregator = Aggregator.start(
                new AggregatorSettings(kafka, "aggregator-1", directory.resolve("store"), Optional.empty()),
                new SimpleMeterRegistry());
        map = ParallelMap.connect(bootstrapServers);
    }

    @AfterAll
    static void stop() {
        map.close();
        worker.close();
        aggregator.close();
    }

    private static double[] numbers() {
        return DoubleStream.iterate(1, x -> x + 1).limit(300).toArray();
    }

    @Test
    void theFirstOne() throws Exception {
        double[] values;
        try (ParallelMap map = ParallelMap.connect(bootstrapServers)) {
            ArraySlice roots = map.map("sqrt", ArraySlice.of(new double[] {1, 4, 9}));
            values = roots.toDoubles(); // 1, 2, 3
        }

        assertThat(values).containsExactly(1, 2, 3);
    }

    @Test
    void aRequestSaysMore() throws Exception {
        double[] numbers = numbers();

        MapRequest request = MapRequest.of("scale").with("factor", 2.5).inChunks(8);
        JobHandle job = map.submit(request, ArraySlice.of(numbers, 100, 3)); // 100 rows of 3
        ArraySlice scaled = job.result().get(1, TimeUnit.MINUTES);

        assertThat(scaled.shape().dims()).containsExactly(100, 3);
        assertThat(scaled.toDoubles()[299]).isEqualTo(750);
    }

    @Test
    void files() throws Exception {
        Path in = Files.write(directory.resolve("x.npy"), Npy.encode(ArraySlice.of(numbers())));
        Path out = directory.resolve("y.npy");

        try (Arena arena = Arena.ofShared()) {
            JobHandle job = map.submit(MapRequest.of("sqrt"), Npy.map(in, arena));
            job.resultTo(out).join();
        }

        assertThat(Npy.map(out, Arena.global()).toDoubles()[3]).isEqualTo(2);
    }

    @Test
    void progress() {
        JobHandle job = map.submit(MapRequest.of("sqrt"), ArraySlice.of(numbers()));

        JobState.Progress progress = job.progress();
        System.out.println(progress.done() + " of " + job.count().orElseThrow() + " chunks are done");

        assertThat(job.result().orTimeout(1, TimeUnit.MINUTES).join().toDoubles())
                .hasSize(300);
    }

    @Test
    void chunkByChunk() {
        JobHandle job = map.submit(MapRequest.of("sqrt").inChunks(6), ArraySlice.of(numbers()));
        double sum = 0;
        List<String> failures = new ArrayList<>();

        try (Outcomes outcomes = job.outcomes()) {
            for (ChunkOutcome outcome : outcomes) {
                switch (outcome) {
                    case ChunkOutcome.Computed chunk ->
                        sum += Arrays.stream(chunk.array().toDoubles()).sum();
                    case ChunkOutcome.Failed chunk ->
                        failures.add(chunk.index() + ": " + chunk.failure().message());
                }
            }
        }

        assertThat(sum).isCloseTo(Arrays.stream(numbers()).map(Math::sqrt).sum(), within(1e-6));
        assertThat(failures).isEmpty();
    }

    @Test
    void failures() throws Exception {
        ArraySlice bytes = bytes();
        MapRequest tooMuch = MapRequest.of("scale").with("factor", 1000);
        List<ArraySlice> results = new ArrayList<>();
        List<String> said = new ArrayList<>();

        try {
            results.add(map.map(tooMuch, bytes));
        } catch (JobFailedException e) {
            JobState.FailedChunk chunk = e.chunk().orElseThrow();
            said.add(chunk.index() + ": " + chunk.failure().message());
        }

        assertThat(results).isEmpty();
        assertThat(said).singleElement().asString().contains("factor 1000 does not fit int8");
    }

    private static ArraySlice bytes() {
        return new ArraySlice(DType.parse("|i1"), Shape.of(20), Order.C, MemorySegment.ofArray(new byte[20]));
    }

    @Test
    void timeouts() throws Exception {
        MapRequest slow = MapRequest.of("sleep").with("ms", 600_000).inChunks(1);
        JobHandle job = map.submit(slow, ArraySlice.of(numbers()));
        List<ArraySlice> results = new ArrayList<>();

        try {
            results.add(job.result().get(100, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            job.cancel("it took too long"); // without this the job goes on
        }

        assertThat(results).isEmpty();
        assertThatThrownBy(() -> job.result().orTimeout(1, TimeUnit.MINUTES).join())
                .isInstanceOf(CancellationException.class);
    }

    @Test
    void foundAgain() {
        ArraySlice array = ArraySlice.of(numbers());

        JobHandle job = map.submit(MapRequest.of("sqrt").withKey("orders-2026-06-01"), array);
        String id = job.id().value();

        JobHandle byId = map.attach(new JobId(id)).orElseThrow();
        JobHandle byKey = map.attach("orders-2026-06-01").orElseThrow();
        JobHandle again = map.submit(MapRequest.of("sqrt").withKey("orders-2026-06-01"), array);

        assertThat(List.of(byId.id(), byKey.id(), again.id())).containsOnly(job.id());
        assertThat(again.result().orTimeout(1, TimeUnit.MINUTES).join().toDoubles()[3])
                .isEqualTo(2);
    }

    @Test
    void severalJobs() {
        List<ArraySlice> arrays = List.of(ArraySlice.of(numbers()), ArraySlice.of(new double[] {1, 4, 9}));

        List<JobHandle> jobs = arrays.stream()
                .map(array -> map.submit(MapRequest.of("sqrt"), array))
                .toList();
        CompletableFuture.allOf(jobs.stream().map(JobHandle::ended).toArray(CompletableFuture[]::new))
                .join();

        assertThat(jobs).allMatch(JobHandle::over);
    }

    @Test
    void keepGoing() {
        JobHandle job = map.submit(MapRequest.of("sqrt").keepGoing(), ArraySlice.of(numbers()));
        ArraySlice result = job.result().join();
        long failed = job.report().failed();

        assertThat(result.toDoubles()).hasSize(300);
        assertThat(failed).isZero();
    }
}

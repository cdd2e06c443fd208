package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.producer.client.Changes;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.Revisions;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.S3Server;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A fleet whose aggregators share a bucket: results go there, come from there, and are made whole there. */
final class S3StoreIT {
    private static final ArraySlice ARRAY = new RandomArrays(11).of(DType.parse("<f8"), Shape.of(64, 4096), Order.C);

    @TempDir
    static Path files;

    @TempDir
    private Path plugins;

    private static S3Server server;

    @BeforeAll
    static void start() throws IOException {
        S3Server.PROPERTIES.forEach(System::setProperty);
        server = S3Server.start(files);
        try (S3Client client = S3Client.builder()
                .endpointOverride(server.endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .build()) {
            client.createBucket(create -> create.bucket("results"));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        S3Server.PROPERTIES.keySet().forEach(System::clearProperty);
    }

    private static Aggregator aggregator(Fleet fleet, String name) {
        StoreAddress bucket = StoreAddress.parse(
                "s3://results/" + fleet.kafka().topics().prefix(),
                Optional.of(server.endpoint().toString()));
        return fleet.aggregator(new AggregatorSettings(
                fleet.kafka(),
                name,
                bucket,
                fleet.store(name),
                Optional.empty(),
                Folds.builtIn(),
                Policy.DEFAULT,
                Moments.NONE));
    }

    private static byte[] read(Aggregator aggregator, JobId job) throws IOException {
        try (InputStream in = aggregator.results().read(Publisher.result(job), 0)) {
            return in.readAllBytes();
        }
    }

    @Test
    void anAggregatorThatLeavesIsFollowedByOneThatSharesTheBucket() throws Exception {
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM)) {
            Aggregator first = aggregator(fleet, "first");
            fleet.worker("worker");
            JobHandle before = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(8));
            ResultInfo result = Fleet.end(before).result().orElseThrow();
            assertThat(result.uri()).startsWith("s3://results/");
            assertThat(result.inline()).isEmpty();
            JobHandle job = fleet.submit(fleet.function("sleep"), Map.of("ms", 50), ARRAY, 1, new ChunkSize.Count(64));
            await().atMost(Fleet.LONG).until(() -> job.progress().done() >= 5);

            first.close();
            Aggregator second = aggregator(fleet, "second");

            assertThat(Fleet.end(job).result()).isPresent();
            assertThat(read(second, job.id())).isEqualTo(Npy.encode(ARRAY));
            assertThat(read(second, before.id())).isEqualTo(Npy.encode(ARRAY));
            assertThat(second.resultsElsewhere()).isZero();
        }
    }

    @Test
    void aResultWithHolesIsMadeWholeFromWhatTheBucketKeeps() throws Exception {
        try (Fleet fleet = Fleet.on(BrokerKind.IN_JVM)) {
            Aggregator aggregator = aggregator(fleet, "only");
            fleet.worker(fleet.settings("worker"), FunctionRegistry.load(Plugins.brittle(plugins.resolve("jars"))));
            ArraySlice rows = longs(x -> x);
            JobHandle job = fleet.submit(
                    new Acceptance(
                            Optional.empty(),
                            fleet.function("brittle@1"),
                            Map.of("fails", "0,8"),
                            Topics.DEFAULT_POOL,
                            Strategy.THREADS,
                            Fold.CONCAT,
                            new ErrorPolicy.KeepGoing(9),
                            1,
                            new ChunkSize.Count(10),
                            Limits.NONE),
                    rows);
            ResultInfo holed = Fleet.end(job).result().orElseThrow();
            assertThat(holed.holes().orElseThrow().chunks()).isEqualTo(2);

            JobId revision = replay(fleet, job.id());

            assertThat(read(aggregator, revision)).isEqualTo(Npy.encode(longs(x -> 3 * x + 1)));
        }
    }

    private static JobId replay(Fleet fleet, JobId job) {
        try (Revisions revisions =
                Revisions.connect(fleet.kafka(), "replay", Optional.empty(), new SimpleMeterRegistry())) {
            JobHandle again = revisions
                    .replay(job, new Changes(Optional.of("brittle@2"), Map.of(), Optional.empty()))
                    .job();
            assertThat(Fleet.end(again).end()).isEqualTo(JobState.End.COMPLETED);
            return again.id();
        }
    }

    /** 4 rows of 22 numbers, counted through. */
    private static ArraySlice longs(LongUnaryOperator f) {
        long[] numbers = LongStream.range(0, 88).map(f).toArray();
        return new ArraySlice(DType.parse("<i8"), Shape.of(4, 22), Order.C, MemorySegment.ofArray(numbers));
    }
}

package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Moments.Moment;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Aggregators that take over from one another in the middle of jobs. */
final class AggregatorSuccessionIT {
    private static final long CHECKPOINT_BYTES = 3000;

    @TempDir
    Path directory;

    private final KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).mortalFleet();
    private int jobsMade;

    private AggregatorJvm.Place place(String name, String store) {
        return new AggregatorJvm.Place(
                kafka, name, directory.resolve(store), directory.resolve(name + "-spool"), CHECKPOINT_BYTES);
    }

    /** One in this JVM, with the results of all. */
    private Aggregator aggregator(String name) {
        AggregatorSettings settings = new AggregatorSettings(
                kafka,
                name,
                new StoreAddress.Directory(directory.resolve("store")),
                directory.resolve(name + "-spool"),
                Optional.empty(),
                Folds.builtIn(),
                Policy.DEFAULT,
                Moments.NONE);
        return Aggregator.start(settings, new SimpleMeterRegistry());
    }

    private ResultWatch watch(String... stores) {
        return new ResultWatch(
                kafka, java.util.Arrays.stream(stores).map(directory::resolve).toArray(Path[]::new));
    }

    /** A job of each form, on each of both partitions. */
    private List<HandJob> jobs(ResultWatch watch) {
        List<HandJob> jobs = new ArrayList<>();
        for (HandJob.Form form : HandJob.Form.values()) {
            jobs.add(job(watch, form, 0));
            jobs.add(job(watch, form, 1));
        }
        return jobs;
    }

    private HandJob job(ResultWatch watch, HandJob.Form form, int partition) {
        HandJob job = HandJob.of(form, ++jobsMade, partition);
        watch.expect(job);
        job.accept(kafka);
        return job;
    }

    private static void awaitDone(ResultWatch watch, List<HandJob> jobs, int chunks) {
        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(jobs)
                        .allSatisfy(job -> assertThat(watch.done(job)).isGreaterThanOrEqualTo(chunks)));
    }

    private void assertCompletedOnce(ResultWatch watch, List<HandJob> jobs) {
        await().atMost(Fleet.LONG).untilAsserted(() -> assertThat(watch.open()).isEmpty());
        assertThat(jobs)
                .allSatisfy(job -> assertThat(watch.ends(job))
                        .as(job.toString())
                        .singleElement()
                        .satisfies(end -> assertThat(end.end()).isEqualTo(JobState.End.COMPLETED)));
        assertThat(watch.wrong()).isEmpty();
    }

    @Test
    void aSuccessorWithAnEmptyStoreFinishesFromTheTopicAlone() {
        try (ResultWatch watch = watch("one", "other");
                AggregatorJvm one = AggregatorJvm.start(place("one", "one")).joined()) {
            List<HandJob> jobs = jobs(watch);
            jobs.forEach(job -> job.write(kafka, 0, 9));
            awaitDone(watch, jobs, 9);
            try (AggregatorJvm other =
                    AggregatorJvm.start(place("other", "other")).joined()) {
                one.kill();
                jobs.forEach(job -> job.write(kafka, 9, job.outcomes().size()));
                assertCompletedOnce(watch, jobs);
                assertThat(jobs)
                        .allSatisfy(job -> assertThat(watch.ends(job)
                                        .getFirst()
                                        .result()
                                        .orElseThrow()
                                        .uri())
                                .as(other.toString())
                                .contains("/other/"));
            }
        }
    }

    @Test
    void partitionsThatMoveToAndFroLoseNothing() {
        try (ResultWatch watch = watch("store");
                Aggregator stays = aggregator("stays")) {
            List<HandJob> jobs = jobs(watch);
            int chunks = jobs.getFirst().outcomes().size();
            for (int chunk = 0; chunk < chunks; chunk += 3) {
                int from = chunk;
                int to = Math.min(chunks, chunk + 3);
                try (Aggregator comesAndGoes = aggregator("comes-and-goes")) {
                    jobs.forEach(job -> job.write(kafka, from, to));
                    await().atMost(Fleet.LONG).until(() -> assigned().equals(List.of(1, 1)));
                    assertThat(comesAndGoes.failure()).isEmpty();
                }
            }
            assertCompletedOnce(watch, jobs);
            assertThat(stays.failure()).isEmpty();
        }
    }

    /** Its work is done by another meanwhile. When it comes back it finds itself in the middle of saying, or doing, the same. */
    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"WRITTEN", "CHECKPOINTED", "COMMITTED", "STITCHED", "RESULT_SYNCED", "RENAMED", "ENDED", "REMOVED"
            })
    void anAggregatorThatWasAsleepDoesNoHarmWhenItWakes(Moment moment) {
        try (ResultWatch watch = watch("store");
                AggregatorJvm sleeper = AggregatorJvm.holding(
                        place("sleeper", "store"), new AggregatorJvm.At(moment, moment == Moment.WRITTEN ? 12 : 1))) {
            List<HandJob> jobs = jobs(watch);
            jobs.forEach(job -> job.write(kafka, 0, job.outcomes().size() - 1));
            awaitDoneOr(watch, jobs, sleeper);
            jobs.forEach(job ->
                    job.write(kafka, job.outcomes().size() - 1, job.outcomes().size()));
            sleeper.awaitHolding();
            sleeper.pause();
            try (Aggregator awake = aggregator("awake")) {
                assertCompletedOnce(watch, jobs);
                sleeper.goOn();
                sleeper.resume();
                HandJob early = job(watch, HandJob.Form.ALIGNED, 0);
                early.write(kafka, 0, early.outcomes().size());
                assertCompletedOnce(watch, List.of(early));
                assertThat(awake.failure()).isEmpty();
            }
            HandJob late = job(watch, HandJob.Form.STITCHED, 1);
            late.write(kafka, 0, late.outcomes().size());
            await().atMost(Fleet.LONG)
                    .untilAsserted(() ->
                            assertThat(watch.ended(late)).as(sleeper.toString()).isTrue());
            jobs.add(late);
            assertCompletedOnce(watch, jobs);
            assertThat(sleeper.alive()).as(sleeper.toString()).isTrue();
        }
    }

    private static void awaitDoneOr(ResultWatch watch, List<HandJob> jobs, AggregatorJvm holding) {
        await().atMost(Fleet.LONG)
                .until(() -> holding.said().contains(AggregatorMain.HOLDING)
                        || jobs.stream()
                                .allMatch(
                                        job -> watch.done(job) >= job.outcomes().size() - 1));
    }

    /** What its former self still does in the background must not meet what it does now. */
    @ParameterizedTest
    @EnumSource(
            value = Moment.class,
            names = {"SYNCED", "STITCHED", "RESULT_SYNCED", "RENAMED", "REMOVED"})
    void anAggregatorThatLosesItsPartitionsWhileItPublishesAndGetsThemBackBuildsTheirJobsAnew(Moment moment) {
        try (ResultWatch watch = watch("store");
                AggregatorJvm alone = AggregatorJvm.holding(place("alone", "store"), new AggregatorJvm.At(moment, 1))) {
            List<HandJob> jobs = jobs(watch);
            jobs.forEach(job -> job.write(kafka, 0, job.outcomes().size() - 1));
            awaitDoneOr(watch, jobs, alone);
            jobs.forEach(job ->
                    job.write(kafka, job.outcomes().size() - 1, job.outcomes().size()));
            alone.awaitHolding();
            alone.pause();
            await().atMost(Fleet.LONG).until(() -> assigned().isEmpty());
            alone.resume();
            await().atMost(Fleet.LONG).until(() -> assigned().equals(List.of(2)) && owned(alone) == 2);
            alone.goOn();
            await().atMost(Fleet.LONG)
                    .untilAsserted(() ->
                            assertThat(watch.open()).as("%s %s", alone, watch).isEmpty());
            assertCompletedOnce(watch, jobs);
        }
    }

    private static long owned(AggregatorJvm aggregator) {
        return aggregator.said().stream()
                .filter(line -> line.contains("assignment changed partitions=\"2\""))
                .count();
    }

    /** How many partitions each member of the group has. */
    private List<Integer> assigned() {
        String group = kafka.topics().aggregatorGroup();
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            return admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get().members().stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .toList();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}

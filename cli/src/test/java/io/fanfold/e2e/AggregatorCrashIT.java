package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.store.Moments.Moment;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Aggregators that are killed at any moment, and what anybody sees of their results meanwhile. */
final class AggregatorCrashIT {
    private static final int OF_EACH_MOMENT = 4;
    private static final int FROM_OUTSIDE = 10;
    /** So many aggregators, each with topics of its own, die side by side: most of a death is waiting. */
    private static final int CAMPAIGNS = 4;

    private static final int PARTITIONS = 2;
    /** Two or three outcomes of the jobs here. */
    private static final long CHECKPOINT_BYTES = 3000;

    /** A job's outcomes come in so many steps, of so many each. */
    private static final int STEPS = 3;

    private static final int STEP = 7;

    private static final Duration PATIENCE = Fleet.LONG;

    @TempDir
    Path directory;

    /** How an aggregator dies: at a moment of its own, or killed some milliseconds after it has partitions. */
    private record Death(Optional<AggregatorJvm.At> bomb, long millis) {
        @Override
        public String toString() {
            return bomb.map(AggregatorJvm.At::toString).orElse("after " + millis + " ms");
        }
    }

    private static Deque<Death> deaths(Random random) {
        List<Death> deaths = new ArrayList<>();
        for (Moment moment : Moment.values()) {
            for (int i = 0; i < OF_EACH_MOMENT; i++) {
                int times = switch (moment) {
                    case WRITTEN -> 40;
                    case SYNCED, CHECKPOINTED, MARKED -> 4;
                    case COMMITTED, STITCHED, ENDED -> 2;
                    case RESULT_SYNCED, RENAMED, REMOVED -> 3;
                };
                deaths.add(new Death(Optional.of(new AggregatorJvm.At(moment, 1 + random.nextInt(times))), 0));
            }
        }
        for (int i = 0; i < FROM_OUTSIDE; i++) {
            deaths.add(new Death(Optional.empty(), random.nextInt(1000)));
        }
        Collections.shuffle(deaths, random);
        return new ArrayDeque<>(deaths);
    }

    @Test
    void whereverAnAggregatorIsKilledResultsAreWholeAndEndsAreSaidOnce() throws Exception {
        long seed = System.nanoTime();
        System.out.println("AggregatorCrashIT seed " + seed);
        Deque<Death> deaths = deaths(new Random(seed));
        int each = Math.ceilDiv(deaths.size(), CAMPAIGNS);
        List<Future<Set<Moment>>> campaigns = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CAMPAIGNS)) {
            for (int i = 0; i < CAMPAIGNS; i++) {
                List<Death> mine = Stream.generate(deaths::poll)
                        .limit(Math.min(each, deaths.size()))
                        .toList();
                Campaign campaign = new Campaign(i, seed + i, mine, directory.resolve("campaign-" + i));
                campaigns.add(threads.submit(campaign::run));
            }
            Set<Moment> died = EnumSet.noneOf(Moment.class);
            for (Future<Set<Moment>> campaign : campaigns) {
                died.addAll(campaign.get());
            }
            assertThat(died).containsExactlyInAnyOrder(Moment.values());
        }
    }

    /** A job whose outcomes come in any order, some of them twice, and not all at once. */
    private record Piecemeal(HandJob job, Deque<Integer> left, Set<Integer> written) {
        static Piecemeal of(HandJob job, Random random) {
            List<Integer> order = new ArrayList<>(
                    IntStream.range(0, job.outcomes().size()).boxed().toList());
            order.addAll(order.subList(0, 3));
            Collections.shuffle(order, random);
            return new Piecemeal(job, new ArrayDeque<>(order), new HashSet<>());
        }

        void write(KafkaSettings kafka, int most) {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (int i = 0; i < most && !left.isEmpty(); i++) {
                written.add(left.peek());
                records.add(job.outcome(kafka, left.poll()));
            }
            Raw.writeFast(kafka, records);
        }

        void writeAll(KafkaSettings kafka) {
            write(kafka, Integer.MAX_VALUE);
        }

        /** Whether the aggregator has said that it has all that was written. */
        boolean taken(ResultWatch watch) {
            return watch.ended(job) || watch.done(job) >= written.size();
        }
    }

    /** One aggregator after the other, each of which dies, and jobs that go on all the while. */
    private static final class Campaign {
        private final String name;
        private final Random random;
        private final List<Death> deaths;
        private final KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).mortalFleet();
        private final Path store;
        private final Path spool;
        private final Set<Moment> died = EnumSet.noneOf(Moment.class);
        private final List<HandJob> jobs = new ArrayList<>();
        private final List<Piecemeal> lasting = new ArrayList<>();
        private final List<String> story = new ArrayList<>();

        Campaign(int number, long seed, List<Death> deaths, Path directory) {
            this.name = "campaign-" + number;
            this.random = new Random(seed);
            this.deaths = deaths;
            this.store = directory.resolve("store");
            this.spool = directory.resolve("spool");
        }

        /** The moments at which it died. */
        Set<Moment> run() throws IOException {
            try (ResultWatch watch = new ResultWatch(kafka, store)) {
                for (Death death : deaths) {
                    die(death, watch);
                }
                try (AggregatorJvm last = AggregatorJvm.start(place())) {
                    lasting.forEach(job -> job.writeAll(kafka));
                    await().atMost(PATIENCE).until(() -> !last.alive() || watch.allEnded());
                    assertThat(watch.open()).as("%s %s %s", name, story, last).isEmpty();
                    last.stop();
                }
                assertThat(watch.wrong()).as("%s %s", name, story).isEmpty();
                assertThat(jobs)
                        .allSatisfy(job -> assertThat(watch.ends(job))
                                .as("%s %s", name, job)
                                .singleElement()
                                .satisfies(end -> assertThat(end.end()).isEqualTo(JobState.End.COMPLETED)));
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(spool)
                                .as("what is left of %s", name)
                                .isDirectoryNotContaining("glob:**.{part,list,failures,stitched}"));
            }
            System.out.println(name + ": " + jobs.size() + " jobs, died at " + story);
            return died;
        }

        private AggregatorJvm.Place place() {
            return new AggregatorJvm.Place(kafka, name, store, spool, CHECKPOINT_BYTES);
        }

        private void die(Death death, ResultWatch watch) throws IOException {
            List<Piecemeal> before = List.copyOf(lasting);
            lasting.clear();
            List<Piecemeal> begun = begin(watch);
            if (random.nextInt(5) == 0) {
                story.add("empty disk");
                empty(spool);
            }
            story.add(death.toString());
            try (AggregatorJvm doomed = death.bomb().isPresent()
                    ? AggregatorJvm.dying(place(), death.bomb().get())
                    : AggregatorJvm.start(place())) {
                lasting.add(begun.getLast());
                if (death.bomb().isPresent()) {
                    goOn(Stream.concat(before.stream(), begun.stream()).toList(), doomed, watch);
                    awaitDeath(doomed, death.bomb().get(), watch);
                } else if (!doomed.joined().endedWithin(death.millis())) {
                    doomed.kill();
                }
                Stream.concat(before.stream(), begun.stream())
                        .filter(job -> !lasting.contains(job))
                        .forEach(job -> job.writeAll(kafka));
            }
            assertThat(watch.wrong()).as("%s %s", name, story).isEmpty();
        }

        /** Lets jobs grow by and by, so that there is something to write down in between. */
        private void goOn(List<Piecemeal> growing, AggregatorJvm doomed, ResultWatch watch) {
            for (int step = 0; step < STEPS && doomed.alive(); step++) {
                await().atMost(PATIENCE)
                        .until(() -> !doomed.alive() || growing.stream().allMatch(job -> job.taken(watch)));
                growing.stream()
                        .filter(job -> !lasting.contains(job) || job.left().size() > STEP)
                        .forEach(job -> job.write(kafka, STEP));
            }
        }

        /** Where a moment does not come as often as was thought, there is nothing left to do, and it is killed. */
        private void awaitDeath(AggregatorJvm doomed, AggregatorJvm.At bomb, ResultWatch watch) {
            await().atMost(PATIENCE).until(() -> !doomed.alive() || watch.open().size() <= lasting.size());
            if (doomed.endedWithin(1000)) {
                assertThat(doomed.exitCode())
                        .as("%s %s %s", name, story, doomed)
                        .isEqualTo(AggregatorMain.KILLED);
                died.add(bomb.moment());
            } else {
                story.add("(not reached)");
                doomed.kill();
            }
        }

        /** Three jobs more, with some of their outcomes. */
        private List<Piecemeal> begin(ResultWatch watch) {
            HandJob.Form[] forms = HandJob.Form.values();
            List<Piecemeal> begun = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                HandJob.Form form = forms[random.nextInt(forms.length)];
                HandJob job = HandJob.of(form, random.nextLong(), random.nextInt(PARTITIONS));
                jobs.add(job);
                watch.expect(job);
                job.accept(kafka);
                Piecemeal pieces = Piecemeal.of(job, random);
                pieces.write(kafka, 1 + random.nextInt(STEP));
                begun.add(pieces);
            }
            return begun;
        }
    }

    private static void empty(Path spool) throws IOException {
        if (Files.exists(spool)) {
            try (Stream<Path> files = Files.list(spool)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** When the aggregator has last written down how far a partition is; 0: never. */
    private static long lastMark(AggregatorJvm.Place place) {
        try (Stream<Path> files = Files.exists(place.spool()) ? Files.list(place.spool()) : Stream.empty()) {
            return files.map(Path::toFile)
                    .filter(file -> file.getName().startsWith("partition~")
                            && file.getName().endsWith(".state"))
                    .mapToLong(file -> file.lastModified())
                    .max()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aRestartAfterAKillReadsOnFromTheLastCheckpoint() {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).mortalFleet();
        HandJob job = HandJob.of(HandJob.Form.STITCHED, 1, 0, 100, 20, 0);
        long bytes = 20L * 5 * Long.BYTES;
        AggregatorJvm.Place place = place(kafka, 8 * bytes);
        try (ResultWatch watch = new ResultWatch(kafka, place.store())) {
            watch.expect(job);
            job.accept(kafka);
            int checkpoints = 0;
            try (AggregatorJvm first = AggregatorJvm.dying(place, new AggregatorJvm.At(Moment.MARKED, 3))) {
                for (; checkpoints * 20 < 80 && first.alive(); checkpoints++) {
                    int until = (checkpoints + 1) * 20;
                    long marked = lastMark(place);
                    job.write(kafka, checkpoints * 20, until);
                    await().atMost(Fleet.LONG)
                            .until(() -> !first.alive() || (watch.done(job) == until && lastMark(place) > marked));
                }
                assertThat(first.exitCode()).isEqualTo(AggregatorMain.KILLED);
            }
            assertGoesOn(place, job, watch, checkpoints * 20, 24);
        }
    }

    @Test
    void aRestartAfterACloseReadsOnFromWhereItWas() {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
        HandJob job = HandJob.of(HandJob.Form.RAGGED_HOLES, 1, 1, 100, 20, 5);
        AggregatorJvm.Place place = place(kafka, 10_000);
        try (ResultWatch watch = new ResultWatch(kafka, place.store())) {
            watch.expect(job);
            job.accept(kafka);
            job.write(kafka, 0, 80);
            try (AggregatorJvm first = AggregatorJvm.start(place).joined()) {
                await().atMost(Fleet.LONG).until(() -> watch.done(job) == 80);
                first.stop();
            }
            assertGoesOn(place, job, watch, 80, 80);
        }
    }

    private AggregatorJvm.Place place(KafkaSettings kafka, long checkpointBytes) {
        return new AggregatorJvm.Place(
                kafka, "lasting", directory.resolve("store"), directory.resolve("spool"), checkpointBytes);
    }

    /** The successor on the same disk reads what is behind the checkpoint, of which {@code least} outcomes are in front, and no more. */
    private static void assertGoesOn(
            AggregatorJvm.Place place, HandJob job, ResultWatch watch, int written, int least) {
        job.write(place.kafka(), written, 100);
        try (AggregatorJvm second = AggregatorJvm.start(place)) {
            await().atMost(Fleet.LONG).until(() -> watch.ended(job));
            Map<String, Long> counted = second.counted();
            assertThat(counted.get("placed")).as(second.toString()).isBetween(100L - written, 100L - least);
            assertThat(counted).containsEntry("duplicate", 0L);
            assertThat(watch.wrong()).isEmpty();
            assertThat(watch.ends(job))
                    .singleElement()
                    .satisfies(end -> assertThat(end.end()).isEqualTo(JobState.End.COMPLETED));
        }
    }
}

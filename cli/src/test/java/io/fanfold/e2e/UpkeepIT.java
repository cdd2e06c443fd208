package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.testkit.BrokerKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of results and of jobs after their end: rebuilt, LOST, EXPIRED, forgotten. */
final class UpkeepIT {
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATE = Duration.ofHours(1);

    private Fleet fleet;
    private long seed = 100;

    @BeforeEach
    void start() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
    }

    @AfterEach
    void stop() {
        fleet.close();
    }

    private static Policy policy(Duration purgeAfter, Duration abandonAfter, Duration keep, Duration forgetAfter) {
        return new Policy(
                purgeAfter,
                abandonAfter,
                keep.equals(LATE) ? Optional.empty() : Optional.of(keep),
                forgetAfter,
                Optional.of(SOON),
                SOON,
                Policy.DEFAULT.checkpointBytes());
    }

    private static final Policy KEEPING = policy(LATE, LATE, LATE, LATE);
    private static final Policy PURGING = policy(Duration.ZERO, LATE, LATE, LATE);

    private Aggregator aggregator(Policy policy) {
        return aggregator(policy, "results");
    }

    private Aggregator aggregator(Policy policy, String store) {
        return fleet.aggregator(
                new AggregatorSettings(fleet.kafka(), "only", fleet.store(store), Optional.empty()).with(policy));
    }

    /** A job whose result is too large to ride in its state, or a small one; done. */
    private HandJob completed(HandJob.Form form, int width) {
        HandJob job = HandJob.of(form, ++seed, 0, 17, 8, width);
        job.write(fleet.kafka());
        await().atMost(Fleet.LONG).until(() -> terminals(job).size() == 1);
        assertThat(terminals(job).getFirst().end()).isEqualTo(JobState.End.COMPLETED);
        return job;
    }

    private HandJob large(HandJob.Form form) {
        return completed(form, 4000);
    }

    private Path file(HandJob job) {
        return fleet.store("results").resolve(job.id() + ".npy");
    }

    private List<ConsumerRecord<byte[], byte[]>> states() {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().states());
    }

    private List<JobState.Terminal> terminals(HandJob job) {
        return said(job, JobState.Terminal.class);
    }

    private <T> List<T> said(HandJob job, Class<T> kind) {
        return states().stream()
                .filter(record -> record.value() != null)
                .flatMap(record -> {
                    try {
                        return Records.state(record).stream();
                    } catch (WireException e) {
                        return Stream.empty();
                    }
                })
                .filter(state -> state.job().equals(job.id()) && kind.isInstance(state))
                .map(kind::cast)
                .toList();
    }

    private void untilThereAgain(HandJob job) {
        await().atMost(Fleet.LONG)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(Files.readAllBytes(file(job))).isEqualTo(bytes(job)));
        assertThat(said(job, JobState.Gone.class)).isEmpty();
        assertThat(terminals(job)).hasSize(1);
    }

    private static byte[] bytes(HandJob job) {
        byte[] bytes = new byte[job.result().remaining()];
        job.result().duplicate().get(bytes);
        return bytes;
    }

    private void untilPurged() {
        TopicPartition outcomes = new TopicPartition(fleet.kafka().topics().outcomes(), 0);
        try (Admin admin = Admin.create(fleet.kafka().admin("test"))) {
            await().atMost(Fleet.LONG)
                    .until(() -> offset(admin, outcomes, OffsetSpec.earliest())
                            == offset(admin, outcomes, OffsetSpec.latest()));
        }
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec which) throws Exception {
        return admin.listOffsets(Map.of(partition, which))
                .partitionResult(partition)
                .get()
                .offset();
    }

    @ParameterizedTest
    @EnumSource(HandJob.Form.class)
    void aResultThatIsDeletedIsThereAgainWithTheSameBytes(HandJob.Form form) throws IOException {
        Aggregator _ = aggregator(KEEPING);
        HandJob job = large(form);

        Files.delete(file(job));

        untilThereAgain(job);
    }

    @Test
    void aResultThatIsCutOffIsMadeAgain() throws IOException {
        Aggregator _ = aggregator(KEEPING);
        HandJob job = large(HandJob.Form.ALIGNED);

        try (RandomAccessFile result = new RandomAccessFile(file(job).toFile(), "rw")) {
            result.setLength(result.length() - 1);
        }

        untilThereAgain(job);
    }

    @Test
    void aByteThatIsAnotherIsFoundAtTheNextStart() throws IOException {
        Aggregator first = aggregator(KEEPING);
        HandJob job = large(HandJob.Form.STITCHED);
        first.close();
        try (RandomAccessFile result = new RandomAccessFile(file(job).toFile(), "rw")) {
            result.seek(5000);
            int value = result.read();
            result.seek(5000);
            result.write(value ^ 1);
        }
        assertThat(Files.readAllBytes(file(job))).isNotEqualTo(bytes(job));

        Aggregator _ = aggregator(KEEPING);

        untilThereAgain(job);
    }

    @Test
    void theMaskAndTheErrorsOfAResultAreMadeAgainWithIt() throws IOException {
        Aggregator _ = aggregator(KEEPING);
        HandJob job = large(HandJob.Form.HOLES);
        Path mask = fleet.store("results").resolve(job.id() + ".mask.npy");
        byte[] before = Files.readAllBytes(mask);

        Files.delete(mask);

        await().atMost(Fleet.LONG).untilAsserted(() -> assertThat(mask).hasBinaryContent(before));
        untilThereAgain(job);
    }

    @Test
    void aResultThatCannotBeRebuiltIsLostAndItsEndStands() throws IOException {
        Aggregator _ = aggregator(PURGING);
        HandJob job = large(HandJob.Form.ALIGNED);
        untilPurged();

        Files.delete(file(job));

        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(said(job, JobState.Gone.class))
                        .singleElement()
                        .satisfies(gone -> {
                            assertThat(gone.end()).isEqualTo(JobState.End.LOST);
                            assertThat(gone.error()).contains("no longer in the broker");
                        }));
        assertThat(terminals(job))
                .singleElement()
                .satisfies(end -> assertThat(end.end()).isEqualTo(JobState.End.COMPLETED));
    }

    @Test
    void anAggregatorWhoseDiskWasReplacedRebuildsItsResultsOrSaysThatTheyAreLost() {
        Aggregator first = aggregator(PURGING);
        HandJob lost = large(HandJob.Form.ALIGNED);
        untilPurged();
        first.close();
        Aggregator second = aggregator(KEEPING);
        HandJob kept = large(HandJob.Form.STITCHED);
        second.close();

        Aggregator _ = aggregator(KEEPING, "replaced");

        await().atMost(Fleet.LONG).until(() -> !said(lost, JobState.Gone.class).isEmpty());
        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(fleet.store("replaced").resolve(kept.id() + ".npy"))
                        .hasBinaryContent(bytes(kept)));
        assertThat(said(kept, JobState.Gone.class)).isEmpty();
    }

    @Test
    void outcomesThatWereKeptAreDeletedBySuccessorsThatReadNothingNew() {
        Aggregator first = aggregator(KEEPING);
        HandJob job = large(HandJob.Form.ALIGNED);
        first.close();

        Aggregator _ = aggregator(PURGING);

        untilPurged();
        assertThat(file(job)).hasBinaryContent(bytes(job));
    }

    @Test
    void aSmallResultIsPutBackFromTheRecordOfItsEnd() throws IOException {
        Aggregator _ = aggregator(PURGING);
        HandJob job = completed(HandJob.Form.ALIGNED, 2);
        untilPurged();

        Files.delete(file(job));

        untilThereAgain(job);
    }

    @Test
    void aResultThatWasKeptLongEnoughIsRemovedAndSaidToBeExpired() {
        Aggregator _ = aggregator(policy(LATE, LATE, Duration.ofSeconds(2), LATE));
        HandJob job = large(HandJob.Form.HOLES);

        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(said(job, JobState.Gone.class))
                        .singleElement()
                        .satisfies(gone -> assertThat(gone.end()).isEqualTo(JobState.End.EXPIRED)));
        await().atMost(Fleet.LONG)
                .untilAsserted(
                        () -> assertThat(fleet.store("results")).isDirectoryNotContaining("glob:**" + job.id() + "*"));
    }

    @Test
    void aJobWhoseChunksNeverAllCameExpiresAndOneThatIsSlowDoesNot() {
        HandJob abandoned = HandJob.of(HandJob.Form.ALIGNED, ++seed, 0);
        HandJob slow = HandJob.of(HandJob.Form.ALIGNED, ++seed, 0);
        Raw.write(fleet.kafka(), List.of(abandoned.accepted(fleet.kafka())));
        slow.accept(fleet.kafka());
        abandoned.write(fleet.kafka(), 0, 3);
        slow.write(fleet.kafka(), 0, 3);

        Aggregator _ = aggregator(policy(LATE, Duration.ofSeconds(3), LATE, LATE));

        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(terminals(abandoned))
                        .singleElement()
                        .satisfies(end -> {
                            assertThat(end.end()).isEqualTo(JobState.End.EXPIRED);
                            assertThat(end.error().orElseThrow()).contains("never all sent");
                        }));
        slow.write(fleet.kafka(), 3, slow.outcomes().size());
        abandoned.write(fleet.kafka(), 3, abandoned.outcomes().size());
        await().atMost(Fleet.LONG).until(() -> terminals(slow).size() == 1);
        assertThat(terminals(slow).getFirst().end()).isEqualTo(JobState.End.COMPLETED);
        assertThat(terminals(abandoned)).hasSize(1);
    }

    @Test
    void aJobThatIsForgottenLeavesNoKeysAndItsOutcomesAreThoseOfAStranger() {
        Aggregator _ = aggregator(policy(LATE, Duration.ofSeconds(10), LATE, Duration.ofSeconds(1)));
        HandJob job = HandJob.of(HandJob.Form.ALIGNED, ++seed, 0);
        Raw.write(fleet.kafka(), List.of(job.accepted(fleet.kafka())));

        await().atMost(Fleet.LONG).untilAsserted(() -> {
            assertThat(latest(fleet.kafka().topics().jobs())).containsEntry(job.id() + "/spec", false);
            assertThat(latest(fleet.kafka().topics().states())).containsEntry(job.id() + "/terminal", false);
        });
        job.write(fleet.kafka(), 0, 1);
        HandJob next = large(HandJob.Form.ALIGNED);

        assertThat(terminals(next)).hasSize(1);
        assertThat(terminals(job)).hasSize(1);
        assertThat(Set.copyOf(said(job, JobState.Gone.class))).isEmpty();
    }

    /** Of each key whether its last record has a value. */
    private Map<String, Boolean> latest(String topic) {
        Map<String, Boolean> latest = new HashMap<>();
        Raw.read(fleet.kafka(), topic)
                .forEach(r -> latest.put(new String(r.key(), StandardCharsets.UTF_8), r.value() != null));
        return latest;
    }

    /** The end was said by somebody who made other bytes of the same outcomes. */
    @Test
    void whatIsRebuiltAndHasOtherBytesIsNeverShown() {
        HandJob job = HandJob.of(HandJob.Form.ALIGNED, ++seed, 0, 17, 8, 4000);
        job.write(fleet.kafka());
        ResultInfo other = new ResultInfo(
                "<i8",
                job.spec().shape().toString(),
                job.result().remaining(),
                "00000000",
                file(job).toUri().toString(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ResultInfo.Origin("a store", "only", 0, 16)));
        Raw.write(
                fleet.kafka(),
                List.of(Records.state(fleet.kafka().topics(), JobState.Terminal.completed(job.id(), other))));
        AtomicInteger shown = new AtomicInteger();

        Aggregator _ =
                fleet.aggregator(new AggregatorSettings(fleet.kafka(), "only", fleet.store("results"), Optional.empty())
                        .with(KEEPING)
                        .with((Moments) moment -> shown.addAndGet(moment == Moments.Moment.RENAMED ? 1 : 0)));

        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(said(job, JobState.Gone.class))
                        .singleElement()
                        .satisfies(gone -> assertThat(gone.error()).contains("other bytes")));
        assertThat(shown).hasValue(0);
        assertThat(file(job)).doesNotExist();
    }

    @Test
    void aResultWhoseOutcomesWentWithTheirTopicIsLostAndNewJobsGoOn() throws Exception {
        Aggregator first = aggregator(KEEPING);
        HandJob job = large(HandJob.Form.ALIGNED);
        first.close();
        String outcomes = fleet.kafka().topics().outcomes();
        try (Admin admin = Admin.create(fleet.kafka().admin("test"));
                TopicSetup topics = new TopicSetup(fleet.kafka())) {
            admin.deleteTopics(List.of(outcomes)).all().get();
            await().atMost(Fleet.LONG)
                    .until(() -> !admin.listTopics().names().get().contains(outcomes));
            topics.create(new TopicLayout(Set.of(Topics.DEFAULT_POOL), 6, 2, 1));
        }
        Files.delete(file(job));

        Aggregator _ = aggregator(KEEPING);

        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(said(job, JobState.Gone.class))
                        .singleElement()
                        .satisfies(gone -> assertThat(gone.error()).contains("made anew")));
        HandJob next = large(HandJob.Form.STITCHED);
        assertThat(file(next)).hasBinaryContent(bytes(next));
    }

    @Test
    void anAggregatorOfAnotherNameDoesNotSayOfWhatItNeverHadThatItIsLost() throws IOException {
        Aggregator first = aggregator(PURGING);
        HandJob job = large(HandJob.Form.ALIGNED);
        untilPurged();
        first.close();

        Aggregator other = fleet.aggregator(
                new AggregatorSettings(fleet.kafka(), "other", fleet.store("elsewhere"), Optional.empty())
                        .with(PURGING));

        await().atMost(Fleet.LONG).until(() -> other.resultsElsewhere() == 1);
        assertThat(said(job, JobState.Gone.class)).isEmpty();
        assertThat(file(job)).hasBinaryContent(bytes(job));
    }
}

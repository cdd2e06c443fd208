package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.ChunkOutcome;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.Outcomes;
import io.fanfold.producer.client.OutcomesGoneException;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.testkit.BrokerKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The outcomes of jobs that are written by hand, as a client reads them chunk by chunk. */
final class ChunkOutcomesIT {
    private static final long SEED = 20260611;

    private Fleet fleet;
    private HandJob job;

    @BeforeEach
    void begin() {
        fleet = Fleet.on(BrokerKind.IN_JVM);
        job = HandJob.of(HandJob.Form.ALIGNED, SEED, 1);
    }

    @AfterEach
    void end() {
        fleet.close();
    }

    private KafkaSettings kafka() {
        return fleet.kafka();
    }

    private JobHandle attached(HandJob to) {
        return fleet.map().attach(to.id()).orElseThrow();
    }

    private void said(JobState state) {
        Raw.write(kafka(), List.of(Records.state(kafka().topics(), state)));
    }

    /** COMPLETED, with the offsets of its first and its last outcome. */
    private static JobState.Terminal completed(HandJob job, long first, long last) {
        ResultInfo result = new ResultInfo(
                "<i8",
                "(1,)",
                1,
                "00000000",
                "file:///nowhere",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(new ResultInfo.Origin("store", "by-hand", first, last)));
        return JobState.Terminal.completed(job.id(), result);
    }

    private static JobState.Terminal failed(HandJob job) {
        return JobState.Terminal.ended(job.id(), JobState.End.FAILED, "by hand");
    }

    /** Deletes the outcomes of its partition below an offset. */
    private void delete(long before) throws Exception {
        TopicPartition partition = new TopicPartition(kafka().topics().outcomes(), job.partition());
        try (Admin admin = Admin.create(kafka().admin("test"))) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private static List<ChunkOutcome> all(JobHandle job) {
        try (Outcomes outcomes = job.outcomes()) {
            List<ChunkOutcome> all = new ArrayList<>();
            outcomes.forEach(all::add);
            assertThat(outcomes.over()).isTrue();
            return all;
        }
    }

    private Long[] chunks() {
        return LongStream.range(0, job.outcomes().size()).boxed().toArray(Long[]::new);
    }

    @Test
    void whoeverComesLateIsGivenAllFromTheFirstOnEachOnce() {
        ProducerRecord<byte[], byte[]> malformed = new ProducerRecord<>(
                kafka().topics().outcomes(), job.partition(), null, "hello".getBytes(StandardCharsets.UTF_8));
        HandJob other = HandJob.of(HandJob.Form.ALIGNED, SEED + 1, job.partition());
        other.write(kafka(), 0, 3);
        job.write(kafka());
        Raw.write(kafka(), List.of(malformed, job.outcome(kafka(), 3), job.record(kafka(), job.failure(3))));
        said(completed(job, 3, 3 + job.outcomes().size() - 1));

        List<ChunkOutcome> all = all(attached(job));

        assertThat(all).extracting(ChunkOutcome::index).containsExactly(chunks());
        assertThat(all)
                .allSatisfy(o -> assertThat(((ChunkOutcome.Computed) o).npy())
                        .isEqualTo(job.answer((int) o.index()).npy()));
    }

    @Test
    void thePartOfAFoldSaysOfHowManyRowsItIs() {
        HandJob sum = HandJob.of(HandJob.Form.SUM, SEED, 0);
        sum.accept(kafka());
        Outcome part = new Outcome.Computed(sum.id(), 2, 1, sum.answer(2).npy(), OptionalLong.of(8));
        Raw.write(kafka(), List.of(sum.record(kafka(), part)));

        try (Outcomes outcomes = attached(sum).outcomes()) {
            ChunkOutcome given = outcomes.poll(Fleet.LONG).orElseThrow();

            assertThat(given.index()).isEqualTo(2);
            assertThat(((ChunkOutcome.Computed) given).foldedRows()).hasValue(8);
        }
    }

    @Test
    void whatWasDeletedBeforeAJobsFirstOutcomeIsMissedByNobody() throws Exception {
        HandJob before = HandJob.of(HandJob.Form.ALIGNED, SEED + 1, job.partition());
        before.write(kafka());
        long first = before.outcomes().size();
        delete(first);
        job.write(kafka());
        said(completed(job, first, first + job.outcomes().size() - 1));

        assertThat(all(attached(job))).extracting(ChunkOutcome::index).containsExactly(chunks());
    }

    @Test
    void whoeverBeginsWhileAJobRunsHasAllThoughItEndsWithoutAResult() throws Exception {
        HandJob before = HandJob.of(HandJob.Form.ALIGNED, SEED + 1, job.partition());
        before.write(kafka());
        delete(before.outcomes().size());
        job.accept(kafka());
        JobHandle handle = attached(job);
        try (Outcomes outcomes = handle.outcomes()) {
            job.write(kafka(), 0, 2);
            assertThat(outcomes.poll(Fleet.LONG)).isPresent();
            said(failed(job));
            await().atMost(Fleet.LONG).until(handle::over);

            assertThat(outcomes).hasSize(1);
        }
    }

    @Test
    void outcomesOfAnEndedJobThatAreDeletedAreSaidToBe() throws Exception {
        job.write(kafka());
        said(completed(job, 0, job.outcomes().size() - 1));
        delete(5);
        HandJob failed = HandJob.of(HandJob.Form.ALIGNED, SEED + 1, job.partition());
        failed.accept(kafka());
        said(failed(failed));

        assertThatThrownBy(() -> all(attached(job)))
                .isInstanceOf(OutcomesGoneException.class)
                .hasMessageContainingAll(job.id().value(), "take its result");
        assertThatThrownBy(() -> all(attached(failed))).isInstanceOf(OutcomesGoneException.class);
    }

    @Test
    void outcomesThatAreDeletedWhileTheyAreReadAreNotPassedOver() throws Exception {
        job.write(kafka());
        try (Outcomes outcomes = attached(job).outcomes()) {
            delete(5);

            assertThatThrownBy(() -> outcomes.poll(Fleet.LONG)).isInstanceOf(OutcomesGoneException.class);
        }
    }

    @Test
    void aJobOfWhichOutcomesAreMissingIsNotTakenForWhole() {
        job.accept(kafka());
        job.write(kafka(), 0, 5);
        said(completed(job, 0, 16));

        assertThatThrownBy(() -> all(attached(job))).isInstanceOf(OutcomesGoneException.class);
    }

    @Test
    void closingEndsAWait() {
        job.accept(kafka());
        Outcomes outcomes = attached(job).outcomes();
        CompletableFuture<Boolean> waits = CompletableFuture.supplyAsync(outcomes.iterator()::hasNext);
        assertThat(waits).isNotDone();

        outcomes.close();

        assertThatThrownBy(() -> waits.orTimeout(60, TimeUnit.SECONDS).join())
                .hasCauseInstanceOf(FanfoldException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aWaitForOutcomesIsInterruptible() throws Exception {
        job.accept(kafka());
        CompletableFuture<Boolean> raised = new CompletableFuture<>();
        try (Outcomes outcomes = attached(job).outcomes()) {
            Thread reader = Thread.ofPlatform().start(() -> {
                try {
                    raised.complete(outcomes.poll(Duration.ofMinutes(5)).isPresent());
                } catch (FanfoldException e) {
                    raised.complete(Thread.currentThread().isInterrupted());
                }
            });

            reader.interrupt();

            assertThat(raised.orTimeout(60, TimeUnit.SECONDS).join()).isTrue();
            reader.join();
        }
    }

    @Test
    void aClientThatIsClosedEndsTheWaitForOutcomes() {
        job.accept(kafka());
        try (Fleet gone = Fleet.on(kafka())) {
            JobHandle handle = gone.map().attach(job.id()).orElseThrow();
            try (Outcomes outcomes = handle.outcomes()) {
                gone.map().close();

                assertThatThrownBy(() -> outcomes.iterator().hasNext())
                        .isInstanceOf(FanfoldException.class)
                        .hasMessageContainingAll(job.id().value(), "closed before the job ended");
            }
        }
    }
}

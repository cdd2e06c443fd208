package io.fanfold.producer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How much is left to do in a pool, from what jobs and workers say. Jobs are of 100 rows of 8 bytes in 10 chunks. */
final class RemainingWorkTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final FunctionOffer MEASURED = offer("default", new FunctionProfile(0, 250, 9));

    @Test
    void whatHasNoOutcomeTakesWhatItsFunctionTakes() {
        Map<String, RemainingWork> work = RemainingWork.of(
                List.of(Reports.running(Reports.job("a", "default"), 4, Optional.empty())), List.of(MEASURED), NOW);

        assertThat(work).containsOnlyKeys("default");
        assertThat(work.get("default").chunks()).isEqualTo(6);
        assertThat(work.get("default").seconds()).isCloseTo(6 * 0.25, within(1e-9));
        assertThat(work.get("default").jobs(JobReport.State.RUNNING)).isEqualTo(1);
        assertThat(work.get("default").jobs(JobReport.State.SUBMITTED)).isZero();
    }

    @Test
    void poolsAreCountedApartAndTheirJobsTogether() {
        Map<String, RemainingWork> work = RemainingWork.of(
                List.of(
                        Reports.job("a", "default"),
                        Reports.running(Reports.job("b", "default"), 9, Optional.of("no space left on device")),
                        Reports.job("c", "gpu")),
                List.of(MEASURED),
                NOW);

        assertThat(work.get("default").chunks()).isEqualTo(11);
        assertThat(work.get("default").jobs())
                .isEqualTo(Map.of(JobReport.State.SUBMITTED, 1L, JobReport.State.RUNNING, 1L));
        assertThat(work.get("default").waiting()).isEqualTo(1);
        assertThat(work.get("gpu").chunks()).isEqualTo(10);
        assertThat(work.get("gpu").waiting()).isZero();
    }

    @Test
    void aFunctionThatNobodyOfThisPoolHasMeasuredTakesHalfASecond() {
        List<JobReport> open = List.of(Reports.job("a", "gpu"));

        double unmeasured = 10 * RemainingWork.UNMEASURED_SECONDS;
        assertThat(seconds(open, MEASURED)).isEqualTo(unmeasured);
        assertThat(seconds(open, offer("gpu", new FunctionProfile(0, 0, 0)))).isEqualTo(unmeasured);
        assertThat(seconds(open, new FunctionOffer("gpu", FunctionDescription.of("f@2", "another version"))))
                .isEqualTo(unmeasured);
        assertThat(seconds(open)).isEqualTo(unmeasured);
    }

    @Test
    void whileNoChunkOfAJobHasEndedEachTakesAsLongAsTheJobHasBeenThere() {
        JobReport job = Reports.sealed(Reports.job("a", "gpu"));

        assertThat(seconds(List.of(ago(job, Duration.ofMinutes(20))))).isCloseTo(10 * 1200, within(1e-9));
        assertThat(seconds(List.of(Reports.running(ago(job, Duration.ofMinutes(20)), 0, Optional.empty()))))
                .isCloseTo(10 * 1200, within(1e-9));
        assertThat(seconds(List.of(ago(job, Duration.ofMillis(200))))).isEqualTo(10 * RemainingWork.UNMEASURED_SECONDS);
    }

    @Test
    void aMeasureWinsOverHowLongAJobHasBeenThere() {
        JobReport job = ago(Reports.sealed(Reports.job("a", "default")), Duration.ofHours(9));

        assertThat(RemainingWork.of(List.of(job), List.of(MEASURED), NOW)
                        .get("default")
                        .seconds())
                .isCloseTo(10 * 0.25, within(1e-9));
    }

    @Test
    void aJobThatIsYetToComeByItsClockTakesNoLessThanOneThatHasJustCome() {
        JobReport early = ago(Reports.sealed(Reports.job("a", "gpu")), Duration.ofHours(-3));

        assertThat(seconds(List.of(early))).isEqualTo(10 * RemainingWork.UNMEASURED_SECONDS);
    }

    @Test
    void outcomesWithoutAMeasureShareTheTimeThatTheyTook() {
        JobReport job = ago(Reports.sealed(Reports.job("a", "gpu")), Duration.ofHours(1));

        assertThat(seconds(List.of(Reports.running(job, 1, Optional.empty())))).isCloseTo(9 * 3600, within(1e-9));
        assertThat(seconds(List.of(Reports.running(job, 4, Optional.empty())))).isCloseTo(6 * 900, within(1e-9));
        assertThat(seconds(List.of(Reports.running(job, 10, Optional.empty())))).isZero();
    }

    @Test
    void whileChunksAreStillToBeWrittenTheFirstAloneTakesLong() {
        JobReport job = ago(Reports.job("a", "gpu"), Duration.ofMinutes(20));
        double unmeasured = RemainingWork.UNMEASURED_SECONDS;

        assertThat(seconds(List.of(job))).isCloseTo(1200 + 9 * unmeasured, within(1e-9));
        assertThat(seconds(List.of(Reports.running(job, 2, Optional.empty()))))
                .as("it may be the submitter who takes long")
                .isCloseTo(8 * unmeasured, within(1e-9));
    }

    @Test
    void whatAStreamWaitsForNobodyKnowsUntilItIsSealed() {
        JobReport stream = ago(Reports.stream("s", "gpu"), Duration.ofMinutes(20));

        assertThat(seconds(List.of(stream))).isEqualTo(RemainingWork.UNMEASURED_SECONDS);
        assertThat(seconds(List.of(Reports.running(stream, 3, Optional.empty()))))
                .isEqualTo(RemainingWork.UNMEASURED_SECONDS);
        assertThat(seconds(List.of(Reports.sealed(stream)))).isCloseTo(2 * 1200, within(1e-9));
    }

    @Test
    void aRevisionTakesAsLongAsItHasBeenThereItself() {
        JobRecord.Revision holes = new JobRecord.Revision(new JobId("a"), 2, List.of(new JobRecord.Revision.Run(3, 2)));
        JobReport revision = Reports.sealed(Reports.report(
                Reports.spec("a-r2", "gpu", new Plan.Chunks(0, 10), OptionalLong.of(100), Optional.of(holes))));
        JobReport old = ago(revision, Duration.ofMinutes(5));

        assertThat(seconds(List.of(old))).isCloseTo(2 * 300, within(1e-9));
        assertThat(seconds(List.of(Reports.running(old, 8, Optional.empty()))))
                .as("the eight are of the job before")
                .isCloseTo(2 * 300, within(1e-9));
        assertThat(seconds(List.of(Reports.running(old, 9, Optional.empty())))).isCloseTo(300, within(1e-9));
    }

    @Test
    void whatRunsInChildProcessesIsCountedApart() {
        FunctionDescription inPython =
                FunctionDescription.of("f@1", "in Python").withStrategies(Strategy.PROCESSES);
        List<JobReport> open = List.of(Reports.job("a", "default"), Reports.job("b", "gpu"));

        Map<String, RemainingWork> work =
                RemainingWork.of(open, List.of(MEASURED, new FunctionOffer("gpu", inPython)), NOW);

        assertThat(work.get("default").childSeconds()).isZero();
        assertThat(work.get("gpu").childSeconds()).isEqualTo(work.get("gpu").seconds());
        assertThat(RemainingWork.of(List.of(Reports.job("a", "default", Strategy.PROCESSES)), List.of(MEASURED), NOW)
                        .get("default")
                        .childSeconds())
                .isCloseTo(10 * 0.25, within(1e-9));
        assertThat(RemainingWork.of(open, List.of(), NOW).get("gpu").childSeconds())
                .isZero();
    }

    @Test
    void aChunkThatIsLargerThanThoseThatWereMeasuredTakesWhatItsBytesTake() {
        FunctionProfile small = new FunctionProfile(1, 1, 9, OptionalDouble.of(1e7));

        assertThat(seconds(List.of(Reports.job("a", "gpu")), offer("gpu", small)))
                .isCloseTo(10 * 80 * 0.01, within(1e-9));
    }

    @Test
    void aStreamThatIsNotSealedHasOneChunkLeftOfTheRowsOfItsPlan() {
        FunctionProfile byBytes = new FunctionProfile(1, 1, 9, OptionalDouble.of(1e7));
        JobReport stream =
                Reports.report(Reports.spec("s", "gpu", new Plan.Rows(0, 50), OptionalLong.empty(), Optional.empty()));

        assertThat(RemainingWork.of(List.of(stream), List.of(), NOW).get("gpu").chunks())
                .isEqualTo(1);
        assertThat(seconds(List.of(stream), offer("gpu", byBytes))).isCloseTo(50 * 8 * 0.01, within(1e-9));
    }

    @Test
    void aRevisionHasTheHolesLeftThatItFills() {
        JobRecord.Revision holes = new JobRecord.Revision(new JobId("a"), 2, List.of(new JobRecord.Revision.Run(3, 2)));
        JobReport revision = Reports.report(
                Reports.spec("a-r2", "gpu", new Plan.Chunks(0, 10), OptionalLong.of(100), Optional.of(holes)));

        assertThat(chunks(revision)).isEqualTo(2);
        assertThat(chunks(Reports.running(revision, 9, Optional.empty()))).isEqualTo(1);
    }

    @Test
    void withoutJobsThereIsNoWork() {
        assertThat(RemainingWork.of(List.of(), List.of(MEASURED), NOW)).isEmpty();
        assertThat(RemainingWork.NONE.seconds()).isZero();
    }

    private static JobReport ago(JobReport job, Duration time) {
        return Reports.accepted(job, NOW.minus(time));
    }

    private static long chunks(JobReport job) {
        return RemainingWork.of(List.of(job), List.of(), NOW).get("gpu").chunks();
    }

    private static double seconds(List<JobReport> open, FunctionOffer... offers) {
        return RemainingWork.of(open, List.of(offers), NOW).get("gpu").seconds();
    }

    private static FunctionOffer offer(String pool, FunctionProfile profile) {
        return new FunctionOffer(pool, FunctionDescription.of("f@1", "measured"), Optional.of(profile));
    }
}

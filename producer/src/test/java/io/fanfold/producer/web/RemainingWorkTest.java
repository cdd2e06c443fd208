package io.fanfold.producer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Strategy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How much is left to do in a pool, from what jobs and workers say. Jobs are of 100 rows of 8 bytes in 10 chunks. */
final class RemainingWorkTest {
    private static final FunctionOffer MEASURED = offer("default", new FunctionProfile(0, 250, 9));

    @Test
    void whatHasNoOutcomeTakesWhatItsFunctionTakes() {
        Map<String, RemainingWork> work =
                RemainingWork.of(List.of(running(job("a", "default"), 4, Optional.empty())), List.of(MEASURED));

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
                        job("a", "default"),
                        running(job("b", "default"), 9, Optional.of("no space left on device")),
                        job("c", "gpu")),
                List.of(MEASURED));

        assertThat(work.get("default").chunks()).isEqualTo(11);
        assertThat(work.get("default").jobs())
                .isEqualTo(Map.of(JobReport.State.SUBMITTED, 1L, JobReport.State.RUNNING, 1L));
        assertThat(work.get("default").waiting()).isEqualTo(1);
        assertThat(work.get("gpu").chunks()).isEqualTo(10);
        assertThat(work.get("gpu").waiting()).isZero();
    }

    @Test
    void aFunctionThatNobodyOfThisPoolHasMeasuredTakesHalfASecond() {
        List<JobReport> open = List.of(job("a", "gpu"));

        double unmeasured = 10 * RemainingWork.UNMEASURED_SECONDS;
        assertThat(seconds(open, MEASURED)).isEqualTo(unmeasured);
        assertThat(seconds(open, offer("gpu", new FunctionProfile(0, 0, 0)))).isEqualTo(unmeasured);
        assertThat(seconds(open, new FunctionOffer("gpu", FunctionDescription.of("f@2", "another version"))))
                .isEqualTo(unmeasured);
        assertThat(seconds(open)).isEqualTo(unmeasured);
    }

    @Test
    void aChunkThatIsLargerThanThoseThatWereMeasuredTakesWhatItsBytesTake() {
        FunctionProfile small = new FunctionProfile(1, 1, 9, OptionalDouble.of(1e7));

        assertThat(seconds(List.of(job("a", "gpu")), offer("gpu", small))).isCloseTo(10 * 80 * 0.01, within(1e-9));
    }

    @Test
    void aStreamThatIsNotSealedHasOneChunkLeftOfTheRowsOfItsPlan() {
        FunctionProfile byBytes = new FunctionProfile(1, 1, 9, OptionalDouble.of(1e7));
        JobReport stream = report(spec("s", "gpu", new Plan.Rows(0, 50), OptionalLong.empty(), Optional.empty()));

        assertThat(RemainingWork.of(List.of(stream), List.of()).get("gpu").chunks())
                .isEqualTo(1);
        assertThat(seconds(List.of(stream), offer("gpu", byBytes))).isCloseTo(50 * 8 * 0.01, within(1e-9));
    }

    @Test
    void aRevisionHasTheHolesLeftThatItFills() {
        JobRecord.Revision holes = new JobRecord.Revision(new JobId("a"), 2, List.of(new JobRecord.Revision.Run(3, 2)));
        JobReport revision =
                report(spec("a-r2", "gpu", new Plan.Chunks(0, 10), OptionalLong.of(100), Optional.of(holes)));

        assertThat(chunks(revision)).isEqualTo(2);
        assertThat(chunks(running(revision, 9, Optional.empty()))).isEqualTo(1);
    }

    @Test
    void withoutJobsThereIsNoWork() {
        assertThat(RemainingWork.of(List.of(), List.of(MEASURED))).isEmpty();
        assertThat(RemainingWork.NONE.seconds()).isZero();
    }

    private static long chunks(JobReport job) {
        return RemainingWork.of(List.of(job), List.of()).get("gpu").chunks();
    }

    private static double seconds(List<JobReport> open, FunctionOffer... offers) {
        return RemainingWork.of(open, List.of(offers)).get("gpu").seconds();
    }

    private static FunctionOffer offer(String pool, FunctionProfile profile) {
        return new FunctionOffer(pool, FunctionDescription.of("f@1", "measured"), Optional.of(profile));
    }

    private static JobReport job(String id, String pool) {
        return report(spec(id, pool, new Plan.Chunks(0, 10), OptionalLong.of(100), Optional.empty()));
    }

    private static JobReport report(JobRecord.Spec spec) {
        return new JobReport(
                spec, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static JobReport running(JobReport job, long done, Optional<String> waiting) {
        JobState.Progress progress = new JobState.Progress(
                job.job(), done, job.count(), 10 * done, job.rows(), 0, OptionalLong.empty(), waiting, done);
        return new JobReport(
                job.spec(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(progress),
                Optional.empty(),
                Optional.empty());
    }

    private static JobRecord.Spec spec(
            String id, String pool, Plan plan, OptionalLong rows, Optional<JobRecord.Revision> revision) {
        JobHeader header = new JobHeader(
                new JobId(id),
                FunctionId.parse("f@1"),
                Map.of(),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.KeepGoing(9),
                OptionalLong.empty(),
                OptionalLong.empty(),
                rows,
                0,
                0);
        return new JobRecord.Spec(
                header, id, "print", pool, DType.parse("<f8"), Shape.of(rows.orElse(0)), Order.C, plan, revision);
    }
}

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
        Map<String, RemainingWork> work = RemainingWork.of(
                List.of(Reports.running(Reports.job("a", "default"), 4, Optional.empty())), List.of(MEASURED));

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
        List<JobReport> open = List.of(Reports.job("a", "gpu"));

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

        assertThat(seconds(List.of(Reports.job("a", "gpu")), offer("gpu", small)))
                .isCloseTo(10 * 80 * 0.01, within(1e-9));
    }

    @Test
    void aStreamThatIsNotSealedHasOneChunkLeftOfTheRowsOfItsPlan() {
        FunctionProfile byBytes = new FunctionProfile(1, 1, 9, OptionalDouble.of(1e7));
        JobReport stream =
                Reports.report(Reports.spec("s", "gpu", new Plan.Rows(0, 50), OptionalLong.empty(), Optional.empty()));

        assertThat(RemainingWork.of(List.of(stream), List.of()).get("gpu").chunks())
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
}

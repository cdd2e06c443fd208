package io.fanfold.producer.client;

import static io.fanfold.producer.client.Reports.completed;
import static io.fanfold.producer.client.Reports.failed;
import static io.fanfold.producer.client.Reports.gone;
import static io.fanfold.producer.client.Reports.running;
import static io.fanfold.producer.client.Reports.submitted;
import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.JobState;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Where a job is, from all that is said of it. */
final class JobReportTest {
    private static final JobState.Progress PROGRESS = new JobState.Progress(
            submitted("j").job(),
            3,
            OptionalLong.of(4),
            8,
            OptionalLong.of(10),
            1,
            OptionalLong.of(1500),
            Optional.of("no space left on device"),
            0);

    @Test
    void aJobWithoutAStateIsSubmitted() {
        JobReport report = submitted("j");

        assertThat(report.state()).isEqualTo(JobReport.State.SUBMITTED);
        assertThat(report.done()).isZero();
        assertThat(report.count()).hasValue(4);
        assertThat(report.rowsLeft()).hasValue(10);
        assertThat(report.millisLeft()).isEmpty();
    }

    @Test
    void oneThatRunsSaysHowFarItIsAndWhatItWaitsFor() {
        JobReport report = running(submitted("j"), PROGRESS);

        assertThat(report.state()).isEqualTo(JobReport.State.RUNNING);
        assertThat(report.done()).isEqualTo(3);
        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.rowsLeft()).hasValue(2);
        assertThat(report.millisLeft()).hasValue(1500);
        assertThat(report.waiting()).contains("no space left on device");
    }

    @Test
    void oneThatIsCompletedHasNothingLeftWhateverWasSaidBefore() {
        JobReport report = completed(running(submitted("j"), PROGRESS), 2);

        assertThat(report.state()).isEqualTo(JobReport.State.COMPLETED);
        assertThat(report.done()).isEqualTo(4);
        assertThat(report.failed()).isEqualTo(2);
        assertThat(report.rowsLeft()).hasValue(0);
        assertThat(report.millisLeft()).isEmpty();
        assertThat(report.waiting()).isEmpty();
        assertThat(report.result()).isPresent();
    }

    @Test
    void oneThatFailedStandsWhereItWas() {
        JobReport report = failed(running(submitted("j"), PROGRESS));

        assertThat(report.state()).isEqualTo(JobReport.State.FAILED);
        assertThat(report.done()).isEqualTo(3);
        assertThat(report.error()).contains("too bad");
    }

    @Test
    void aResultThatIsGoneIsSaidAndNotPointedTo() {
        JobReport report = gone(completed(submitted("j"), 2), JobState.End.LOST);

        assertThat(report.state()).isEqualTo(JobReport.State.LOST);
        assertThat(report.completed()).isTrue();
        assertThat(report.result()).isEmpty();
        assertThat(report.error()).contains("the disk was replaced");
        assertThat(report.failed()).isEqualTo(2);
    }

    @Test
    void aHandleReportsWhatItHears() {
        JobHandle handle = new JobHandle(submitted("j").spec(), Reports.REACH);
        assertThat(handle.report()).isEqualTo(submitted("j"));

        handle.read(PROGRESS);
        assertThat(handle.report()).isEqualTo(running(submitted("j"), PROGRESS));

        JobReport end = completed(submitted("j"), 2);
        handle.read(end.terminal().orElseThrow());
        handle.read(new JobState.Gone(handle.id(), JobState.End.EXPIRED, "kept for 7 days"));
        assertThat(handle.report().state()).isEqualTo(JobReport.State.EXPIRED);
        assertThat(handle.report().terminal()).isEqualTo(end.terminal());
        assertThat(handle.gone()).isPresent();
    }
}

package io.fanfold.producer.client;

import static io.fanfold.producer.client.Reports.completed;
import static io.fanfold.producer.client.Reports.failed;
import static io.fanfold.producer.client.Reports.gone;
import static io.fanfold.producer.client.Reports.revision;
import static io.fanfold.producer.client.Reports.submitted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which revision a request to make a job whole makes, waits for, or finds. */
final class LineageTest {
    private static final JobReport HOLED = completed(submitted("j"), 2);
    private static final JobReport OTHER = completed(revision("k", 2, "k"), 1);

    private static Lineage.Next next(String asked, JobReport... jobs) {
        return Lineage.next(new JobId(asked), List.of(jobs));
    }

    private static void refused(String named, String asked, JobReport... jobs) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> next(asked, jobs))
                .withMessageContaining(named);
    }

    @Test
    void theFirstRevisionOfAJobHasNumberTwo() {
        assertThat(next("j", OTHER, HOLED)).isEqualTo(new Lineage.Next.Make(HOLED, new JobId("j-r2"), 2));
    }

    @Test
    void oneThatRunsIsWaitedForWhicheverOfItsNamesIsSaid() {
        JobReport running = revision("j", 2, "j");

        assertThat(next("j", HOLED, running)).isEqualTo(new Lineage.Next.Running(running));
        assertThat(next("j-r2", HOLED, running)).isEqualTo(new Lineage.Next.Running(running));
    }

    @Test
    void oneThatIsWholeIsNotMadeAgain() {
        JobReport whole = completed(revision("j", 2, "j"), 0);

        assertThat(next("j", HOLED, whole)).isEqualTo(new Lineage.Next.Whole(whole));
    }

    @Test
    void oneThatHasHolesItselfIsTheBaseOfTheNext() {
        JobReport second = completed(revision("j", 2, "j"), 1);

        assertThat(next("j", second, HOLED)).isEqualTo(new Lineage.Next.Make(second, new JobId("j-r3"), 3));
    }

    @Test
    void oneThatFailedIsPassedOverForTheLastThatWasCompleted() {
        JobReport second = completed(revision("j", 2, "j"), 1);
        JobReport third = failed(revision("j", 3, "j-r2"));

        assertThat(next("j-r3", HOLED, second, third)).isEqualTo(new Lineage.Next.Make(second, new JobId("j-r4"), 4));
        assertThat(next("j", HOLED, failed(revision("j", 2, "j"))))
                .isEqualTo(new Lineage.Next.Make(HOLED, new JobId("j-r3"), 3));
    }

    @Test
    void theTenthComesAfterTheNinth() {
        JobReport ninth = completed(revision("j", 9, "j"), 1);
        JobReport tenth = completed(revision("j", 10, "j-r9"), 1);

        assertThat(next("j", tenth, ninth, HOLED)).isEqualTo(new Lineage.Next.Make(tenth, new JobId("j-r11"), 11));
    }

    @Test
    void aJobWhoseNameOnlyLooksLikeARevisionIsOneOfItsOwn() {
        JobReport looksSo = completed(submitted("j-r2"), 1);

        assertThat(next("j-r2", HOLED, looksSo)).isEqualTo(new Lineage.Next.Make(looksSo, new JobId("j-r2-r2"), 2));
        assertThat(next("j", HOLED, looksSo)).isEqualTo(new Lineage.Next.Make(HOLED, new JobId("j-r2"), 2));
    }

    @Test
    void whatHasNothingToBeMadeWholeIsRefused() {
        refused("there is no job x", "x", HOLED);
        refused("j is SUBMITTED", "j", submitted("j"));
        refused("ended FAILED and has no result to make whole (too bad): submit it again", "j", failed(submitted("j")));
        refused("j is whole: none of its chunks failed", "j", completed(submitted("j"), 0));
        refused("j, of which j-r2 is a revision, is forgotten", "j-r2", revision("j", 2, "j"));
    }

    @Test
    void aResultThatIsGoneCannotBeMadeWhole() {
        refused("j is LOST (the disk was replaced)", "j", gone(HOLED, JobState.End.LOST));
        refused("j-r2 is EXPIRED", "j", HOLED, gone(completed(revision("j", 2, "j"), 0), JobState.End.EXPIRED));
    }
}

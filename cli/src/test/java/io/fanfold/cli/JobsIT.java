package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code jobs}: what the topics say of jobs, as a table, as one job's all, and for programs. */
final class JobsIT {
    private final Holed fleet = new Holed(TestBroker.of(BrokerKind.IN_JVM).freshFleet());

    @BeforeEach
    void jobsInEveryState() {
        fleet.accepted("jWaits");
        fleet.accepted("jRuns");
        fleet.said(new JobState.Progress(
                new JobId("jRuns"),
                3,
                OptionalLong.of(4),
                15,
                OptionalLong.of(20),
                1,
                OptionalLong.of(125_000),
                Optional.of("no space left\u001b[31m"),
                0));
        fleet.accepted("jHoled");
        fleet.completed("jHoled", 2);
        fleet.accepted("jFailed");
        fleet.said(JobState.Terminal.ended(new JobId("jFailed"), JobState.End.FAILED, "chunk 2 failed"));
        fleet.accepted("jLost");
        fleet.completed("jLost", 0);
        fleet.said(new JobState.Gone(new JobId("jLost"), JobState.End.LOST, "the disk was replaced"));
    }

    private List<String> lines(String... arguments) {
        Holed.Said said = fleet.fanfold(arguments);
        assertThat(said.code()).as(said.err()).isZero();
        return said.out().lines().toList();
    }

    @Test
    void theTableHasALineForEachInTheOrderOfAcceptance() {
        List<String> lines = lines("jobs");

        assertThat(lines).hasSize(6);
        assertThat(lines.get(0))
                .startsWith("JOB ")
                .contains("STATE", "FUNCTION", "CHUNKS", "ROWS LEFT")
                .endsWith("NEWS");
        assertThat(lines.get(1)).containsPattern("^jWaits +SUBMITTED +scale@1 +0/4 +- +20 +-$");
        assertThat(lines.get(2))
                .containsPattern("^jRuns +RUNNING +scale@1 +3/4 +1 +5 +2 min 5 s +waiting: no space left\uFFFD\\[31m$");
        assertThat(lines.get(3)).containsPattern("^jHoled +COMPLETED +scale@1 +4/4 +2 +- +- +file:///nowhere/");
        assertThat(lines.get(4)).containsPattern("^jFailed +FAILED .* chunk 2 failed$");
        assertThat(lines.get(5)).containsPattern("^jLost +LOST .* the disk was replaced$");
    }

    @Test
    void thoseInSomeStatesAloneCanBeAskedFor() {
        assertThat(lines("jobs", "--state", "lost,FAILED")).hasSize(3).anyMatch(line -> line.startsWith("jLost "));
        assertThat(lines("jobs", "--state", "cancelled")).containsExactly("No such jobs, of 5.");
    }

    @Test
    void forProgramsEachJobIsOneObject() {
        List<String> lines = lines("jobs", "--json");

        assertThat(lines).hasSize(5);
        assertThat(lines.get(1))
                .startsWith(
                        "{\"job\":\"jRuns\",\"state\":\"RUNNING\",\"function\":\"scale@1\",\"chunks\":4,\"chunksDone\":3,\"failed\":1,\"rowsLeft\":5,\"millisLeft\":125000,\"waiting\":\"no"
                            + " space left\\u001B[31m\",")
                .contains("\"parameters\":{\"factor\":2}", "\"accepted\":\"20", "\"pool\":\"default\"");
        assertThat(lines.get(4))
                .contains("\"state\":\"LOST\"", "\"error\":\"the disk was replaced\"")
                .doesNotContain("\"uri\"");
        assertThat(lines("jobs", "jHoled", "--json")).singleElement().isEqualTo(lines.get(2));
    }

    @Test
    void oneJobIsShownWithAllThatIsKnown() {
        assertThat(String.join("\n", lines("jobs", "jRuns")))
                .contains("state     RUNNING", "function  scale@1 {factor=2}", "pool      default, strategy auto")
                .contains("array     float32 (20, 3), 4 chunks along axis 0", "fold      concat, keep-going, 9 chunks")
                .contains("chunks    3/4, 1 failed", "left      5 rows, 2 min 5 s", "waiting   no space left\uFFFD");
        var revision = new JobRecord.Revision(new JobId("jHoled"), 2, List.of(new JobRecord.Revision.Run(1, 2)));
        fleet.accepted(Holed.spec("jHoled-r2", Optional.of(revision)));

        assertThat(lines("jobs", "jHoled-r2")).contains("revision  2, of jHoled, 2 chunks");
    }

    @Test
    void aJobThatIsForgottenIsNotThere() {
        fleet.write(Records.forgotten(fleet.kafka().topics(), new JobId("jFailed")));

        assertThat(lines("jobs")).hasSize(5).noneMatch(line -> line.startsWith("jFailed"));
        assertThat(fleet.fanfold("jobs", "jFailed").err()).contains("there is no job jFailed; fanfold jobs shows");
    }

    @Test
    void aWrongWordIsNamed() {
        Holed empty = new Holed(TestBroker.of(BrokerKind.IN_JVM).freshFleet());

        assertThat(empty.fanfold("jobs").out()).isEqualToIgnoringNewLines("No jobs.");
        assertThat(fleet.fanfold("jobs", "a/b").code()).isEqualTo(2);
        assertThat(fleet.fanfold("jobs", "--state", "sleeping").err()).contains("sleeping", "SUBMITTED");
    }
}

package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.http.HttpSettings;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code doctor}: what is wrong is named, with what to type about it. */
final class DoctorIT {
    @TempDir
    Path directory;

    private static Holed.Said on(KafkaSettings kafka, String... more) {
        return new Holed(kafka)
                .fanfold(Stream.concat(Stream.of("doctor"), Stream.of(more)).toArray(String[]::new));
    }

    private static Holed.Said fanfold(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        return new Holed.Said(line.execute(arguments), out.toString(), err.toString());
    }

    @Test
    void aBrokerThatDoesNotAnswerIsTheOnlyProblem() {
        Holed.Said said = fanfold("doctor", "--bootstrap-server", "127.0.0.1:1");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .startsWith("problem  broker        no Kafka broker answers at 127.0.0.1:1")
                .contains("-> check the address", "1 problem, 0 warnings.");
        assertThat(said.err()).isEmpty();
    }

    @Test
    void aServerThatDoesNotAnswerIsTheOnlyProblem() {
        Holed.Said said = fanfold("doctor", "--server", "127.0.0.1:1");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).startsWith("problem  server        no server answers at http://127.0.0.1:1");
    }

    @Test
    void topicsThatAreMissingAreNamedWithTheCommandThatMakesThem() {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).untouchedFleet();

        Holed.Said said = on(kafka, "--pool", "gpu");

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .contains(kafka.topics().chunks("gpu") + " does not exist")
                .contains("-> make it with: fanfold topics create")
                .containsPattern("unknown +fleet +not checked: its topics are to be mended first");
    }

    @Test
    void aTopicThatForgetsByTimeIsAProblem() throws Exception {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
        try (Admin admin = Admin.create(kafka.admin("test"))) {
            var topic =
                    new ConfigResource(ConfigResource.Type.TOPIC, kafka.topics().outcomes());
            var shorter = new AlterConfigOp(new ConfigEntry("retention.ms", "60000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(topic, List.of(shorter))).all().get();
        }

        assertThat(on(kafka).out())
                .contains(kafka.topics().outcomes() + " retention.ms is 60000, Fanfold needs -1")
                .contains("kafka-configs.sh");
    }

    @Test
    void aFleetWithoutRolesIsNoFleet() {
        Holed fleet = new Holed(TestBroker.of(BrokerKind.IN_JVM).freshFleet());
        fleet.accepted("jRuns");
        fleet.said(new JobState.Progress(
                new JobId("jRuns"),
                3,
                OptionalLong.of(4),
                15,
                OptionalLong.of(20),
                1,
                OptionalLong.empty(),
                Optional.of("no space left"),
                0));
        fleet.setAside("jRuns", 2);

        Holed.Said said = on(fleet.kafka());

        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out())
                .containsPattern("problem +aggregators +there is none")
                .containsPattern("warning +workers +pool default: 0 workers, 0 chunks are not done")
                .containsPattern("problem +functions +no worker has ever said")
                .containsPattern("warning +jobs +job jRuns waits: no space left")
                .containsPattern("-> fanfold status jRuns --bootstrap-server ")
                .containsPattern("ok +jobs +1 RUNNING")
                .containsPattern("warning +dead letters +1 record was set aside")
                .containsPattern("unknown +results +not checked")
                .containsPattern("(?m)^2 problems, [1-9] warnings\\.$");
    }

    @Test
    void aTokenThatIsWantedIsAskedFor() throws Exception {
        HttpSettings guarded = new HttpSettings(
                Optional.of("secret"),
                HttpSettings.DEFAULT.requestsPerSecond(),
                HttpSettings.DEFAULT.headerBytes(),
                HttpSettings.DEFAULT.uploads());
        try (HttpFleet fleet = HttpFleet.withoutWorker(directory, guarded, settings -> settings)) {
            String at = fleet.address().toString();

            Holed.Said without = fanfold("doctor", "--server", at);
            assertThat(without.code()).isEqualTo(1);
            assertThat(without.out()).containsPattern("problem +token +the server wants one");
            assertThat(fanfold("jobs", "--server", at).err()).contains("--token", "FANFOLD_TOKEN");
            assertThat(fanfold("jobs", "--server", at, "--token", "wrong").err())
                    .contains("is not the one it wants");
            assertThat(fanfold("jobs", "--server", at, "--token", "secret").out())
                    .contains("No jobs.");
            assertThat(fanfold("doctor", "--server", at, "--token", "secret").out())
                    .containsPattern("ok +token +we are let in")
                    .containsPattern("problem +functions +no worker");
        }
    }
}

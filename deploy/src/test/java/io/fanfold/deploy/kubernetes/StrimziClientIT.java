package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.cli.Main;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.SecuredBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Who types commands in the pod that is there for it sees the fleet, with the rights that the operator gives. */
final class StrimziClientIT {
    private static final String USER = "fanfold-client";

    @Test
    void allOfTheFleetIsSeen(@TempDir Path directory) throws Exception {
        List<Manifest> users =
                Manifest.parse(Files.readString(Rendering.ROOT.resolve("components/strimzi/users.yaml")));
        try (SecuredBroker broker = SecuredBroker.start(directory, Set.of(USER));
                TopicSetup setup = new TopicSetup(broker.mighty(Topics.DEFAULT))) {
            setup.create(TopicLayout.DEFAULT);
            broker.grant(USER, StrimziUser.named(USER, users).granted());

            assertThat(run(broker, 0, "topics", "check")).contains(Topics.DEFAULT.submissions());
            assertThat(run(broker, 0, "jobs")).isNotNull();
            assertThat(run(broker, 0, "dead-letters", "list")).isNotNull();
            assertThat(run(broker, 1, "doctor"))
                    .contains("aggregators", "there is none")
                    .doesNotContain("may not see", "to be mended");
        }
    }

    /** What a command prints. */
    private static String run(SecuredBroker broker, int code, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(
                "--bootstrap-server",
                broker.bootstrapServers(SecuredBroker.Way.SASL_SSL),
                "--kafka-config",
                broker.config(USER, SecuredBroker.Way.SASL_SSL).toString()));
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(out));
        assertThat(line.execute(words.toArray(String[]::new))).as("%s", out).isEqualTo(code);
        return out.toString();
    }
}

package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The users that Strimzi's operator makes may do what their roles have to, and nothing else. */
final class StrimziUsersTest {
    private static List<Manifest> users() throws IOException {
        return Manifest.parse(Files.readString(Rendering.ROOT.resolve("components/strimzi/users.yaml")));
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"PRODUCER", "WORKER", "AGGREGATOR", "CLIENT"})
    void eachMayDoWhatItsRoleHasTo(Role role) throws IOException {
        assertThat(StrimziUser.named("fanfold-" + role.word(), users()).rights())
                .isEqualTo(wanted(role, Set.of(Topics.DEFAULT_POOL)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"PRODUCER", "WORKER", "AGGREGATOR", "CLIENT"})
    @EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
    void eachMayDoItInThePoolPythonAsWell(Role role) {
        List<Manifest> fleet = Rendering.of("components/strimzi-python").manifests();

        assertThat(StrimziUser.named("fanfold-" + role.word(), fleet).rights())
                .isEqualTo(wanted(role, Set.of(Topics.DEFAULT_POOL, "python")));
    }

    /** What a role needs; and who types commands may look at all of the fleet. */
    private static Set<String> wanted(Role role, Set<String> pools) {
        Set<String> wanted = new TreeSet<>(StrimziUser.needed(role, pools));
        if (role == Role.CLIENT) {
            wanted.addAll(Set.of(
                    "TOPIC fanfold. PREFIXED DESCRIBE",
                    "TOPIC fanfold. PREFIXED DESCRIBE_CONFIGS",
                    "GROUP * LITERAL DESCRIBE",
                    "CLUSTER kafka-cluster LITERAL DESCRIBE",
                    "CLUSTER kafka-cluster LITERAL DESCRIBE_CONFIGS"));
        }
        return wanted;
    }

    @Test
    void thereAreNoOthers() throws IOException {
        assertThat(users().stream().map(Manifest::name))
                .containsExactlyInAnyOrder(
                        "fanfold-producer", "fanfold-worker", "fanfold-aggregator", "fanfold-client");
    }

    /** What it takes to read the lag of a group. */
    @Test
    void kedaMayLookAndNothingElse() throws IOException {
        List<Manifest> keda =
                Manifest.parse(Files.readString(Rendering.ROOT.resolve("components/strimzi-keda/authentication.yaml")));

        assertThat(StrimziUser.named("fanfold-keda", keda).rights())
                .containsExactlyInAnyOrder(
                        "TOPIC " + Topics.DEFAULT.chunks(Topics.DEFAULT_POOL) + " LITERAL DESCRIBE",
                        "GROUP " + Topics.DEFAULT.workerGroup(Topics.DEFAULT_POOL) + " LITERAL DESCRIBE");
    }
}

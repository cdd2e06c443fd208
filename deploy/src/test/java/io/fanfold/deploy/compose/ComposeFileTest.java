package io.fanfold.deploy.compose;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.cli.Main;
import io.fanfold.deploy.StopTimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What docker-compose.yml says of roles, without running them. */
final class ComposeFileTest {
    private static final Pattern VOTERS = Pattern.compile("voters=(\\S+,\\S+)");

    private final Map<String, Object> services = map(map(new Yaml(new SafeConstructor(new LoaderOptions()))
                    .load(Files.readString(Path.of("..", "docker-compose.yml"))))
            .get("services"));

    ComposeFileTest() throws IOException {}

    @SuppressWarnings("unchecked") // a YAML mapping has texts for keys
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** One that a role has to ask alone must not go. */
    @ParameterizedTest
    @ValueSource(strings = {"topics", "topics-of-three", "producer", "worker", "worker-python", "aggregator"})
    void whateverBrokerIsThereIsAsked(String role) {
        assertThat(map(map(services.get(role)).get("environment")))
                .containsEntry("FANFOLD_BOOTSTRAP_SERVER", "brokers:19092");
    }

    @Test
    void brokersKnowEachOtherAndHaveANameInCommon() throws IOException {
        Matcher voters = VOTERS.matcher(Files.readString(Path.of("compose", "kafka", "broker")));
        assertThat(voters.find()).isTrue();
        List<String> hosts = Stream.of(voters.group(1).split(","))
                .map(voter -> voter.replaceFirst("^\\d@", "").replaceFirst(":9093$", ""))
                .toList();

        assertThat(hosts).hasSize(3).isSubsetOf(services.keySet());
        for (String host : hosts) {
            Map<String, Object> broker = map(services.get(host));
            assertThat(broker).containsEntry("hostname", host);
            assertThat(map(map(broker.get("networks")).get("default"))).containsEntry("aliases", List.of("brokers"));
        }
    }

    /** An image that is built here is in no registry: the first start must not ask for it. */
    @Test
    void nothingThatIsBuiltIsPulled() {
        Set<Object> built = services.values().stream()
                .map(ComposeFileTest::map)
                .filter(service -> service.containsKey("build"))
                .map(service -> service.get("image"))
                .collect(Collectors.toSet());

        assertThat(built).hasSize(4);
        for (Object service : services.values()) {
            if (built.contains(map(service).get("image")) && !map(service).containsKey("build")) {
                assertThat(map(service)).containsEntry("pull_policy", "never");
            }
        }
    }

    /** Docker's own 10 seconds would cut it off. */
    @ParameterizedTest
    @CsvSource({
        "producer, producer, " + StopTimes.AFTER_UPLOADS,
        "worker, worker, " + StopTimes.AFTER_DRAIN,
        "worker-python, worker, " + StopTimes.AFTER_DRAIN
    })
    void aRoleIsGivenTheTimeThatItsDrainMayTake(String service, String role, int after) {
        assertThat(seconds(service)).isGreaterThanOrEqualTo(drain(role) + after);
    }

    @Test
    void anAggregatorIsGivenTimeToWriteWhereItIs() {
        assertThat(seconds("aggregator")).isGreaterThanOrEqualTo(30);
    }

    private int seconds(String service) {
        return Integer.parseInt(((String) map(services.get(service)).get("stop_grace_period")).replaceFirst("s$", ""));
    }

    /** What the role takes for its drain where nobody says so. */
    private static int drain(String role) {
        return Integer.parseInt(Main.commandLine()
                .getSubcommands()
                .get(role)
                .getCommandSpec()
                .findOption("--drain")
                .defaultValueString(true));
    }
}

package io.fanfold.deploy.compose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What docker-compose.yml says of roles, without running them. */
final class ComposeFileTest {
    private final Map<String, Object> services = map(map(new Yaml(new SafeConstructor(new LoaderOptions()))
                    .load(Files.readString(Path.of("..", "docker-compose.yml"))))
            .get("services"));

    ComposeFileTest() throws IOException {}

    @SuppressWarnings("unchecked") // a YAML mapping has texts for keys
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @ParameterizedTest
    @ValueSource(strings = {"topics", "producer", "worker", "worker-python", "aggregator"})
    void whereKafkaIsCanBeSaid(String role) {
        assertThat(map(map(services.get(role)).get("environment")))
                .containsEntry("FANFOLD_BOOTSTRAP_SERVER", "${FANFOLD_KAFKA_BOOTSTRAP:-kafka:19092}");
    }

    /** One that a role has to ask alone must not go. */
    @Test
    void ofThreeBrokersEachIsAsked() throws IOException {
        Properties cluster = new Properties();
        cluster.load(new StringReader(Files.readString(Path.of("compose", "cluster.env"))));

        assertThat(hosts(cluster.getProperty("FANFOLD_KAFKA_BOOTSTRAP")))
                .containsExactlyElementsOf(hosts(cluster.getProperty("FANFOLD_KAFKA_VOTERS")))
                .isSubsetOf(services.keySet())
                .hasSize(3);
    }

    private static List<String> hosts(String addresses) {
        return Stream.of(addresses.split(","))
                .map(address -> address.replaceFirst("^\\d+@", "").replaceFirst(":\\d+$", ""))
                .toList();
    }

    /** Docker's own 10 seconds would cut it off. */
    @ParameterizedTest
    @ValueSource(strings = {"producer", "worker", "worker-python", "aggregator"})
    void everyRoleIsGivenItsTimeToStop(String role) {
        assertThat(map(services.get(role)).get("stop_grace_period")).asString().matches("[3-6]0s");
    }
}

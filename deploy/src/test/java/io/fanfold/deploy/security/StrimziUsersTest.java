package io.fanfold.deploy.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.SecurityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The users that Strimzi's operator makes may do what their roles have to, and nothing else. */
final class StrimziUsersTest {
    private static final Path USERS = Path.of("..", "deploy", "kubernetes", "overlays", "strimzi", "users.yaml");

    private static Map<String, Map<String, Object>> users() throws IOException {
        Iterable<Object> documents =
                new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(Files.readString(USERS));
        return StreamSupport.stream(documents.spliterator(), false)
                .map(document -> map(document))
                .collect(Collectors.toMap(
                        user -> String.valueOf(map(user.get("metadata")).get("name")), user -> user));
    }

    @SuppressWarnings("unchecked") // a YAML mapping has texts for keys
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @ParameterizedTest
    @EnumSource(
            value = Role.class,
            names = {"PRODUCER", "WORKER", "AGGREGATOR", "CLIENT"})
    void eachMayDoWhatItsRoleHasTo(Role role) throws Exception {
        Map<String, Object> user = users().getOrDefault("fanfold-" + role.word(), Map.of());
        Map<String, Object> spec = map(user.get("spec"));
        Map<String, Object> authorization = map(spec.get("authorization"));
        Set<String> allowed = new TreeSet<>();
        for (Object acl : (List<?>) authorization.get("acls")) {
            Map<String, Object> resource = map(map(acl).get("resource"));
            for (Object operation : (List<?>) map(acl).get("operations")) {
                assertThat(allowed.add(right(resource, operation.toString())))
                        .as("twice: " + acl)
                        .isTrue();
            }
        }

        assertThat(authorization.get("type")).isEqualTo("simple");
        assertThat(allowed)
                .isEqualTo(Grants.of(role, Topics.DEFAULT, Set.of(Topics.DEFAULT_POOL)).stream()
                        .map(StrimziUsersTest::text)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void thereAreNoOthers() throws Exception {
        assertThat(users().keySet())
                .containsExactlyInAnyOrder(
                        "fanfold-producer", "fanfold-worker", "fanfold-aggregator", "fanfold-client");
    }

    private static String right(Map<String, Object> resource, String operation) {
        ResourceType type = switch (resource.get("type").toString()) {
            case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
            default -> SecurityUtils.resourceType(capital(resource.get("type").toString()));
        };
        boolean cluster = type == ResourceType.CLUSTER;
        return type + " " + (cluster ? "kafka-cluster" : resource.get("name")) + " "
                + (cluster ? PatternType.LITERAL : pattern(resource.get("patternType")))
                + " " + SecurityUtils.operation(operation);
    }

    private static PatternType pattern(Object word) {
        return "prefix".equals(word) ? PatternType.PREFIXED : PatternType.LITERAL;
    }

    private static String capital(String word) {
        return Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }

    private static String text(Right right) {
        return right.resource().resourceType() + " " + right.resource().name() + " "
                + right.resource().patternType() + " " + right.operation();
    }
}

package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.wire.Topics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.internals.SecurityUtils;

/** A user that Strimzi's operator makes, and what it may do. */
record StrimziUser(Manifest manifest) {
    static StrimziUser named(String name, List<Manifest> manifests) {
        return manifests.stream()
                .filter(m -> m.kind().equals("KafkaUser") && m.name().equals(name))
                .map(StrimziUser::new)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no KafkaUser " + name));
    }

    /** What a role needs, written as {@link #rights()} are. */
    static Set<String> needed(Role role, Set<String> pools) {
        return Grants.of(role, Topics.DEFAULT, pools).stream()
                .map(StrimziUser::text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Resource, pattern and operation of each. */
    Set<String> rights() {
        return granted().stream().map(StrimziUser::text).collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the operator grants; none is there twice. */
    Set<Right> granted() {
        assertThat(manifest.at("/spec/authorization/type").asText()).isEqualTo("simple");
        Set<Right> rights = new LinkedHashSet<>();
        Manifest.items(manifest.at("/spec/authorization/acls"))
                .forEach(acl -> Manifest.items(acl.path("operations"))
                        .map(operation -> right(acl.path("resource"), operation.asText()))
                        .forEach(right -> assertThat(rights.add(right))
                                .as("twice: %s of %s", right, manifest)
                                .isTrue()));
        return rights;
    }

    private static Right right(JsonNode resource, String operation) {
        ResourceType type = switch (resource.path("type").asText()) {
            case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
            case String word -> SecurityUtils.resourceType(Character.toUpperCase(word.charAt(0)) + word.substring(1));
        };
        boolean cluster = type == ResourceType.CLUSTER;
        boolean prefixed = resource.path("patternType").asText().equals("prefix");
        return new Right(
                new ResourcePattern(
                        type,
                        cluster ? Resource.CLUSTER_NAME : resource.path("name").asText(),
                        prefixed ? PatternType.PREFIXED : PatternType.LITERAL),
                SecurityUtils.operation(operation),
                Right.Need.WORK);
    }

    private static String text(Right right) {
        return right.resource().resourceType() + " " + right.resource().name() + " "
                + right.resource().patternType() + " " + right.operation();
    }
}

package io.fanfold.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a namespace with the pod security standard {@code restricted} says to a container. */
final class Restricted {
    private static final Set<String> PROFILES = Set.of("RuntimeDefault", "Localhost");

    private Restricted() {}

    /** What is wrong. What a container does not say counts as its pod says it, as far as a pod may say it. */
    static List<String> problems(JsonNode pod, JsonNode container) {
        List<String> problems = new ArrayList<>();
        if (container.path("allowPrivilegeEscalation").asBoolean(true)) {
            problems.add("allowPrivilegeEscalation");
        }
        if (container.path("privileged").asBoolean(false)) {
            problems.add("privileged");
        }
        if (Manifest.items(container.at("/capabilities/drop"))
                .noneMatch(name -> name.asText().equals("ALL"))) {
            problems.add("capabilities are not dropped");
        }
        if (!Manifest.items(container.at("/capabilities/add"))
                .allMatch(name -> name.asText().equals("NET_BIND_SERVICE"))) {
            problems.add("capabilities are added");
        }
        if (!of(container, pod, "/runAsNonRoot").asBoolean(false)) {
            problems.add("runAsNonRoot");
        }
        if (Stream.of(container, pod)
                .map(context -> context.path("runAsUser"))
                .anyMatch(user -> user.isNumber() && user.asInt() == 0)) {
            problems.add("runAsUser");
        }
        if (!PROFILES.contains(of(container, pod, "/seccompProfile/type").asText())) {
            problems.add("seccompProfile");
        }
        return problems;
    }

    private static JsonNode of(JsonNode container, JsonNode pod, String field) {
        return container.at(field).isMissingNode() ? pod.at(field) : container.at(field);
    }
}

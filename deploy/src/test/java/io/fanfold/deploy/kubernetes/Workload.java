package io.fanfold.deploy.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A resource that makes pods of one container. */
record Workload(Manifest manifest) {
    private static final Set<String> KINDS = Set.of("Deployment", "StatefulSet", "Job");

    static Stream<Workload> of(List<Manifest> manifests) {
        return manifests.stream().filter(m -> KINDS.contains(m.kind())).map(Workload::new);
    }

    /** Those that have a selector and stay. */
    static Stream<Workload> lasting(List<Manifest> manifests) {
        return of(manifests).filter(w -> !w.manifest.kind().equals("Job"));
    }

    /** Those of them that are roles, which serve others. */
    static Stream<Workload> roles(List<Manifest> manifests) {
        return lasting(manifests).filter(w -> !w.component().equals("client"));
    }

    Map<String, String> labels() {
        return Manifest.texts(manifest.at("/spec/template/metadata/labels"));
    }

    Map<String, String> selector() {
        return Manifest.texts(manifest.at("/spec/selector/matchLabels"));
    }

    boolean selectedBy(Map<String, String> selector) {
        return labels().entrySet().containsAll(selector.entrySet());
    }

    JsonNode pod() {
        return manifest.at("/spec/template/spec");
    }

    JsonNode container() {
        return manifest.at("/spec/template/spec/containers/0");
    }

    String component() {
        return labels().getOrDefault("app.kubernetes.io/component", "");
    }

    List<String> arguments() {
        return Manifest.items(container().path("args")).map(JsonNode::asText).toList();
    }

    /** The number that a variable is set to. */
    int number(String variable) {
        return Integer.parseInt(
                Manifest.named(container().path("env"), variable).path("value").asText());
    }

    @Override
    public String toString() {
        return manifest.toString();
    }
}

package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** What the guide shows renders. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
final class KubernetesGuideTest {
    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RENDER = Pattern.compile("(?m)^kubectl kustomize (\\S+)$");

    private final String guide = Files.readString(Path.of("..", "docs", "guide", "kubernetes.md"));

    KubernetesGuideTest() throws IOException {}

    @Test
    void theDirectoryOfYourOwnRenders() throws IOException {
        Path directory = Files.createDirectories(Path.of("target", "kustomize", "guide"));
        Matcher yaml = YAML.matcher(guide);
        assertThat(yaml.find()).isTrue();
        Files.writeString(
                directory.resolve("kustomization.yaml"),
                yaml.group(1).replace("../deploy/kubernetes/", "../../../kubernetes/"));

        List<Manifest> manifests = Kustomize.render(directory);

        Rendering fleet = new Rendering("guide", manifests);
        assertThat(fleet.workload("fanfold-aggregator")
                        .container()
                        .path("image")
                        .asText())
                .isEqualTo("fanfold/aggregator:0.1.0");
        assertThat(fleet.workload("fanfold-worker").container().path("image").asText())
                .isEqualTo("registry.example.org/fanfold/worker:0.1.0");
        assertThat(fleet.ofKind("ConfigMap").map(map -> map.at("/data").toString()))
                .anyMatch(data -> data.contains("\"FANFOLD_BOOTSTRAP_SERVER\":\"kafka.kafka.svc:9093\""))
                .anyMatch(data -> data.contains("\"FANFOLD_STORE\":\"s3://my-bucket/fleet\""));
        KubernetesModels models = new KubernetesModels();
        assertThat(manifests)
                .allSatisfy(m -> assertThat(Schema.problems(List.of(models), m)).isEmpty());
    }

    @Test
    void whatItRendersIsThere() {
        assertThat(RENDER.matcher(guide).results().map(found -> Path.of("..", found.group(1))))
                .hasSizeGreaterThan(3)
                .allSatisfy(directory -> assertThat(Kustomize.render(directory)).isNotEmpty());
    }
}

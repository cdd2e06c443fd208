package io.fanfold.deploy.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fanfold.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** What the guide shows renders. */
@EnabledIfEnvironmentVariable(named = Kustomize.GATE, matches = "1", disabledReason = "needs kubectl")
final class KubernetesGuideTest {
    private static final Pattern YAML = Pattern.compile("```yaml\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern RENDER = Pattern.compile("(?m)^kubectl kustomize (\\S+)$");
    /** What is typed in the pod that is there for it. */
    private static final Pattern IN_THE_POD =
            Pattern.compile("(?m)^kubectl --namespace fanfold exec deployment/(\\S+) -- fanfold (.*)$");
    /** What is done in a namespace, on a line of its own or within a sentence. */
    private static final Pattern IN_A_NAMESPACE = Pattern.compile(
            "kubectl [^`\\n]*?\\b(create secret|delete|get|scale|rollout|port-forward|exec)\\b[^`\\n]*");

    private final String guide = Files.readString(Path.of("..", "docs", "guide", "kubernetes.md"));

    KubernetesGuideTest() throws IOException {}

    @Test
    void theDirectoryOfYourOwnRenders() throws IOException {
        Rendering fleet = rendered(0);

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
        assertThat(fleet.manifests())
                .allSatisfy(m -> assertThat(Schema.problems(List.of(models), m)).isEmpty());
    }

    /** In a namespace of another name, and nothing of it says fanfold's. */
    @Test
    void strimziWithPythonWorkersAndKedaRenders() throws IOException {
        Rendering fleet = rendered(1);

        assertThat(fleet.workload("fanfold-worker-python").pod().toString()).contains("fanfold-cluster-ca-cert");
        assertThat(fleet.manifests())
                .allSatisfy(
                        m -> assertThat(m.at("/metadata/namespace").asText()).isEqualTo("numbers"))
                .noneMatch(m -> m.tree().toString().contains("fanfold.svc"))
                .noneMatch(m -> m.tree().toString().contains("namespace=\\\"fanfold"))
                .anyMatch(m -> m.tree().toString().contains("namespace=\\\"numbers"));
    }

    private Rendering rendered(int number) throws IOException {
        String yaml = YAML.matcher(guide).results().toList().get(number).group(1);
        Path directory = Files.createDirectories(Path.of("target", "kustomize", "guide-" + number));
        Files.writeString(
                directory.resolve("kustomization.yaml"), yaml.replace("../deploy/kubernetes/", "../../../kubernetes/"));
        return new Rendering("guide " + number, Kustomize.render(directory));
    }

    @Test
    void whatItRendersIsThere() {
        assertThat(RENDER.matcher(guide).results().map(found -> Path.of("..", found.group(1))))
                .hasSizeGreaterThan(3)
                .allSatisfy(directory -> assertThat(Kustomize.render(directory)).isNotEmpty());
    }

    @Test
    void everyCommandSaysInWhichNamespace() {
        assertThat(IN_A_NAMESPACE.matcher(guide).results().map(found -> found.group()))
                .hasSizeGreaterThan(9)
                .allMatch(command -> command.startsWith("kubectl --namespace fanfold "));
    }

    @Test
    void whatIsTypedInAPodIsACommand() {
        assertThat(IN_THE_POD.matcher(guide).results()).hasSizeGreaterThan(4).allSatisfy(found -> {
            assertThat(Rendering.of("components/client").workload(found.group(1)))
                    .isNotNull();
            String[] words = (found.group(2) + " --bootstrap-server localhost:9092").split(" ");
            assertThatCode(() -> Main.commandLine().parseArgs(words))
                    .as(found.group(2))
                    .doesNotThrowAnyException();
        });
    }

    @Test
    void secretsComeBeforeWhatUsesThem() {
        assertThat(guide.lastIndexOf("create secret")).isBetween(0, guide.indexOf("kubectl apply"));
    }
}

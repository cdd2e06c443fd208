package io.fanfold.deploy.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** {@code kubectl kustomize}, of the binary that the variable KUBECTL names, else of the one on the path. */
final class Kustomize {
    /** Where it is 1, kubectl has to be there. */
    static final String GATE = "FANFOLD_TEST_KUBECTL";

    private static final Path WRITTEN = Path.of("target", "kustomize").toAbsolutePath();

    private Kustomize() {}

    static List<Manifest> render(Path directory) {
        Command.Ended ended = Command.run(
                Path.of("."),
                System.getenv().getOrDefault("KUBECTL", "kubectl"),
                "kustomize",
                directory.toAbsolutePath().toString());
        if (ended.code() != 0) {
            throw new AssertionError("kubectl kustomize " + directory + ": " + ended.output());
        }
        return Manifest.parse(ended.output());
    }

    /** Renders these together, as somebody does who puts a fleet together from them. */
    static List<Manifest> render(String name, Path resources, List<Path> components) {
        try {
            Path directory = Files.createDirectories(WRITTEN.resolve(name));
            String more = components.stream()
                    .map(c -> "\n  - " + directory.relativize(c.toAbsolutePath()))
                    .collect(Collectors.joining());
            Files.writeString(
                    directory.resolve("kustomization.yaml"),
                    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - "
                            + directory.relativize(resources.toAbsolutePath()) + "\ncomponents:" + more + "\n");
            return render(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.fanfold.deploy.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What somebody would apply: a directory that is complete in itself, or one with components on it.
 *
 * @param name the directories
 */
record Rendering(String name, List<Manifest> manifests) {
    static final Path ROOT = Path.of("kubernetes");
    private static final Path BASE = ROOT.resolve("base");
    private static final Path COMPONENTS = ROOT.resolve("components");
    /** What a component goes with, if that is more than the base. */
    private static final Map<String, List<String>> NEEDS = Map.of(
            "keda-sasl", List.of("kafka-client", "keda"),
            "strimzi-python", List.of("python", "strimzi"),
            "strimzi-keda", List.of("strimzi", "keda"));
    /** The order of the guide. */
    private static final List<String> ORDER = List.of(
            "python",
            "s3",
            "client",
            "kafka-client",
            "strimzi",
            "strimzi-python",
            "token",
            "keda",
            "hpa",
            "keda-sasl",
            "strimzi-keda");

    private static final List<Rendering> ALL = new ArrayList<>();

    /** Every directory with a kustomization that there is, and all components together. */
    static synchronized List<Rendering> all() {
        if (ALL.isEmpty()) {
            directories().forEach(directory -> ALL.add(of(directory)));
            ALL.add(together("python", "s3", "client", "kafka-client", "token", "keda", "keda-sasl"));
            ALL.add(together("python", "s3", "client", "kafka-client", "token", "hpa"));
            ALL.add(together("python", "s3", "client", "strimzi", "strimzi-python", "token", "keda", "strimzi-keda"));
            ALL.add(together("python", "s3", "client", "strimzi", "strimzi-python", "token", "hpa"));
        }
        return List.copyOf(ALL);
    }

    static Rendering of(String directory) {
        return all().stream()
                .filter(r -> r.name.equals(directory))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + directory + " below " + ROOT));
    }

    /** Where there is a {@code kustomization.yaml}, however deep. */
    static List<Path> directories() {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(f -> f.endsWith("kustomization.yaml"))
                    .map(Path::getParent)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Rendering of(Path directory) {
        String name = ROOT.relativize(directory).toString();
        if (!directory.startsWith(COMPONENTS)) {
            return new Rendering(name, Kustomize.render(directory));
        }
        String component = COMPONENTS.relativize(directory).toString();
        List<String> all = new ArrayList<>(NEEDS.getOrDefault(component, List.of()));
        all.add(component);
        return new Rendering(name, together(all.toArray(String[]::new)).manifests);
    }

    /** The base and these, in the order that they are to be listed in. */
    static Rendering together(String... components) {
        List<Path> paths = Stream.of(components)
                .sorted(Comparator.comparingInt(ORDER::indexOf))
                .map(COMPONENTS::resolve)
                .toList();
        String name = String.join("+", components);
        return new Rendering(name, Kustomize.render(name, BASE, paths));
    }

    Stream<Manifest> ofKind(String kind) {
        return manifests.stream().filter(m -> m.kind().equals(kind));
    }

    Workload workload(String name) {
        return Workload.of(manifests)
                .filter(w -> w.manifest().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no workload " + name + " in " + this.name));
    }

    @Override
    public String toString() {
        return name;
    }
}

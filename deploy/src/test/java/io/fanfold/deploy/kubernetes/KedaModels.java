package io.fanfold.deploy.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The resources of KEDA, by the schemas that npm has of its models, as validators in JavaScript. These take fields that they do not
 * know; which a manifest has of those is seen by what they never look at.
 */
final class KedaModels implements Schema {
    /** Where it is 1, npm and node have to be there. */
    static final String GATE = "FANFOLD_TEST_KEDA";

    private static final Path DIRECTORY = Path.of("target", "keda").toAbsolutePath();
    private static final String[] INSTALL = {
        "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "@kubernetes-models/keda@2.0.0"
    };
    private static final String VALIDATORS =
            "node_modules/@kubernetes-models/keda/_schemas/ComGithubKedacoreKedaV2Apis";

    KedaModels() throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.writeString(DIRECTORY.resolve("package.json"), "{\"private\": true, \"type\": \"module\"}");
        try (InputStream check = KedaModels.class.getResourceAsStream("/keda/check.js")) {
            Files.copy(
                    Objects.requireNonNull(check), DIRECTORY.resolve("check.js"), StandardCopyOption.REPLACE_EXISTING);
        }
        Command.Ended ended = Command.run(DIRECTORY, INSTALL);
        if (ended.code() != 0) {
            throw new AssertionError(String.join(" ", INSTALL) + ": " + ended.output());
        }
    }

    @Override
    public Optional<List<String>> problems(Manifest manifest) {
        if (!manifest.apiVersion().equals("keda.sh/v1alpha1")) {
            return Optional.empty();
        }
        String validator = VALIDATORS + "KedaV1alpha1" + manifest.kind() + ".js";
        return Files.exists(DIRECTORY.resolve(validator))
                ? Optional.of(problems(manifest, validator))
                : Optional.empty();
    }

    private static List<String> problems(Manifest manifest, String validator) {
        try {
            Files.writeString(
                    DIRECTORY.resolve("manifest.json"), manifest.tree().toString());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Command.Ended ended = Command.run(DIRECTORY, "node", "check.js", "./" + validator, "manifest.json");
        if (ended.code() != 0) {
            throw new AssertionError("node check.js: " + ended.output());
        }
        return ended.output().lines().filter(line -> !line.isBlank()).toList();
    }
}

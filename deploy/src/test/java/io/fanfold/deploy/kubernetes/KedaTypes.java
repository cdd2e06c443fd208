package io.fanfold.deploy.kubernetes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The resources of KEDA, by the types that npm has of them. The compiler of TypeScript refuses a field that a literal's type does not
 * have; the schemas of the same package do not.
 */
final class KedaTypes implements Schema {
    /** Where it is 1, npm and node have to be there. */
    static final String GATE = "FANFOLD_TEST_KEDA";

    private static final Path DIRECTORY = Path.of("target", "keda").toAbsolutePath();
    private static final String[] INSTALL = {
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--ignore-scripts",
        "@kubernetes-models/keda@2.0.0",
        "typescript@5.9.3"
    };
    private static final String OPTIONS = """
        {"compilerOptions": {"module": "nodenext", "strict": true, "noEmit": true, "skipLibCheck": true, "types": []},
         "files": ["manifest.ts"]}
        """;

    KedaTypes() throws IOException {
        Files.createDirectories(DIRECTORY);
        Files.writeString(DIRECTORY.resolve("package.json"), "{\"private\": true, \"type\": \"module\"}");
        Files.writeString(DIRECTORY.resolve("tsconfig.json"), OPTIONS);
        Command.Ended ended = Command.run(DIRECTORY, INSTALL);
        if (ended.code() != 0) {
            throw new AssertionError(String.join(" ", INSTALL) + ": " + ended.output());
        }
    }

    @Override
    public Optional<List<String>> problems(Manifest manifest) {
        String module = "@kubernetes-models/keda/" + manifest.apiVersion() + "/" + manifest.kind();
        Path types = DIRECTORY.resolve("node_modules").resolve(module + ".d.ts");
        return Files.exists(types) ? Optional.of(compile(manifest, module)) : Optional.empty();
    }

    private static List<String> compile(Manifest manifest, String module) {
        try {
            Files.writeString(
                    DIRECTORY.resolve("manifest.ts"),
                    "import type { I" + manifest.kind() + " } from \"" + module + "\";\nexport const manifest: I"
                            + manifest.kind() + " = " + manifest.tree() + ";\n");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Command.Ended ended = Command.run(DIRECTORY, "node", "node_modules/typescript/bin/tsc", "--project", ".");
        return ended.code() == 0 ? List.of() : ended.output().lines().toList();
    }
}

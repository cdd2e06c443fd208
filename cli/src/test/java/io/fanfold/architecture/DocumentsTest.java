package io.fanfold.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents name is there. */
final class DocumentsTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern CLASS = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.\\w+)*`");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

    @Test
    void everyClassNamedInArchitectureExists() throws IOException {
        Set<String> named = found(CLASS, "ARCHITECTURE.md");

        assertThat(named).hasSizeGreaterThan(10);
        assertThat(classes()).containsAll(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "ARCHITECTURE.md",
                "CONTRIBUTING.md",
                "docs/reference/wire-protocol.md",
                "docs/reference/child-protocol.md",
                "docs/guide/curl.md",
                "docs/guide/errors.md",
                "docs/guide/functions.md",
                "docs/guide/folds.md",
                "docs/guide/java.md",
                "docs/guide/kcat.md",
                "docs/guide/kubernetes.md",
                "docs/guide/node.md",
                "docs/guide/python.md",
                "docs/guide/python-client.md",
                "docs/guide/results.md",
                "docs/guide/security.md",
                "docs/examples/plugin/README.md"
            })
    void everyLinkLeadsSomewhere(String document) throws IOException {
        Path folder = ROOT.resolve(document).getParent();

        assertThat(found(LINK, document))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(folder.resolve(link)).exists());
    }

    private static Set<String> found(Pattern pattern, String document) throws IOException {
        return pattern.matcher(Files.readString(ROOT.resolve(document)))
                .results()
                .map((MatchResult m) -> m.group(1))
                .collect(Collectors.toSet());
    }

    /** The names of all source files, without their ending. */
    private static Set<String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}

package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What {@code docs/guide/java.md} shows is compiled and run, and what it compares is tested. */
final class JavaGuideTest {
    private static final Pattern SNIPPET = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEST = Pattern.compile("<!-- (\\w+) -->");

    private static String guide() throws IOException {
        return Files.readString(Path.of("..", "docs", "guide", "java.md"));
    }

    private static String source(String type) throws IOException {
        return Files.readString(Path.of("src", "test", "java", "io", "fanfold", type + ".java"));
    }

    /** Without indentation and empty lines. */
    private static String lines(String code) {
        return code.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    @Test
    void everySnippetStandsInATestThatRunsIt() throws IOException {
        List<String> snippets = SNIPPET.matcher(guide())
                .results()
                .map(snippet -> lines(snippet.group(1)))
                .toList();

        assertThat(snippets).hasSizeGreaterThan(8);
        assertThat(lines(source("guide/JavaGuideIT"))).contains(snippets);
    }

    @Test
    void everyRowOfTheComparisonNamesItsTest() throws IOException {
        List<String> rows = guide().lines()
                .dropWhile(line -> !line.startsWith("| Python"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        String tests = source("e2e/PythonSemanticsIT");

        assertThat(rows).hasSizeGreaterThan(12).allSatisfy(row -> {
            List<String> named =
                    TEST.matcher(row).results().map(m -> m.group(1)).toList();
            assertThat(named).as(row).isNotEmpty();
            assertThat(tests)
                    .contains(named.stream().map(name -> "void " + name + "(").toList());
        });
    }
}

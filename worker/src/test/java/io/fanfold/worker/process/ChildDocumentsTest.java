package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.testkit.NumPy;
import io.fanfold.worker.function.ChildFunction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documents about children show is so. */
final class ChildDocumentsTest {
    private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();

    @TempDir
    private Path files;

    /** The blocks of a language in a document, without the indentation of lists. */
    private static List<String> blocks(String document, String language) throws IOException {
        return Pattern.compile(" *```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(DOCS.resolve(document)))
                .results()
                .map((MatchResult m) -> m.group(1).stripIndent())
                .toList();
    }

    private ChildFunction python(String source, String function) throws IOException {
        Path file = Files.writeString(files.resolve("work.py"), source);
        return PythonFunctions.describe(NumPy.here().python(), file + ":" + function);
    }

    @Test
    void theFramesOfTheProtocolAreUnderstood() throws IOException {
        List<Head> heads = new ArrayList<>();
        Optional<Described> described = Optional.empty();
        for (String json : blocks("reference/child-protocol.md", "json")) {
            if (json.contains("\"about\"")) {
                described = Described.in(json);
            } else {
                heads.add(Head.parse(json.getBytes(StandardCharsets.UTF_8)));
            }
        }

        assertThat(heads)
                .extracting(head -> head.getClass().getSimpleName())
                .containsExactly("Ready", "NotReady", "Request", "Done", "Failed");
        assertThat(described).isPresent();
    }

    @Test
    void theChildTriedByHandAnswers() throws Exception {
        NumPy numPy = NumPy.here();
        ChildFunction _ = CommandFunctionsTest.example();
        String script = blocks("reference/child-protocol.md", "sh").getLast();
        script = script.substring(script.indexOf('\n') + 1, script.indexOf("EOF\n", script.indexOf('\n')));

        assertThat(numPy.run(script.replace("docs/examples", DOCS + "/examples"))
                        .lines())
                .hasSize(2)
                .last()
                .asString()
                .endsWith("[0.  2.5 5. ]");
    }

    @Test
    void theFunctionsOfTheGuideCompute() throws IOException {
        List<String> blocks = blocks("guide/python.md", "python");
        try (Nursery nursery = new Nursery(1, 0)) {
            ChildFunction f = python(blocks.get(0), "f");
            assertThat(f.description().about()).isEqualTo("The square root, and 0 below 0.");
            assertThat(Nursery.doubles(nursery.run(f, Map.of(), -1, 9))).containsExactly(0, 3);

            ChildFunction power = python(blocks.get(1), "power");
            Map<String, Object> parameters = power.description().resolve(Map.of("exponent", "2", "offset", "1"));
            assertThat(Nursery.doubles(nursery.run(power, parameters, 3))).containsExactly(10);
        }
    }
}

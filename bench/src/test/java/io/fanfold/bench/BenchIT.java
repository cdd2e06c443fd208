package io.fanfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fanfold.testkit.TestJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench command in a process of its own, as a person runs it. */
final class BenchIT {
    private static final long ENDS_WITHIN_SECONDS = 600;
    private static final Set<String> SUITES = Set.of("floor", "scale", "micro");

    @TempDir
    private Path directory;

    /** What it did. */
    private record Ended(int code, String out, String err) {}

    private Ended bench(String... arguments) throws Exception {
        List<String> command = TestJvm.command(List.of(), "io.fanfold.bench.Main", "bench");
        command.addAll(List.of(arguments));
        Path out = directory.resolve("out.txt");
        Path err = directory.resolve("err.txt");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        if (!process.waitFor(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("bench did not end: " + Files.readString(err));
        }
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void suitesAreMeasuredAndWrittenForPeopleAndForPrograms() throws Exception {
        Path work = Files.createDirectory(directory.resolve("work"));
        Ended ended = bench(
                "floor",
                "scale",
                "micro",
                "--quick",
                "--json",
                "b.json",
                "--html",
                "b.html",
                "--work",
                work.toString());

        assertThat(ended.code()).as(ended.err()).isEqualTo(0);
        JsonNode all = new ObjectMapper().readTree(Files.readString(directory.resolve("b.json")));
        assertThat(all.get("suite").asText()).isEqualTo("floor scale micro");
        assertThat(all.get("machine").get("cores").asInt()).isPositive();
        Set<String> measured = new TreeSet<>();
        String page = Files.readString(directory.resolve("b.html"));
        for (JsonNode figure : all.get("figures")) {
            requireForm(figure);
            measured.add(figure.get("suite").asText());
            assertThat(page).contains("<title>" + figure.get("name").asText() + "</title>");
            assertThat(ended.out()).contains(figure.get("unit").asText());
        }
        assertThat(measured).containsExactlyInAnyOrderElementsOf(SUITES);
        assertThat(page.split("<svg", -1)).hasSize(1 + all.get("figures").size());
        try (var left = Files.list(work)) {
            assertThat(left).as("what is left of the work").isEmpty();
        }
    }

    /** A figure as programs know it; all of these are measured. */
    private static void requireForm(JsonNode figure) {
        assertThat(figure.get("name").asText()).isNotEmpty();
        assertThat(figure.get("unit").asText()).isNotEmpty();
        assertThat(figure.get("ours").asDouble()).as("%s", figure).isPositive();
        boolean alone = figure.get("theirs").isNull();
        assertThat(figure.get("ratio").isNull()).as("%s", figure).isEqualTo(alone);
        if (!alone) {
            assertThat(figure.get("theirs").asDouble()).as("%s", figure).isPositive();
            assertThat(figure.get("ratio").asDouble()).as("%s", figure).isPositive();
        }
        assertThat(figure.get("target").isNull() || figure.get("target").isNumber())
                .as("%s", figure)
                .isTrue();
    }

    @Test
    void aSuiteThatIsNotThereIsNamed() throws Exception {
        Ended ended = bench("flor");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("flor", "floor", "fanfold bench --help");
        assertThat(ended.err().lines()).hasSize(1);
    }
}

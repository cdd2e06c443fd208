package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guide is followed to the letter, and what is wrong with it is found. */
final class GuideTest {
    private static final String BEGINNING = "```sh\n" + Guide.FLEET + "```\n";

    @TempDir
    Path directory;

    @Test
    void filesAreSavedBlocksAreTypedInOneShellAndWhatTheyShowIsCompared() throws Exception {
        Guide guide = guide("""
            ```python
            # hello.py
            print("localhost:9092")
            ```
            ```sh
            greeting=hello
            ```
            ```sh
            echo $greeting; cat hello.py
            ```
            ```text
            hello
            # hello.py
            print("…:1")
            ```
            """);

        reader(text -> text.replace("9092", "1")).follow(guide);

        assertThat(directory.resolve("hello.py")).hasContent("# hello.py\nprint(\"localhost:1\")\n");
    }

    @Test
    void aCommandThatFailsIsNamedWithWhatItSaid() throws Exception {
        Guide guide =
                guide("```sh\ntrue\n```\n```sh\necho so far; cat nowhere; echo not here\n```\n```sh\ntrue\n```\n");

        assertThatThrownBy(() -> reader(UnaryOperator.identity()).follow(guide))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("cat nowhere", "so far", "No such file");
    }

    @Test
    void anEllipsisStandsForAnyTextAndNothingElseDoes() {
        Guide.Shown shown = new Guide.Shown("job \u2026 is (done)\n\u2026\n");

        assertThatNoException().isThrownBy(() -> shown.assertIs("job 7 is (done)\r\nmore\n"));
        assertThatThrownBy(() -> shown.assertIs("job 7 is done\nmore\n")).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> shown.assertIs("a job 7 is (done)\nmore\n")).isInstanceOf(AssertionError.class);
    }

    @Test
    void aBlockThatNobodyWouldRunIsRefused() {
        assertThatThrownBy(() -> guide("```python\nprint(1)\n```\n"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("print(1)");
        assertThatThrownBy(() -> guide("```text\nTrue\n```\n")).isInstanceOf(RuntimeException.class);
    }

    private Guide guide(String blocks) throws IOException {
        return Guide.read(Files.writeString(directory.resolve("guide.md"), BEGINNING + blocks));
    }

    private Reader reader(UnaryOperator<String> addressed) throws IOException {
        return new Reader(directory, addressed, Path.of("/usr/bin/python3"));
    }
}

package io.fanfold.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.bench.suite.Suite;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the bench command is typed; nothing is measured. */
final class BenchCommandTest {
    /** What came of a command line. */
    private record Ended(int code, String err) {}

    private static Ended bench(String... arguments) {
        StringWriter err = new StringWriter();
        int code = Main.commandLine().setErr(new PrintWriter(err)).execute(arguments);
        return new Ended(code, err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "quick"})
    void aSuiteThatIsNotThereIsNamedWithThoseThatAre(String typed) {
        Ended ended = bench("bench", "floor", typed);

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).contains("\"" + typed + "\"", "fanfold bench --help");
        for (Suite suite : Suite.values()) {
            assertThat(ended.err()).contains(suite.toString());
        }
    }

    @Test
    void anOptionThatIsNotThereIsNoSuite() {
        Ended ended = bench("bench", "--qick");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--qick").doesNotContain("suite");
    }
}

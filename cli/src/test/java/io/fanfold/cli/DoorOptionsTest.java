package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.cli.door.DoorAddress;
import io.fanfold.protocol.InvalidRequestException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

/** Which door a command goes through. */
final class DoorOptionsTest {
    @TempDir
    Path directory;

    @Command(name = "any")
    private static final class Any implements Runnable {
        @Mixin
        DoorOptions door = new DoorOptions();

        @Override
        public void run() {}
    }

    private static DoorOptions options(String... arguments) {
        Any any = new Any();
        CommandLine line = new CommandLine(any);
        var _ = line.parseArgs(arguments);
        return any.door;
    }

    private static DoorAddress environment(Map<String, String> variables) throws Exception {
        return options().ofEnvironment(variables::get);
    }

    @Test
    void theEnvironmentNamesOneWhereTheCommandLineDoesNot() throws Exception {
        assertThat(environment(Map.of("FANFOLD_SERVER", "http://here:8080")).option())
                .isEqualTo("--server http://here:8080");
        assertThat(environment(Map.of("FANFOLD_BOOTSTRAP_SERVER", "here:9092")).option())
                .isEqualTo("--bootstrap-server here:9092");
        assertThatThrownBy(() -> environment(
                        Map.of("FANFOLD_SERVER", "http://here:8080", "FANFOLD_BOOTSTRAP_SERVER", "here:9092")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("both set");
        assertThatThrownBy(() -> environment(Map.of()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("--server URL")
                .hasMessageContaining("--bootstrap-server HOST:PORT")
                .hasMessageContaining("FANFOLD_SERVER");
    }

    @Test
    void theCommandLineNamesOne() throws Exception {
        assertThat(options("--server", "here:1/").given())
                .hasValueSatisfying(at -> assertThat(at)
                        .isEqualTo(DoorAddress.Http.parse(
                                "http://here:1", Optional.ofNullable(System.getenv("FANFOLD_TOKEN")))));
        assertThat(options("--bootstrap-server", "here:2", "--topic-prefix", "mine")
                        .given())
                .map(DoorAddress::option)
                .contains("--bootstrap-server here:2 --topic-prefix mine");
        assertThatThrownBy(() -> options("--server", "here:1", "--bootstrap-server", "here:2")
                        .given())
                .hasMessageContaining("exclude one another");
        assertThatThrownBy(() ->
                        options("--server", "here:1", "--topic-prefix", "mine").given())
                .hasMessageContaining("--topic-prefix goes with --bootstrap-server");
        assertThat(options("--bootstrap-server", "here:2", "--token", "t").given())
                .hasValueSatisfying(at -> assertThat(((DoorAddress.Kafka) at).token())
                        .as("results are fetched from servers")
                        .contains("t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://here", "http://", "http://here:x:y", "here there", "http://here/?q=1", ""})
    void anAddressThatIsNoneIsNamed(String text) {
        assertThatThrownBy(() -> DoorAddress.Http.parse(text, Optional.empty()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("\"" + text + "\"")
                .hasMessageContaining("http://localhost:8080");
    }

    @Test
    void wrongUseIsFoundBeforeTheFleetIsAsked() {
        String there = "http://127.0.0.1:1";
        String out = directory.resolve("y.npy").toString();
        assertRefused(List.of("wait", "j", "--server", there, "--timeout", "-1"), "--timeout is -1");
        assertRefused(List.of("jobs", "--server", there, "--limit", "0"), "--limit is 0");
        assertRefused(List.of("result", "j", "--server", there, "--out", "/no/such/y.npy"), "/no/such");
        assertRefused(
                List.of("submit", "--function", "f", "--in", "x.npy", "--server", there, "--out", out),
                "--out goes with --wait");
        assertRefused(
                List.of("submit", "--function", "f", "--in", directory.toString(), "--server", there),
                "is a directory");
        assertRefused(List.of("submit", "--in", "x.npy", "--server", there), "--function");
        assertRefused(List.of("status", "--server", there), "JOB");
    }

    @Test
    void aServerThatDoesNotAnswerIsSaidInOneLine() {
        for (String command : List.of("status", "watch", "wait", "cancel")) {
            StringWriter err = new StringWriter();
            assertThat(run(List.of(command, "j", "--server", "127.0.0.1:1"), err))
                    .isEqualTo(1);
            assertThat(err.toString().lines()).hasSize(1);
            assertThat(err.toString()).contains("no server answers at http://127.0.0.1:1", "fanfold up");
        }
    }

    private static void assertRefused(List<String> words, String named) {
        StringWriter err = new StringWriter();
        assertThat(run(words, err)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains(named);
    }

    private static int run(List<String> words, StringWriter err) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err));
        return line.execute(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"submit", "status", "watch", "wait", "result", "cancel", "jobs", "functions", "doctor", "replay"
            })
    void helpHasExamplesAndExitCodes(String command) {
        StringWriter out = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));

        assertThat(line.execute(command, "--help")).isZero();
        assertThat(out.toString())
                .contains("Examples:", "Exit codes: 0", "fanfold " + command, "--json", "--bootstrap-server");
    }
}

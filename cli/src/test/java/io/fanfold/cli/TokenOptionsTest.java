package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Where the token is from. */
final class TokenOptionsTest {
    @TempDir
    Path directory;

    private static Optional<String> token(Map<String, String> environment, String... arguments) throws Exception {
        TokenOptions options = new TokenOptions();
        var _ = new CommandLine(CommandLine.Model.CommandSpec.create()
                        .addMixin("token", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs(arguments);
        return options.token(environment::get);
    }

    private String file(String text) throws Exception {
        return Files.write(directory.resolve("token"), text.getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "secret\n", "secret\r\n"})
    void aFileHasItWithOrWithoutAnEndOfLine(String text) throws Exception {
        assertThat(token(Map.of(), "--token-file", file(text))).contains("secret");
        assertThat(token(Map.of("FANFOLD_TOKEN_FILE", file(text)))).contains("secret");
    }

    @Test
    void theCommandLineWinsAndWhatIsEmptyIsNotSet() throws Exception {
        Map<String, String> both = Map.of("FANFOLD_TOKEN", "other", "FANFOLD_TOKEN_FILE", "/not/there");
        assertThat(token(both, "--token", "mine")).contains("mine");
        assertThat(token(both, "--token-file", file("mine"))).contains("mine");
        assertThat(token(Map.of("FANFOLD_TOKEN", "", "FANFOLD_TOKEN_FILE", ""))).isEmpty();
        assertThat(token(Map.of("FANFOLD_TOKEN", "", "FANFOLD_TOKEN_FILE", file("filed"))))
                .contains("filed");
        assertThat(token(Map.of())).isEmpty();
    }

    @Test
    void twoOfThemAreOneTooMany() {
        assertRefused(
                () -> token(Map.of(), "--token", "a", "--token-file", "b"), "--token", "--token-file", "one of them");
        assertRefused(
                () -> token(Map.of("FANFOLD_TOKEN", "a", "FANFOLD_TOKEN_FILE", "b")),
                "FANFOLD_TOKEN",
                "FANFOLD_TOKEN_FILE",
                "unset");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        String absent = directory.resolve("absent").toString();
        assertRefused(() -> token(Map.of(), "--token-file", absent), absent, "--token-file", "not there");
        assertRefused(() -> token(Map.of("FANFOLD_TOKEN_FILE", absent)), absent, "FANFOLD_TOKEN_FILE", "mounted");
        assertRefused(() -> token(Map.of(), "--token-file", directory.toString()), "is a directory");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void aFileWithoutATokenIsEmpty(String text) throws Exception {
        String file = file(text);
        assertRefused(() -> token(Map.of(), "--token-file", file), file, "is empty", "write the token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s\u00e9cret", "two words", "two\nlines", "secret\n\n", " secret", "\u0000"})
    void whatNoHeaderCarriesIsRefusedAndNotSaid(String text) throws Exception {
        String file = file(text);
        assertThatThrownBy(() -> token(Map.of(), "--token-file", file))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(file)
                .hasMessageContaining("ASCII")
                .hasMessageNotContaining(text);
        assertRefused(() -> token(Map.of(), "--token", text), "--token", "ASCII");
        assertRefused(() -> token(Map.of("FANFOLD_TOKEN", text)), "FANFOLD_TOKEN", "ASCII");
    }

    @Test
    void aFileThatIsLargeIsNoToken() throws Exception {
        String file = file("x".repeat(10_000));
        assertRefused(() -> token(Map.of(), "--token-file", file), file, "8192");
    }

    @Test
    void aFileThatMayNotBeReadSaysHowItMay() throws Exception {
        Path file = Path.of(file("secret"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "who may do everything reads it all the same");
        assertRefused(() -> token(Map.of(), "--token-file", file.toString()), "cannot be read", "chmod");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable doing, String... named) {
        assertThatThrownBy(doing)
                .isInstanceOf(InvalidRequestException.class)
                .extracting(Throwable::getMessage)
                .asString()
                .contains(named);
    }
}

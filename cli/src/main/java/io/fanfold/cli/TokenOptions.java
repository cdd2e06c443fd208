package io.fanfold.cli;

import io.fanfold.http.HttpSettings;
import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The token of a fleet: given as it is, or in a file, which is where secrets of a deployment are. */
final class TokenOptions {
    static final String TOKEN = "FANFOLD_TOKEN";
    static final String FILE = "FANFOLD_TOKEN_FILE";
    /** More than any header may have. */
    private static final int LONGEST = 8192;

    @Option(
            names = "--token",
            order = 10,
            paramLabel = "TOKEN",
            description =
                    "The fleet's token: its servers let in only requests that bear it, but for health, metrics and"
                            + " documentation (default: everybody is let in; better " + TOKEN
                            + " or --token-file, which"
                            + " other users of the machine do not see).")
    @Nullable
    String token;

    @Option(
            names = "--token-file",
            order = 10,
            paramLabel = "FILE",
            description = "A file with the token and nothing else, in place of --token (or " + FILE + ").")
    @Nullable
    Path file;

    /**
     * The token of the command line, or else of the environment; empty if there is none.
     *
     * @throws InvalidRequestException if it is given twice, or is none that a header can carry
     */
    Optional<String> token() throws IOException {
        return token(System.getenv()::get);
    }

    /** @param environment its variables by name; null where there is none */
    Optional<String> token(Function<String, @Nullable String> environment) throws IOException {
        if (token != null && file != null) {
            throw new InvalidRequestException("--token and --token-file exclude one another: give one of them");
        }
        if (token != null) {
            HttpSettings.requireToken("of --token", token);
            return Optional.of(token);
        }
        return file != null ? Optional.of(read("--token-file", file)) : ofEnvironment(environment);
    }

    private static Optional<String> ofEnvironment(Function<String, @Nullable String> environment) throws IOException {
        Optional<String> text = set(environment, TOKEN);
        Optional<String> path = set(environment, FILE);
        if (text.isPresent() && path.isPresent()) {
            throw new InvalidRequestException(TOKEN + " and " + FILE + " are both set: unset one of them");
        }
        text.ifPresent(t -> HttpSettings.requireToken("of " + TOKEN, t));
        return path.isPresent() ? Optional.of(read(FILE, Path.of(path.get()))) : text;
    }

    /** What is empty is not set: compose files and the like cannot leave a variable out. */
    private static Optional<String> set(Function<String, @Nullable String> environment, String name) {
        return Optional.ofNullable(environment.apply(name)).filter(value -> !value.isEmpty());
    }

    private static String read(String from, Path file) throws IOException {
        String what = "the token file " + file + " (" + from + ")";
        if (Files.isDirectory(file)) {
            throw new InvalidRequestException(what + " is a directory: give the file in it that has the token");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LONGEST + 1);
        } catch (NoSuchFileException e) {
            throw new InvalidRequestException(
                    what + " is not there: check the path, and that the secret is mounted", e);
        } catch (AccessDeniedException e) {
            throw new InvalidRequestException(
                    what + " cannot be read: let the user that this runs as read it (such as chmod 0440 and its group)",
                    e);
        }
        if (bytes.length > LONGEST) {
            throw new InvalidRequestException(what + " has more than " + LONGEST
                    + " bytes: it shall have the token on one line and nothing else");
        }
        String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
        if (text.isEmpty()) {
            throw new InvalidRequestException(what + " is empty: write the token into it");
        }
        HttpSettings.requireToken("in " + file + " (" + from + ")", text);
        return text;
    }
}

package io.fanfold.cli;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.worker.function.FunctionRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where functions come from that are not built in. */
class PluginOptions {
    private static final Path USUAL = Path.of("plugins");

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            defaultValue = "${env:FANFOLD_PLUGINS:-" + Option.NULL_VALUE + "}",
            description = "A directory of jars with functions and folds (default: plugins, if it is there; or"
                    + " FANFOLD_PLUGINS).")
    @Nullable
    Path plugins;

    @Option(
            names = "--python-executable",
            paramLabel = "PATH",
            defaultValue = "${env:FANFOLD_PYTHON:-python3}",
            description = "The Python that has NumPy (default: python3; or FANFOLD_PYTHON).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String python;

    Optional<Path> directory() {
        if (plugins != null && !Files.isDirectory(plugins)) {
            throw new InvalidRequestException("--plugins " + plugins + " is no directory");
        }
        return Optional.ofNullable(plugins == null && Files.isDirectory(USUAL) ? USUAL : plugins)
                .map(Path::toAbsolutePath);
    }

    /** The functions in Java. */
    FunctionRegistry registry() {
        return directory().map(FunctionRegistry::load).orElseGet(FunctionRegistry::load);
    }

    /** The folds in Java. */
    Folds folds() {
        return directory().map(Folds::load).orElseGet(Folds::load);
    }

    /** The same options for a worker that is started from here. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--python-executable", python));
        directory().ifPresent(dir -> arguments.addAll(List.of("--plugins", dir.toString())));
        return arguments;
    }
}

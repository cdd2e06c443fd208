package io.fanfold.cli;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.fold.Folds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where jars with functions and folds are. */
class PluginDirectory {
    private static final Path USUAL = Path.of("plugins");

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            defaultValue = "${env:FANFOLD_PLUGINS:-" + Option.NULL_VALUE + "}",
            description = "A directory of jars with functions and folds (default: plugins, if it is there; or"
                    + " FANFOLD_PLUGINS).")
    @Nullable
    Path plugins;

    Optional<Path> directory() {
        if (plugins != null && !Files.isDirectory(plugins)) {
            throw new InvalidRequestException("--plugins " + plugins + " is no directory");
        }
        return Optional.ofNullable(plugins == null && Files.isDirectory(USUAL) ? USUAL : plugins)
                .map(Path::toAbsolutePath);
    }

    /** The folds, those of the jars after those that are built in. */
    Folds folds() {
        return directory().map(Folds::load).orElseGet(Folds::load);
    }
}

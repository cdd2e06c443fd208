package io.fanfold.cli;

import io.fanfold.worker.function.FunctionRegistry;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Where functions come from that are not built in. */
class PluginOptions extends PluginDirectory {
    @Option(
            names = "--python-executable",
            paramLabel = "PATH",
            defaultValue = "${env:FANFOLD_PYTHON:-python3}",
            description = "The Python that has NumPy (default: python3; or FANFOLD_PYTHON).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String python;

    /** The functions in Java. */
    FunctionRegistry registry() {
        return directory().map(FunctionRegistry::load).orElseGet(FunctionRegistry::load);
    }

    /** The same options for a worker that is started from here. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--python-executable", python));
        directory().ifPresent(dir -> arguments.addAll(List.of("--plugins", dir.toString())));
        return arguments;
    }
}

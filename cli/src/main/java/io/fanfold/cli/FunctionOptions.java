package io.fanfold.cli;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.process.CommandFunctions;
import io.fanfold.worker.process.PythonFunctions;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** All functions that a worker can be given. Which programs it runs is said here, never in a message. */
final class FunctionOptions extends PluginOptions {
    @Option(
            names = "--python",
            paramLabel = "FILE.py:FUNC",
            description = "A Python function of an ndarray, run in child processes; may be repeated.")
    List<String> pythonFunctions = new ArrayList<>();

    @Option(
            names = "--command",
            paramLabel = "NAME=COMMAND",
            description = "A program that speaks the child protocol, with its arguments; may be repeated.")
    List<String> commands = new ArrayList<>();

    @Override
    FunctionRegistry registry() {
        List<ChildFunction> children = new ArrayList<>();
        pythonFunctions.forEach(f -> children.add(PythonFunctions.describe(python, f)));
        commands.forEach(c -> children.add(command(c)));
        return super.registry().with(children);
    }

    private static ChildFunction command(String text) {
        int equals = text.indexOf('=');
        if (equals < 1 || text.substring(equals + 1).isBlank()) {
            throw new InvalidRequestException("--command is \"" + text + "\"; write NAME=COMMAND ARGUMENTS");
        }
        List<String> words = List.of(text.substring(equals + 1).strip().split("\\s+"));
        return CommandFunctions.describe(text.substring(0, equals), words);
    }

    @Override
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(super.arguments());
        pythonFunctions.forEach(f -> arguments.addAll(List.of("--python", f)));
        commands.forEach(c -> arguments.addAll(List.of("--command", c)));
        return arguments;
    }
}

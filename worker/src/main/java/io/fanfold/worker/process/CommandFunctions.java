package io.fanfold.worker.process;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.function.ChildFunction;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Functions that are programs of their own, in any language, and speak the child protocol. */
public final class CommandFunctions {
    private static final Duration DESCRIBED_WITHIN = Duration.ofSeconds(30);

    private CommandFunctions() {}

    /**
     * A function that a program computes. It is run once to say what it takes; one that says nothing takes no parameters. Blocks
     * until it has answered.
     *
     * @param name {@code name} or {@code name@version}; the version is otherwise what the program says, or 1
     * @param command the program and its arguments
     * @throws InvalidRequestException where the name is none or the program cannot be started
     */
    public static ChildFunction describe(String name, List<String> command) {
        Optional<Described> described = described(name, command);
        String about = "command " + String.join(" ", command);
        try {
            FunctionId id = name.contains("@")
                    ? FunctionId.parse(name)
                    : new FunctionId(
                            name, described.flatMap(d -> d.text("version")).orElse("1"));
            return new ChildFunction(
                    described.map(d -> d.function(id, about)).orElseGet(() -> Described.function(id, about, List.of())),
                    command);
        } catch (WireException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    private static Optional<Described> described(String name, List<String> command) {
        try {
            return Described.in(Printed.by(command, DESCRIBED_WITHIN).output());
        } catch (IOException e) {
            throw new InvalidRequestException(
                    "the command of " + name + " cannot be started: " + e.getMessage() + "; check its path", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvalidRequestException("interrupted while the command of " + name + " described itself", e);
        }
    }
}

package io.fanfold.worker.function;

import io.fanfold.protocol.wire.FunctionDescription;
import java.util.List;

/**
 * A function in another language, run by child processes that speak the child protocol on their standard input and output.
 *
 * @param command the program and its arguments, from the worker's configuration, never from a message
 */
public record ChildFunction(FunctionDescription description, List<String> command) implements FanfoldFunction {
    public ChildFunction {
        command = List.copyOf(command);
    }
}

package io.fanfold.worker.strategy;

import java.util.concurrent.CompletionException;

/** What a function threw, as the ending that it means. */
final class Thrown {
    private Thrown() {}

    static Ending ending(Throwable e) {
        Throwable cause = e instanceof CompletionException ? e.getCause() : null;
        if (cause != null) {
            return ending(cause);
        }
        return switch (e) {
            case StackOverflowError deep -> raised(deep);
            case VirtualMachineError broken -> new Ending.Fatal(broken);
            default -> raised(e);
        };
    }

    /** An exception is its author's code: asking it for its message can fail. */
    private static Ending.Raised raised(Throwable e) {
        try {
            return Computation.raised(e);
        } catch (RuntimeException unreadable) {
            return new Ending.Raised(
                    e.getClass().getName(), "its message cannot be read: " + unreadable.getClass(), "", false);
        }
    }
}

package io.fanfold.worker.process;

import java.time.Duration;
import java.util.List;

/**
 * How a worker keeps its children.
 *
 * @param processes how many compute at once, over all lanes
 * @param recycleAfter chunks after which a child is replaced by a new one; 0: never
 * @param javaCommand the whole command line of a {@link JavaChild}, as {@link JavaChild#command} makes it
 * @param startTimeout how long a child may take until it is ready
 * @param maxValueBytes the largest answer that can be sent on
 * @param memory what a child in another language may take
 */
public record ChildSettings(
        int processes,
        int recycleAfter,
        List<String> javaCommand,
        Duration startTimeout,
        int maxValueBytes,
        ChildMemory memory) {
    public ChildSettings {
        javaCommand = List.copyOf(javaCommand);
    }

    /** With as much memory as there is. */
    public ChildSettings(
            int processes, int recycleAfter, List<String> javaCommand, Duration startTimeout, int maxValueBytes) {
        this(processes, recycleAfter, javaCommand, startTimeout, maxValueBytes, ChildMemory.ANY);
    }

    /** Whether this is the command of a child JVM. */
    boolean java(List<String> command) {
        return command.equals(javaCommand);
    }

    /** What starts a child. */
    List<String> started(List<String> command) {
        return java(command) ? command : memory.limit(command);
    }
}

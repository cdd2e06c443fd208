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
 */
public record ChildSettings(
        int processes, int recycleAfter, List<String> javaCommand, Duration startTimeout, int maxValueBytes) {
    public ChildSettings {
        javaCommand = List.copyOf(javaCommand);
    }
}

package io.fanfold.worker.process;

import java.time.Duration;
import java.util.List;

/** Stub. */
public record ChildSettings(
        int processes, int recycleAfter, List<String> javaCommand, Duration startTimeout, int maxValueBytes) {}

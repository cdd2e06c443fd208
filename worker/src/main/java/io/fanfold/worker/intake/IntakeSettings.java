package io.fanfold.worker.intake;

import java.time.Duration;
import java.util.Optional;

/**
 * What the poll loop of a worker is told.
 *
 * @param threads how many chunks the worker computes at once on threads; lanes share them, each has at least one
 * @param processes how many child processes compute at once
 * @param budgetBytes how many bytes of chunks may be held, shared by the lanes
 * @param purgeEvery how often chunks that are done are deleted from the broker; empty: never
 */
public record IntakeSettings(
        String worker, String pool, int threads, int processes, long budgetBytes, Optional<Duration> purgeEvery) {}

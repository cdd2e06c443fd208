package io.fanfold.worker.intake;

/**
 * What the poll loop of a worker is told.
 *
 * @param threads how many chunks the worker computes at once on threads; lanes share them, each has at least one
 * @param processes how many child processes compute at once
 * @param budgetBytes how many bytes of chunks may be held, shared by the lanes
 */
public record IntakeSettings(String worker, String pool, int threads, int processes, long budgetBytes) {}

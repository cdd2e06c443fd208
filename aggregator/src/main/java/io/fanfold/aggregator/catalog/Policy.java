package io.fanfold.aggregator.catalog;

import java.time.Duration;
import java.util.Optional;

/**
 * How long an aggregator keeps what.
 *
 * @param purgeAfter how long outcomes stay in the broker after their job is COMPLETED, so that its result can be rebuilt
 * @param abandonAfter how long a job may be silent whose chunks have not all been sent, before it is EXPIRED
 * @param keepResults how long results stay in the store; empty: for ever
 * @param forgetAfter how long it is remembered that a job ended without a result, or that its result is gone
 * @param purgeEvery how often outcomes that nobody needs are removed from the broker; empty: never
 * @param checkEvery how often results are looked for in the store
 * @param checkpointBytes how much a job grows before it is written down on the aggregator's own disk
 */
public record Policy(
        Duration purgeAfter,
        Duration abandonAfter,
        Optional<Duration> keepResults,
        Duration forgetAfter,
        Optional<Duration> purgeEvery,
        Duration checkEvery,
        long checkpointBytes) {
    /**
     * What an aggregator is told that is told nothing. A checkpoint for 64 MiB: some tens of milliseconds of syncing for as much of
     * writing.
     */
    public static final Policy DEFAULT = new Policy(
            Duration.ofHours(1),
            Duration.ofHours(1),
            Optional.empty(),
            Duration.ofDays(7),
            Optional.of(Duration.ofSeconds(30)),
            Duration.ofSeconds(30),
            64L * 1024 * 1024);
}

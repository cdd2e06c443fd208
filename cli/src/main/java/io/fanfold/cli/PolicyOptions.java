package io.fanfold.cli;

import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.protocol.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How long an aggregator keeps what. */
final class PolicyOptions {
    @Option(
            names = "--purge-after",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_PURGE_AFTER:-3600}",
            description = "How long the broker keeps the outcomes of a job after it is COMPLETED, so that a result that"
                    + " is lost can be rebuilt (default: 3600).")
    private double purgeAfter;

    @Option(
            names = "--purge-every",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_PURGE_EVERY:-30}",
            description = "How often outcomes that nobody needs are deleted from the broker (default: 30; 0: never).")
    private double purgeEvery;

    @Option(
            names = "--abandon-after",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_ABANDON_AFTER:-3600}",
            description = "How long a job may be silent whose chunks were not all sent, before it is EXPIRED"
                    + " (default: 3600).")
    private double abandonAfter;

    @Option(
            names = "--keep-results",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_KEEP_RESULTS:-0}",
            description = "How long results stay in the store; then they are EXPIRED (default: 0, for ever).")
    private double keepResults;

    @Option(
            names = "--forget-after",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_FORGET_AFTER:-604800}",
            description = "How long it is remembered that a job ended without a result, or that its result is gone"
                    + " (default: 604800, a week).")
    private double forgetAfter;

    /** @throws InvalidRequestException if a time is negative */
    Policy policy() {
        Duration purging = time("purge-every", purgeEvery);
        Duration keeping = time("keep-results", keepResults);
        return new Policy(
                time("purge-after", purgeAfter),
                time("abandon-after", abandonAfter),
                keeping.isZero() ? Optional.empty() : Optional.of(keeping),
                time("forget-after", forgetAfter),
                purging.isZero() ? Optional.empty() : Optional.of(purging),
                Policy.DEFAULT.checkEvery(),
                Policy.DEFAULT.checkpointBytes());
    }

    private static Duration time(String option, double seconds) {
        if (!(seconds >= 0 && seconds <= 1e10)) {
            throw new InvalidRequestException("--" + option + " is " + seconds + "; give seconds, 0 or more");
        }
        return Duration.ofMillis((long) (seconds * 1000));
    }
}

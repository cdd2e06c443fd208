package io.fanfold.cli;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** What a producer is told of the arrays that upstream writes to the submissions topic. */
final class SubmissionOptions {
    @Option(
            names = "--submission-root",
            paramLabel = "DIR",
            description = "A directory below which submissions may name files; may be repeated (or"
                    + " FANFOLD_SUBMISSION_ROOTS, divided by colons; default: none).")
    private List<Path> roots = new ArrayList<>();

    @Option(
            names = "--purge-every",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_PURGE_EVERY:-30}",
            description = "How often submissions that are done are deleted from the broker (default: 30; 0: never).")
    private double purgeSeconds;

    /** @throws InvalidRequestException if a time is negative */
    ProducerSettings settings(KafkaSettings kafka, String name, Set<String> pools, Path spool) {
        if (!(purgeSeconds >= 0)) {
            throw new InvalidRequestException("--purge-every is " + purgeSeconds + "; it cannot be negative");
        }
        Duration every = Duration.ofMillis((long) (purgeSeconds * 1000));
        Optional<Duration> purge = every.isZero() ? Optional.empty() : Optional.of(every);
        return new ProducerSettings(kafka, name, pools, spool, roots(), purge);
    }

    private List<Path> roots() {
        String named = System.getenv().getOrDefault("FANFOLD_SUBMISSION_ROOTS", "");
        return roots.isEmpty()
                ? Arrays.stream(named.split(":", -1))
                        .filter(root -> !root.isBlank())
                        .map(Path::of)
                        .toList()
                : roots;
    }
}

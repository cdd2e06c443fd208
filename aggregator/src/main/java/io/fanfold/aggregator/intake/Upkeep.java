package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.catalog.Ended;
import io.fanfold.aggregator.catalog.Jobs;
import io.fanfold.aggregator.catalog.Policy;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after what has ended: results that are not in the store as they were published are made again or said to be LOST; those that
 * were kept long enough are removed and said to be EXPIRED; what nobody can ask for any more is forgotten. One thread, and another for
 * reading results.
 */
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final long READ_AT_ONCE_BYTES = 1L << 30;

    private final Jobs jobs;
    private final Catalog catalog;
    private final Publisher publisher;
    private final Rebuild rebuild;
    private final Policy policy;
    private final MeterRegistry meters;
    private final Background background = new Background("upkeep");
    /** Results whose bytes have been compared; those that this process has published need not be. */
    private final Set<JobId> compared = new HashSet<>();

    private final long startMillis = System.currentTimeMillis();
    private final Set<Ended> being = new HashSet<>();
    private volatile int elsewhere;
    private boolean running;
    private long lookedNanos;
    private boolean looked;

    Upkeep(Jobs jobs, Catalog catalog, Publisher publisher, Rebuild rebuild, Policy policy, MeterRegistry meters) {
        this.jobs = jobs;
        this.catalog = catalog;
        this.publisher = publisher;
        this.rebuild = rebuild;
        this.policy = policy;
        this.meters = meters;
    }

    /** Does what is due. Does not wait for the store. */
    void look(IntPredicate owned) {
        background.drain();
        long now = System.nanoTime();
        if (running || (looked && now - lookedNanos < policy.checkEvery().toNanos())) {
            return;
        }
        looked = true;
        lookedNanos = now;
        long millis = System.currentTimeMillis();
        List<Ended> mine =
                jobs.ended().stream().filter(end -> owned.test(end.partition())).toList();
        forget(mine, millis);
        expire(mine, millis);
        check(mine, owned);
    }

    private static boolean older(Ended end, Duration than, long nowMillis) {
        return nowMillis - end.millis() > than.toMillis();
    }

    private void forget(List<Ended> mine, long now) {
        Map<Integer, List<JobId>> old = mine.stream()
                .filter(end -> end.kept().isEmpty() && older(end, policy.forgetAfter(), now))
                .collect(Collectors.groupingBy(Ended::partition, Collectors.mapping(Ended::job, Collectors.toList())));
        old.forEach(catalog::forget);
    }

    private void expire(List<Ended> mine, long now) {
        Optional<Duration> keep = policy.keepResults();
        if (keep.isEmpty()) {
            return;
        }
        List<Ended> over = mine.stream()
                .filter(end -> end.kept().isPresent() && older(end, keep.get(), now))
                .toList();
        String why =
                "the result was kept for " + keep.get().toSeconds() + " s, as the aggregator was told (--keep-results)";
        over.stream()
                .collect(Collectors.groupingBy(Ended::partition))
                .forEach((partition, ends) -> gone(partition, ends, JobState.End.EXPIRED, why));
        background.run(
                () -> {
                    for (Ended end : over) {
                        publisher.remove(end.job());
                    }
                    return true;
                },
                _ -> {},
                e -> LOG.warn("results that have expired could not be removed", e));
    }

    private void gone(int partition, List<Ended> ends, JobState.End how, String why) {
        catalog.gone(
                partition,
                ends.stream().map(end -> new JobState.Gone(end.job(), how, why)).toList());
        meters.counter("fanfold.results.gone", "state", how.name()).increment(ends.size());
        ends.forEach(end -> LOG.atWarn()
                .addKeyValue("job", end.job())
                .addKeyValue("state", how)
                .addKeyValue("reason", why)
                .log("a result is gone"));
    }

    private void check(List<Ended> mine, IntPredicate owned) {
        Map<Boolean, List<Ended>> kept = mine.stream()
                .filter(end -> jobs.completed(end.job()))
                .collect(Collectors.partitioningBy(
                        end -> publisher.keeps(end.kept().flatMap(Ended.Kept::origin))));
        elsewhere(kept.getOrDefault(false, List.of()));
        List<Ended> here = kept.getOrDefault(true, List.of()).stream()
                .filter(end -> !publisher.cares() || !compared.contains(end.job()))
                .toList();
        if (here.isEmpty()) {
            return;
        }
        running = true;
        List<Ended> reading = publisher.cares() ? List.of() : toRead(here);
        background.run(
                () -> missing(here, Set.copyOf(reading)),
                missing -> {
                    running = false;
                    (publisher.cares() ? here : reading).forEach(end -> compared.add(end.job()));
                    missing.forEach(end -> makeAgain(end, owned));
                },
                e -> {
                    running = false;
                    LOG.atWarn().addKeyValue("error", e.toString()).log("results cannot be checked: tried again later");
                });
    }

    /** Results of this aggregator's partitions that others have put where it does not see them. */
    private void elsewhere(List<Ended> results) {
        if (results.size() > elsewhere) {
            LOG.atWarn()
                    .addKeyValue("results", results.size())
                    .addKeyValue("job", results.getFirst().job())
                    .log("results of other aggregators are not in this store: several aggregators need a store that"
                            + " they share");
        }
        elsewhere = results.size();
    }

    /** Some of those whose bytes have not been compared since this process started. */
    private List<Ended> toRead(List<Ended> here) {
        List<Ended> reading = new ArrayList<>();
        long bytes = 0;
        for (Ended end : here) {
            if (end.millis() < startMillis && !compared.contains(end.job()) && bytes < READ_AT_ONCE_BYTES) {
                reading.add(end);
                bytes += end.kept().map(Ended.Kept::bytes).orElse(0L);
            }
        }
        return reading;
    }

    /** Those that are not in the store as they were published. */
    private List<Ended> missing(List<Ended> here, Set<Ended> bytes) throws IOException {
        List<Ended> missing = new ArrayList<>();
        for (Ended end : here) {
            Ended.Kept kept = end.kept().orElseThrow();
            boolean holes = kept.holes() && !older(end, policy.purgeAfter(), System.currentTimeMillis());
            if (!publisher.has(end.job(), kept.bytes())
                    || (holes && !publisher.hasHoles(end.job()))
                    || (bytes.contains(end) && !publisher.has(end.job(), kept.crc32c()))) {
                missing.add(end);
            }
        }
        return missing;
    }

    private void makeAgain(Ended end, IntPredicate owned) {
        LOG.atWarn()
                .addKeyValue("job", end.job())
                .log("a result is not in the store as it was published: it is made again");
        running = true;
        being.add(end);
        background.run(
                () -> rebuild.again(end, end.kept().orElseThrow()),
                impossible -> {
                    made(end);
                    if (impossible.isEmpty()) {
                        meters.counter("fanfold.results.rebuilt").increment();
                        LOG.atInfo().addKeyValue("job", end.job()).log("the result is there again");
                    } else if (owned.test(end.partition())) {
                        gone(
                                end.partition(),
                                List.of(end),
                                JobState.End.LOST,
                                "the result is not in the store any more and cannot be rebuilt: " + impossible.get());
                    }
                },
                e -> {
                    made(end);
                    compared.remove(end.job());
                    LOG.atWarn()
                            .addKeyValue("job", end.job())
                            .addKeyValue("error", e.toString())
                            .log("a result could not be made again: tried again later");
                });
    }

    private void made(Ended end) {
        being.remove(end);
        running = !being.isEmpty();
    }

    /** How many results of this aggregator's partitions are in a store that it does not see. Any thread. */
    int resultsElsewhere() {
        return elsewhere;
    }

    /** The first offset of a partition that results could still be rebuilt from; {@code safe} if there is none before. */
    long neededFrom(int partition, long safe) {
        long now = System.currentTimeMillis();
        return jobs.ended().stream()
                .filter(end -> end.partition() == partition)
                .filter(end -> !older(end, policy.purgeAfter(), now) || being.contains(end))
                .flatMap(end -> end.kept().flatMap(Ended.Kept::origin).stream())
                .mapToLong(ResultInfo.Origin::firstOutcome)
                .reduce(safe, Math::min);
    }

    @Override
    public void close() {
        background.close();
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Contest;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Rounds;
import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.RoleProcess;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a chunk costs an aggregator of processor time, in jobs of three sizes, one after the other, and with three numbers of small
 * jobs at once. Every measurement writes as many outcomes of the same length, without a worker in between; the smallest jobs and the
 * fewest at once are what the others are compared with.
 */
final class ChunkCosts {
    private static final Target NO_MORE = Target.atMost(1.15);
    private static final int OUTCOME_BYTES = 2000;
    private static final int SMALL_JOB = 100;
    private static final List<Integer> SHARES = List.of(100, 10, 1);

    private final int chunks;
    private final OutcomeLoad outcomes;
    private final RoleProcess aggregator;
    /** The most of the heap in use, in megabytes, after collections when half of a load was written. */
    private final Map<String, Double> heaps = new HashMap<>();

    private ChunkCosts(int chunks, OutcomeLoad outcomes, RoleProcess aggregator) {
        this.chunks = chunks;
        this.outcomes = outcomes;
        this.aggregator = aggregator;
    }

    /** One load, and the name of the one to compare it with. */
    private record Compared(String name, String least, OutcomeLoad.Load load) {}

    static List<Figure> measure(Lab lab) throws Exception {
        KafkaSettings kafka = lab.broker().kafka();
        Lab.topics(kafka, 1);
        Path disk = Path.of(System.getProperty("java.io.tmpdir")); // the results of all rounds take some gigabytes
        Path store = lab.opened(new WorkDirectory(disk)).path();
        RoleProcess aggregator = lab.opened(RoleProcess.start(
                lab.directory().resolve("aggregator.log"),
                List.of(
                        "aggregator",
                        "--bootstrap-server=" + kafka.bootstrapServers(),
                        "--store=" + store.resolve("results"),
                        "--purge-after=0",
                        "--purge-every=5")));
        OutcomeLoad outcomes =
                lab.opened(new OutcomeLoad(kafka, OUTCOME_BYTES / Double.BYTES, new SimpleMeterRegistry()));
        return new ChunkCosts(lab.size(100_000, 10_000), outcomes, aggregator).figures(lab);
    }

    private List<Figure> figures(Lab lab) throws Exception {
        List<Compared> all = all();
        Contest contest = lab.contest();
        all.forEach(one -> contest.with(one.name(), () -> micros(one)));
        Rounds rounds = contest.run(1, lab.size(5, 1));
        return all.stream()
                .filter(one -> !one.name().equals(one.least()))
                .map(one -> Figure.share(
                                one.name() + " / " + one.least(),
                                NO_MORE,
                                rounds.of(one.name()),
                                rounds.of(one.least()),
                                "us")
                        .noting("processor time for each chunk; heap after collections at most "
                                + Stats.text(heap(one.name())) + " and " + Stats.text(heap(one.least())) + " MB"))
                .toList();
    }

    private List<Compared> all() {
        List<Compared> all = new ArrayList<>();
        for (Fold fold : List.of(Fold.CONCAT, new Fold("sum"))) {
            String jobs = fold + ", jobs of ";
            for (int share : SHARES) {
                all.add(new Compared(
                        jobs + chunks / share,
                        jobs + chunks / SHARES.getFirst(),
                        new OutcomeLoad.Load(share, chunks / share, 1, fold)));
            }
        }
        int jobs = chunks / SMALL_JOB;
        for (int share : SHARES) {
            all.add(new Compared(
                    jobs / share + " jobs at once",
                    jobs / SHARES.getFirst() + " jobs at once",
                    new OutcomeLoad.Load(jobs, SMALL_JOB, jobs / share, Fold.CONCAT)));
        }
        return all;
    }

    private double micros(Compared one) throws Exception {
        long before = aggregator.cpu().toNanos();
        outcomes.write(one.load(), aggregator::cpu, () -> look(one.name()));
        return (aggregator.cpu().toNanos() - before) / 1e3 / chunks;
    }

    private void look(String name) throws InterruptedException {
        aggregator.heap().ifPresent(bytes -> heaps.merge(name, bytes / 1e6, Math::max));
    }

    private double heap(String name) {
        return heaps.getOrDefault(name, 0.0);
    }
}

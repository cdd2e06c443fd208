package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Contest;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Rounds;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Shares;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Fleets of 1, 2 and 4 workers with the same work, which waits, so that places to wait in and not cores bound them. A worker has as
 * many threads as there are partitions, whatever its share of these: one for each partition, two or four.
 */
final class Scale {
    private static final int PARTITIONS = 16;
    private static final List<Integer> WORKERS = List.of(1, 2, 4);

    private Scale() {}

    static List<Figure> measure(Lab lab) throws Exception {
        BrokerProcess broker = lab.broker();
        int chunks = lab.size(200, 4) * PARTITIONS;
        Path file = Arrays.zeros(lab.directory().resolve("x.npy"), chunks);
        BenchFleet.Work work = BenchFleet.Work.of(
                        file, "sleep", Map.of("ms", lab.size(100, 20)), new ChunkSize.Count(chunks))
                .by(Strategy.THREADS);
        Contest contest = lab.contest();
        for (int workers : WORKERS) {
            BenchFleet fleet = fleet(lab, broker, workers);
            contest.with(name(workers), () -> chunks / fleet.seconds(work));
        }
        Rounds rounds = contest.run(1, lab.size(5, 1));
        return List.of(efficiency(2, rounds).reportOnly(), efficiency(4, rounds));
    }

    /** Topics of its own, and workers that have settled on their partitions. */
    private static BenchFleet fleet(Lab lab, BrokerProcess broker, int workers) throws Exception {
        KafkaSettings shared = broker.kafka();
        KafkaSettings kafka = new KafkaSettings(
                shared.bootstrapServers(),
                new Topics("fleet-of-" + workers),
                shared.maxMessageBytes(),
                shared.overrides());
        Lab.topics(kafka, PARTITIONS);
        BenchFleet fleet = lab.fleet(kafka, workers, List.of("--threads", Integer.toString(PARTITIONS)));
        Shares.awaitEven(kafka, Topics.DEFAULT_POOL, workers, PARTITIONS);
        return fleet;
    }

    private static String name(int workers) {
        return workers == 1 ? "1 worker" : workers + " workers";
    }

    private static Figure efficiency(int workers, Rounds rounds) {
        List<Double> fair =
                rounds.of(name(1)).stream().map(rate -> workers * rate).toList();
        return Figure.share(
                "efficiency at " + name(workers), Target.atLeast(0.95), rounds.of(name(workers)), fair, "chunks/s");
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Rounds;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.Emptying;
import io.fanfold.bench.rig.Lab;
import io.fanfold.producer.split.ChunkSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a chunk costs where there is nothing to compute: an array of 8-byte chunks through the fleet, against the same pieces through a
 * {@link RawPipe} with the {@link HandWritten} loop in the middle, and with {@link ParallelConsumerWorker}.
 */
final class Overhead {
    private static final int CHUNK_BYTES = 8;
    private static final int PARTITIONS = 4;

    private Overhead() {}

    static List<Figure> measure(Lab lab) throws Exception {
        int chunks = lab.size(60_000, 2_000);
        BrokerProcess broker = lab.broker();
        Path file = Arrays.random(lab.directory().resolve("x.npy"), chunks, 1);
        BenchFleet fleet = lab.fleet(broker);
        RawPipe byHand = RawPipe.start(lab, broker, PARTITIONS, HandWritten.class);
        RawPipe library = RawPipe.start(lab, broker, PARTITIONS, ParallelConsumerWorker.class);
        Emptying emptying = lab.opened(new Emptying(broker.kafka()));
        BenchFleet.Work work = BenchFleet.Work.of(file, "identity", Map.of(), new ChunkSize.Count(chunks));
        Rounds rounds = lab.contest()
                .with("fanfold", () -> emptying.after(() -> chunks / fleet.seconds(work)))
                .with("hand-written loop", () -> emptying.after(() -> chunks / byHand.seconds(file, CHUNK_BYTES)))
                .with("parallel-consumer", () -> emptying.after(() -> chunks / library.seconds(file, CHUNK_BYTES)))
                .run(lab.size(4, 1), lab.size(9, 1));
        return List.of(
                against(rounds, "hand-written loop", Target.atLeast(0.90)),
                against(rounds, "parallel-consumer", Target.atLeast(1.5)));
    }

    private static Figure against(Rounds rounds, String other, Target target) {
        return Figure.share("chunks/s / " + other, target, rounds.of("fanfold"), rounds.of(other), "chunks/s");
    }
}

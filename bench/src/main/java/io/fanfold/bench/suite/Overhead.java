package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Contest;
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
 * What a chunk costs where there is nothing to compute: an array of 8-byte chunks through the fleet, against the same pieces through
 * {@link RawPipe}s with the {@link HandWritten} loop and with {@link ParallelConsumerWorker} in the middle.
 */
final class Overhead {
    private static final int CHUNK_BYTES = 8;
    private static final int PARTITIONS = 4;
    private static final String OURS = "fanfold";
    private static final String BY_HAND = "hand-written loop";
    private static final String BATCHES = "parallel-consumer";
    private static final String ONE_BY_ONE = "parallel-consumer, one by one";

    private Overhead() {}

    static List<Figure> measure(Lab lab) throws Exception {
        int chunks = lab.size(60_000, 2_000);
        BrokerProcess broker = lab.broker();
        Path file = Arrays.random(lab.directory().resolve("x.npy"), chunks, 1);
        BenchFleet fleet = lab.fleet(broker);
        RawPipe byHand = RawPipe.start(lab, broker, PARTITIONS, HandWritten.middle());
        RawPipe inBatches = RawPipe.start(lab, broker, PARTITIONS, ParallelConsumerWorker.inBatches());
        RawPipe oneByOne = RawPipe.start(lab, broker, PARTITIONS, ParallelConsumerWorker.oneByOne());
        Emptying emptying = lab.opened(new Emptying(broker.kafka()));
        BenchFleet.Work work = BenchFleet.Work.of(file, "identity", Map.of(), new ChunkSize.Count(chunks));
        Rounds rounds = lab.contest()
                .with(OURS, rate(emptying, chunks, () -> fleet.seconds(work)))
                .with(BY_HAND, rate(emptying, chunks, () -> byHand.seconds(file, CHUNK_BYTES)))
                .with(BATCHES, rate(emptying, chunks, () -> inBatches.seconds(file, CHUNK_BYTES)))
                .with(ONE_BY_ONE, rate(emptying, chunks, () -> oneByOne.seconds(file, CHUNK_BYTES)))
                .run(lab.size(4, 1), lab.size(9, 1));
        return List.of(
                against(rounds, BY_HAND, Target.atLeast(0.90)),
                against(rounds, BATCHES, Target.atLeast(1.5))
                        .noting("its function is given up to 500 records at a time"),
                against(rounds, ONE_BY_ONE, Target.atLeast(1.5)).reportOnly());
    }

    private static Contest.Contestant rate(Emptying emptying, int chunks, Contest.Contestant seconds) {
        return () -> emptying.after(() -> chunks / seconds.run());
    }

    private static Figure against(Rounds rounds, String other, Target target) {
        return Figure.share("chunks/s / " + other, target, rounds.of(OURS), rounds.of(other), "chunks/s");
    }
}

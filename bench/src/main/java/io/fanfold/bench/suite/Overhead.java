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
import io.fanfold.protocol.wire.KafkaSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a chunk costs where there is nothing to compute: the {@link Stage} of the workers alone against the {@link HandWritten} loop and
 * {@link ParallelConsumerWorker} with the same records; and, reported beside it, the whole path of an array of 8-byte chunks against the
 * same bytes, bare, through a {@link RawPipe} with the loop in its middle.
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
        List<Figure> figures = new ArrayList<>();
        try (Lab inner = lab.inner()) {
            figures.addAll(stage(inner));
        }
        try (Lab inner = lab.inner()) {
            figures.add(wholePath(inner));
        }
        return figures;
    }

    private static List<Figure> stage(Lab lab) throws Exception {
        int chunks = lab.size(200_000, 2_000);
        KafkaSettings kafka = lab.broker().kafka();
        Between workers = Stage.workers(lab, kafka, PARTITIONS);
        Between byHand = HandWritten.middle().start(lab, kafka, PARTITIONS);
        Between inBatches = ParallelConsumerWorker.inBatches().start(lab, kafka, PARTITIONS);
        Between oneByOne = ParallelConsumerWorker.oneByOne().start(lab, kafka, PARTITIONS);
        Stage stage = lab.opened(new Stage(kafka, chunks));
        Emptying emptying = lab.opened(new Emptying(kafka));
        Rounds rounds = run(
                lab,
                lab.contest()
                        .with(OURS, rate(emptying, chunks, () -> stage.seconds(workers)))
                        .with(BY_HAND, rate(emptying, chunks, () -> stage.seconds(byHand)))
                        .with(BATCHES, rate(emptying, chunks, () -> stage.seconds(inBatches)))
                        .with(ONE_BY_ONE, rate(emptying, chunks, () -> stage.seconds(oneByOne))));
        return List.of(
                against(rounds, BY_HAND, "chunks/s / " + BY_HAND, Target.atLeast(0.90)),
                against(rounds, BATCHES, "chunks/s / " + BATCHES, Target.atLeast(1.5))
                        .noting("its function is given up to 500 records at a time"),
                against(rounds, ONE_BY_ONE, "chunks/s / " + ONE_BY_ONE, Target.atLeast(1.5))
                        .reportOnly());
    }

    private static Figure wholePath(Lab lab) throws Exception {
        int chunks = lab.size(60_000, 2_000);
        BrokerProcess broker = lab.broker();
        Path file = Arrays.random(lab.directory().resolve("x.npy"), chunks, 1);
        BenchFleet fleet = lab.fleet(broker);
        RawPipe byHand = RawPipe.start(lab, broker, PARTITIONS, HandWritten.middle());
        Emptying emptying = lab.opened(new Emptying(broker.kafka()));
        BenchFleet.Work work = BenchFleet.Work.of(file, "identity", Map.of(), new ChunkSize.Count(chunks));
        Rounds rounds = run(
                lab,
                lab.contest()
                        .with(OURS, rate(emptying, chunks, () -> fleet.seconds(work)))
                        .with(BY_HAND, rate(emptying, chunks, () -> byHand.seconds(file, CHUNK_BYTES))));
        String name = "whole path, chunks/s / " + BY_HAND + ", bare 8-byte records";
        return against(rounds, BY_HAND, name, Target.atLeast(0)).reportOnly();
    }

    private static Rounds run(Lab lab, Contest contest) throws Exception {
        return contest.run(lab.size(4, 1), lab.size(9, 1));
    }

    private static Contest.Contestant rate(Emptying emptying, int chunks, Contest.Contestant seconds) {
        return () -> emptying.after(() -> chunks / seconds.run());
    }

    private static Figure against(Rounds rounds, String other, String name, Target target) {
        return Figure.share(name, target, rounds.of(OURS), rounds.of(other), "chunks/s");
    }
}

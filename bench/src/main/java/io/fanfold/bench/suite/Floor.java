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

/** The whole path, array to chunks to identity to outcomes to array, against the same bytes through the {@link RawPipe}. */
final class Floor {
    private static final int CHUNK_BYTES = 512 * 1024;
    private static final int COLUMNS = CHUNK_BYTES / 8;
    private static final int PARTITIONS = 4;

    private Floor() {}

    static List<Figure> measure(Lab lab) throws Exception {
        int chunks = lab.size(1024, 32);
        BrokerProcess broker = lab.broker();
        Path file = Arrays.random(lab.directory().resolve("x.npy"), chunks, COLUMNS);
        BenchFleet fleet = lab.fleet(broker);
        RawPipe raw = RawPipe.start(lab, broker, PARTITIONS);
        Emptying emptying = lab.opened(new Emptying(broker.kafka()));
        double megabytes = chunks * (CHUNK_BYTES / 1e6);
        BenchFleet.Work work = BenchFleet.Work.of(file, "identity", Map.of(), new ChunkSize.Bytes(CHUNK_BYTES));
        Rounds rounds = lab.contest()
                .with("fanfold", () -> emptying.after(() -> megabytes / fleet.seconds(work)))
                .with("raw pipe", () -> emptying.after(() -> megabytes / raw.seconds(file, CHUNK_BYTES)))
                .run(lab.size(4, 1), lab.size(9, 1));
        return List.of(Figure.share(
                "whole path / raw pipe, 512 KB chunks",
                Target.atLeast(0.90),
                rounds.of("fanfold"),
                rounds.of("raw pipe"),
                "MB/s"));
    }
}

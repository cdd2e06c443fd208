package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Duel;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.Lab;
import io.fanfold.producer.split.ChunkSize;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A job of one chunk, from its submission to the file of its result, against the same bytes in {@link FourHops}. */
final class Latency {
    private static final int ROWS = 1_000;
    private static final double MILLIS = 1e3;

    private Latency() {}

    static List<Figure> measure(Lab lab) throws Exception {
        int samples = lab.size(2_000, 100);
        BrokerProcess broker = lab.broker();
        Path file = Arrays.random(lab.directory().resolve("x.npy"), ROWS, 1);
        byte[] value = Files.readAllBytes(file);
        BenchFleet fleet = lab.fleet(broker);
        FourHops hops = lab.opened(FourHops.start(broker));
        BenchFleet.Work work = BenchFleet.Work.of(file, "identity", Map.of(), new ChunkSize.Count(1));
        Duel.Samples taken = lab.duel(() -> MILLIS * fleet.seconds(work), () -> MILLIS * hops.seconds(value))
                .run(lab.size(400, 20), samples);
        Target target = Target.atMost(1.5);
        return List.of(
                taken.figure("p50 / four hops", target, 0.50, lab.size(200, 20), "ms"),
                taken.figure("p99 / four hops", target, 0.99, samples, "ms").reportOnly());
    }
}

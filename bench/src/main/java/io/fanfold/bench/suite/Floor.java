package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Contest;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Rounds;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.CpuTime;
import io.fanfold.bench.rig.Emptying;
import io.fanfold.bench.rig.Lab;
import io.fanfold.producer.split.ChunkSize;
import java.nio.file.Path;
import java.util.ArrayList;
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
        int counted = lab.size(9, 1);
        Costs ours = new Costs(megabytes, emptying);
        Costs theirs = new Costs(megabytes, emptying);
        Rounds rounds = lab.contest()
                .with("fanfold", () -> ours.of(() -> fleet.seconds(work)))
                .with("raw pipe", () -> theirs.of(() -> raw.seconds(file, CHUNK_BYTES)))
                .run(lab.size(9, 1), counted);
        return List.of(
                Figure.share(
                        "whole path / raw pipe, 512 KB chunks",
                        Target.atLeast(0.90),
                        rounds.of("fanfold"),
                        rounds.of("raw pipe"),
                        "MB/s"),
                Figure.share(
                                "processor time / raw pipe",
                                Target.atMost(1 / 0.90),
                                ours.last(counted),
                                theirs.last(counted),
                                "s/GB")
                        .reportOnly()
                        .noting("all processes together, the broker's included"));
    }

    /** Takes the rate of a contestant, and notes the processor time that all processes had meanwhile. */
    private static final class Costs {
        private final double megabytes;
        private final Emptying emptying;
        private final List<Double> secondsPerGigabyte = new ArrayList<>();

        Costs(double megabytes, Emptying emptying) {
            this.megabytes = megabytes;
            this.emptying = emptying;
        }

        double of(Contest.Contestant contestant) throws Exception {
            return emptying.after(() -> {
                double before = CpuTime.seconds();
                double seconds = contestant.run();
                secondsPerGigabyte.add((CpuTime.seconds() - before) / megabytes * 1e3);
                return megabytes / seconds;
            });
        }

        List<Double> last(int rounds) {
            return secondsPerGigabyte.subList(secondsPerGigabyte.size() - rounds, secondsPerGigabyte.size());
        }
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.Lab;
import io.fanfold.producer.split.ChunkSize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A job of one chunk, alone and while a giant job runs. Beside the giant it may take three times what it takes alone, and the time of
 * one of the giant's chunks: its own lane may be at one.
 */
final class Beside {
    private static final Target NO_QUEUE = Target.atMost(1);
    private static final double MILLIS = 1e3;
    private static final int CHUNK_BYTES = 1_000_000;

    private final Lab lab;
    private final BenchFleet fleet;
    private final BenchFleet.Work small;

    private Beside(Lab lab) throws Exception {
        this.lab = lab;
        this.fleet = lab.fleet(lab.broker());
        Path file = Arrays.random(lab.directory().resolve("x.npy"), 1_000, 1);
        this.small = BenchFleet.Work.of(file, "identity", Map.of(), new ChunkSize.Count(1));
    }

    /** A job that would take much longer than the measurement, and one chunk of it. */
    private record Giant(String name, BenchFleet.Work whole, BenchFleet.Work chunk) {}

    static List<Figure> measure(Lab lab) throws Exception {
        Beside beside = new Beside(lab);
        List<Figure> figures = new ArrayList<>();
        for (Giant giant : List.of(computing(lab), moving(lab))) {
            figures.add(beside.figure(giant));
        }
        return figures;
    }

    private static Giant computing(Lab lab) throws IOException {
        Map<String, ?> iterations = Map.of("iterations", 3_000);
        Path whole = Arrays.plane(lab.directory().resolve("plane.npy"), lab.size(6_000, 500), 1_571);
        Path chunk = Arrays.plane(lab.directory().resolve("chunk.npy"), 250, 1);
        return new Giant(
                "mandelbrot",
                BenchFleet.Work.of(whole, "mandelbrot", iterations, new ChunkSize.Bytes(CHUNK_BYTES)),
                BenchFleet.Work.of(chunk, "mandelbrot", iterations, new ChunkSize.Count(1)));
    }

    private static Giant moving(Lab lab) throws IOException {
        Path whole = Arrays.holes(lab.directory().resolve("holes.npy"), lab.size(500_000_000, 5_000_000));
        Path chunk = Arrays.random(lab.directory().resolve("chunk.npy"), CHUNK_BYTES / Double.BYTES, 1);
        return new Giant(
                "identity",
                BenchFleet.Work.of(whole, "identity", Map.of(), new ChunkSize.Bytes(CHUNK_BYTES)),
                BenchFleet.Work.of(chunk, "identity", Map.of(), new ChunkSize.Count(1)));
    }

    private Figure figure(Giant giant) throws Exception {
        List<Double> beside = new ArrayList<>();
        List<Double> allowed = new ArrayList<>();
        samples(small, lab.size(100, 3)); // to warm up
        int rounds = lab.size(5, 1);
        for (int round = 1; round <= rounds; round++) {
            double alone = Stats.median(samples(small, lab.size(50, 3)));
            double chunk = Math.max(0, Stats.median(samples(giant.chunk(), lab.size(10, 1))) - alone);
            beside.add(Stats.median(during(giant)));
            allowed.add(3 * alone + chunk);
            lab.say(giant.name() + ", round " + round + " of " + rounds + ": alone " + Stats.text(alone)
                    + " ms, a chunk " + Stats.text(chunk) + " ms, beside " + Stats.text(beside.getLast()) + " ms");
        }
        return Figure.share(
                "one chunk beside a giant " + giant.name() + " / 3 x alone + one chunk",
                NO_QUEUE,
                beside,
                allowed,
                "ms");
    }

    private List<Double> samples(BenchFleet.Work work, int count) throws IOException {
        List<Double> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            samples.add(MILLIS * fleet.seconds(work));
        }
        return samples;
    }

    private List<Double> during(Giant giant) throws Exception {
        BenchFleet.Running running = fleet.begin(giant.whole());
        try {
            running.untilDone(4); // it is under way
            return samples(small, lab.size(30, 3));
        } finally {
            running.cancel();
        }
    }
}

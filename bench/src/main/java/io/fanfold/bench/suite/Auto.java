package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.BenchFleet.Work;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Python;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.wire.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The strategy {@code auto} against the best of those that can be picked by hand, for work that computes, waits, does both, or is in Python. */
final class Auto {
    private static final Target TARGET = Target.atLeast(0.95);
    private static final ChunkSize AUTOMATIC = new ChunkSize.Automatic();

    private Auto() {}

    static List<Figure> measure(Lab lab) throws Exception {
        List<Figure> figures = new ArrayList<>();
        try (Lab inner = lab.inner()) {
            BenchFleet fleet = inner.fleet(inner.broker());
            Picking picking = new Picking(inner, fleet);
            figures.add(picking.figure(name("cpu"), TARGET, computing(inner)));
            figures.add(picking.figure(name("wait"), TARGET, waiting(inner)));
            figures.add(picking.figure(name("mixed"), TARGET, mixed(inner)));
        }
        try (Lab inner = lab.inner()) {
            figures.add(python(inner));
        }
        return figures;
    }

    private static String name(String work) {
        return work + ": auto / best by hand";
    }

    private static Work computing(Lab lab) throws IOException {
        Map<String, Integer> iterations = Map.of("iterations", lab.size(3000, 200));
        return Work.of(plane(lab), "mandelbrot", iterations, AUTOMATIC);
    }

    private static Work waiting(Lab lab) throws IOException {
        int chunks = lab.size(500, 20);
        return Work.of(zeros(lab, chunks), "sleep", Map.of("ms", lab.size(100, 10)), new ChunkSize.Count(chunks));
    }

    /** About a fifth of the time computes. */
    private static Work mixed(Lab lab) throws IOException {
        int chunks = lab.size(500, 20);
        Map<String, Integer> both = Map.of("steps", 2_500_000, "ms", 20);
        return Work.of(zeros(lab, chunks), "mixed", both, new ChunkSize.Count(chunks));
    }

    private static Figure python(Lab lab) throws Exception {
        Python python = new Python(lab);
        Optional<String> problem = python.lacks("numpy");
        if (problem.isPresent()) {
            return Figure.missing(name("python"), TARGET, "s", problem.get());
        }
        BenchFleet fleet = python.fleet(lab.broker(), "mandelbrot.py", "mandelbrot");
        Work work = new Work(
                plane(lab), python.function("mandelbrot.py", "mandelbrot"), Map.of(), AUTOMATIC, Strategy.AUTO);
        return new Picking(lab, fleet).figure(name("python"), TARGET, work);
    }

    private static Path plane(Lab lab) throws IOException {
        return Arrays.plane(lab.directory().resolve("points.npy"), lab.size(2048, 256), 1);
    }

    private static Path zeros(Lab lab, int rows) throws IOException {
        return Arrays.zeros(lab.directory().resolve("zeros.npy"), rows);
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet.Work;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Python;
import io.fanfold.bench.rig.Rival;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.wire.Strategy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Work that computes: against one JVM's parallel stream, and against the pools of processes of Python, which map over
 * {@code np.array_split}. What is faster than the path itself, such as a root, measures the path.
 */
final class Cpu {
    private static final double LONG_SECONDS = 22;
    private static final double PROBE_SECONDS = 0.3;
    /** Far apart in the plane, so that all pieces are about as much work. */
    private static final int SCATTERED = 1201;

    private static final String STREAM = "parallel stream";

    private Cpu() {}

    /** One contest, in a lab of its own. */
    private interface Part {
        List<Figure> measure(Lab lab) throws Exception;
    }

    static List<Figure> measure(Lab lab) throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (Part part : List.<Part>of(Cpu::longMandelbrot, Cpu::sqrt, Cpu::javaMandelbrot, Cpu::pythonMandelbrot)) {
            try (Lab inner = lab.inner()) {
                figures.addAll(part.measure(inner));
            }
        }
        return figures;
    }

    private static List<Figure> longMandelbrot(Lab lab) throws Exception {
        Path file = plane(lab, SCATTERED);
        Rival stream = Rival.java(lab, ParallelStream.class, "mandelbrot", file.toString());
        int iterations = iterations(lab, stream);
        Work work = Work.of(file, "mandelbrot", Map.of("iterations", iterations), new ChunkSize.Automatic());
        Race.Run run = new Race(lab, 0)
                .ours(lab.fleet(lab.broker()), work)
                .rival(STREAM, stream, Integer.toString(iterations))
                .run(1, lab.size(5, 1));
        return List.of(run.against(STREAM, "mandelbrot / parallel stream", Target.atLeast(0.90))
                .noting(iterations + " iterations"));
    }

    /** So many that the stream takes long enough for everything else to count little. */
    private static int iterations(Lab lab, Rival stream) throws IOException {
        int probe = lab.size(1000, 100);
        double goal = lab.quick() ? PROBE_SECONDS : LONG_SECONDS;
        String argument = Integer.toString(probe);
        stream.round(argument); // compiles
        return (int) Math.max(probe, probe * goal / stream.round(argument).seconds());
    }

    private static List<Figure> sqrt(Lab lab) throws Exception {
        Path file = Arrays.random(lab.directory().resolve("x.npy"), lab.size(16_000_000, 500_000), 1);
        Work work = Work.of(file, "sqrt", Map.of(), new ChunkSize.Automatic());
        Race race = new Race(lab, 1e-9)
                .ours(lab.fleet(lab.broker()), work)
                .rival(STREAM, Rival.java(lab, ParallelStream.class, "sqrt", file.toString()));
        Pools pools = Pools.join(race, new Python(lab), file, "sqrt");
        Race.Run run = race.run(lab.size(4, 1), lab.size(9, 1));
        List<Figure> figures = new ArrayList<>(pools.figures(run, "128 MB sqrt", Target.atLeast(1.6)));
        figures.add(run.reported(STREAM, "128 MB sqrt / parallel stream"));
        return figures;
    }

    /** NumPy may round otherwise than Java, so that a few points near the edge of the set escape later or earlier. */
    private static List<Figure> javaMandelbrot(Lab lab) throws Exception {
        Path file = plane(lab, 1);
        Work work = Work.of(file, "mandelbrot", Map.of("iterations", 200), new ChunkSize.Automatic());
        Race race = new Race(lab, 1e-4).ours(lab.fleet(lab.broker()), work);
        Pools pools = Pools.join(race, new Python(lab), file, "mandelbrot");
        Race.Run run = race.run(lab.size(3, 1), lab.size(9, 1));
        return pools.figures(run, "4 M points mandelbrot", Target.atLeast(3));
    }

    private static List<Figure> pythonMandelbrot(Lab lab) throws Exception {
        Path file = plane(lab, 1);
        Python python = new Python(lab);
        Race race = new Race(lab, 1e-4);
        if (python.lacks("numpy").isEmpty()) {
            Work work = new Work(
                    file,
                    python.function("mandelbrot.py", "mandelbrot"),
                    Map.of(),
                    new ChunkSize.Automatic(),
                    Strategy.AUTO);
            race.ours(python.fleet(lab.broker(), "mandelbrot.py", "mandelbrot"), work);
        }
        Pools pools = Pools.join(race, python, file, "mandelbrot");
        Race.Run run = race.run(lab.size(3, 1), lab.size(9, 1));
        return pools.figures(run, "the same Python mandelbrot", Target.atLeast(1.0));
    }

    private static Path plane(Lab lab, int stride) throws IOException {
        return Arrays.plane(lab.directory().resolve("points.npy"), lab.size(2048, 256), stride);
    }
}

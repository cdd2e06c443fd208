package io.fanfold.cli;

import io.fanfold.cli.show.EscapePicture;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole path in one go. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Render the Mandelbrot set through a real broker with two workers; check it and leave the picture.")
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--size",
            paramLabel = "N",
            defaultValue = "2048",
            description = "Render N x N points (default: 2048).")
    private int size;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "2", description = "Worker processes (default: 2).")
    private int workers;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "fanfold-demo",
            description = "Where the files go (default: fanfold-demo).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path directory;

    @Option(
            names = "--iterations",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most iterations of a point (default: 1000).")
    private int iterations;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        if (size < 2 || size > 20_000 || workers < 1 || iterations < 1) {
            throw new InvalidRequestException("size must be 2 to 20000, workers and iterations at least 1");
        }
        Files.createDirectories(directory);
        Path points = directory.resolve("points.npy");
        Path counts = directory.resolve("mandelbrot.npy");
        Path picture = directory.resolve("mandelbrot.png");
        MandelbrotPlane plane = new MandelbrotPlane(size, iterations);
        say("Fanfold demo: the Mandelbrot set, " + side() + " points, at most " + iterations + " iterations each.");
        plane.write(points);
        say("Starting a Kafka broker, an aggregator and "
                + (workers == 1 ? "one worker process" : workers + " worker processes") + " on this machine ...");
        LocalRun.Report report = render(points, counts);
        long computed = System.nanoTime();
        long wrong = check(plane, counts, picture);
        Duration check = Duration.ofNanos(System.nanoTime() - computed);
        say(RunCommand.plural(report.chunks(), "chunk") + " went through the broker, each counted once: "
                + RunCommand.seconds(report.work()) + " after " + RunCommand.seconds(report.startUp()) + " to start.");
        say("The same computed in this process (" + RunCommand.seconds(check) + "): "
                + (wrong == 0 ? "every point is equal." : wrong + " points differ!"));
        say("  the picture   " + picture);
        say("  the array     " + counts + "   (int32, " + side() + ": np.load reads it)");
        say("  its points    " + points + "   (complex128, to try things on)");
        say("Try next:");
        say("  ./fanfold run --function abs --in " + points + " --out abs.npy --workers 4");
        say("  ./fanfold functions     what else can be computed");
        say("  ./fanfold up            a fleet that stays, for HTTP and other programs");
        return wrong == 0 ? 0 : 1;
    }

    private String side() {
        return size + " x " + size;
    }

    private LocalRun.Report render(Path points, Path counts) throws IOException, InterruptedException {
        Acceptance request = new Acceptance(
                Optional.empty(),
                RunCommand.builtIn("mandelbrot"),
                Map.of("iterations", (long) iterations),
                Topics.DEFAULT_POOL,
                Strategy.AUTO,
                Fold.CONCAT,
                0,
                new ChunkSize.Automatic(),
                Limits.NONE);
        try (Arena arena = Arena.ofShared()) {
            return new LocalRun(workers, List.of(), Folds.builtIn(), verbosity.verbose)
                    .run(Npy.map(points, arena), request, Output.of(counts));
        }
    }

    private long check(MandelbrotPlane plane, Path counts, Path picture) throws IOException {
        try (Arena arena = Arena.ofShared()) {
            ArraySlice result = Npy.map(counts, arena);
            EscapePicture.write(result.data(), size, size, iterations, picture);
            return plane.differences(result.data());
        }
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}

package io.fanfold.cli;

import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * Takes one small array along the whole path in this one JVM. The launcher runs it once after a build, while the JVM records what
 * it loads, so that every later start is quicker.
 */
@Command(name = "prepare", hidden = true)
final class PrepareCommand implements Callable<Integer> {
    private static final int ELEMENTS = 100_000;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(false);
        try (Parts parts = new Parts()) {
            Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
            WorkDirectory work = parts.opened(new WorkDirectory(temporary));
            LocalFleet fleet = parts.opened(LocalFleet.start(work.path(), 0, List.of(), Folds.builtIn(), false));
            Worker _ = parts.opened(Worker.start(
                    WorkerSettings.of(fleet.kafka()), FunctionRegistry.builtIn(), new SimpleMeterRegistry()));
            DType float64 = DType.of(DType.Kind.FLOAT, 8);
            ArraySlice array =
                    new ArraySlice(float64, Shape.of(ELEMENTS), Order.C, MemorySegment.ofArray(new byte[8 * ELEMENTS]));
            Submission.map(fleet.map(), () -> {}, array, request(), "prepare");
            return 0;
        }
    }

    private static Acceptance request() {
        return new Acceptance(
                Optional.empty(),
                RunCommand.builtIn("sqrt"),
                Map.of(),
                Topics.DEFAULT_POOL,
                Strategy.AUTO,
                Fold.CONCAT,
                0,
                new ChunkSize.Automatic(),
                Limits.NONE);
    }
}

package io.fanfold.cli;

import io.fanfold.cli.door.ResultFiles;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** One array through a fleet that is made for it on this machine and gone after it. */
final class LocalRun {
    private final int workers;
    private final List<String> options;
    private final Folds folds;
    private final boolean verbose;

    /**
     * @param options of the workers, such as which functions they have
     * @param folds what the job may fold with, the same that the workers have
     */
    LocalRun(int workers, List<String> options, Folds folds, boolean verbose) {
        this.workers = workers;
        this.options = options;
        this.folds = folds;
        this.verbose = verbose;
    }

    /**
     * What happened.
     *
     * @param failed chunks that are missing in the result
     * @param replaced how often a worker died and was replaced
     * @param startUp until the array could be submitted
     * @param work from there to the whole result
     */
    record Report(long chunks, long failed, int replaced, Duration startUp, Duration work) {}

    /**
     * Maps an array into a file. All that can be refused is refused before anything is started.
     *
     * @param array mapped; read until this returns
     */
    Report run(ArraySlice array, Acceptance request, Output out) throws IOException, InterruptedException {
        NpyHeader header = new NpyHeader(array.dtype(), array.shape(), array.order());
        request.accept(header, 1, KafkaSettings.at("").maxValueBytes());
        out.requireSpace(3 * header.dataBytes() + 200_000_000);
        long begin = System.nanoTime();
        try (Parts parts = new Parts()) {
            Lifetime.closeOnExit(parts);
            WorkDirectory work = parts.opened(new WorkDirectory(out.directory()));
            LocalFleet fleet = parts.opened(LocalFleet.start(work.path(), workers, options, folds, verbose));
            long ready = System.nanoTime();
            AtomicInteger replaced = new AtomicInteger();
            Submission.Done done = Submission.map(
                    fleet.map(),
                    () -> replaced.addAndGet(fleet.watch() ? 1 : 0),
                    array,
                    request,
                    request.function().id().name());
            take(fleet, done, out);
            long end = System.nanoTime();
            return new Report(
                    done.chunks(),
                    done.failed(),
                    replaced.get(),
                    Duration.ofNanos(ready - begin),
                    Duration.ofNanos(end - ready));
        }
    }

    private static void take(LocalFleet fleet, Submission.Done done, Output out) throws IOException {
        JobId job = done.job().id();
        Path result = fleet.result(job);
        if (FleetRun.mayHaveHoles(done.job().spec())) {
            Optional<JobId> holed = done.failed() > 0 ? Optional.of(job) : Optional.empty();
            out.take(new ResultFiles(result, holed.map(fleet::mask), holed.map(fleet::errors)));
        } else {
            out.take(result);
        }
    }
}

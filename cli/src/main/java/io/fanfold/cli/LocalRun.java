package io.fanfold.cli;

import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One array through a fleet that is made for it on this machine and gone after it. */
final class LocalRun {
    private final int workers;
    private final List<String> options;
    private final boolean verbose;

    /** @param options of the workers, such as which functions they have */
    LocalRun(int workers, List<String> options, boolean verbose) {
        this.workers = workers;
        this.options = options;
        this.verbose = verbose;
    }

    /**
     * What happened.
     *
     * @param replaced how often a worker died and was replaced
     * @param startUp until the array could be submitted
     * @param work from there to the whole result
     */
    record Report(long chunks, int replaced, Duration startUp, Duration work) {}

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
            LocalFleet fleet = parts.opened(LocalFleet.start(work.path(), workers, options, verbose));
            long ready = System.nanoTime();
            AtomicInteger replaced = new AtomicInteger();
            Submission submission = new Submission(fleet.map(), () -> replaced.addAndGet(fleet.watch() ? 1 : 0));
            Submission.Done done =
                    submission.run(array, request, request.function().id().name());
            out.take(fleet.result(done.job().id()));
            long end = System.nanoTime();
            return new Report(
                    done.job().count().orElse(0),
                    replaced.get(),
                    Duration.ofNanos(ready - begin),
                    Duration.ofNanos(end - ready));
        }
    }
}

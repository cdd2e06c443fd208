package io.fanfold.cli;

import io.fanfold.cli.door.ResultFiles;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.client.Results;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/** One array through the fleet behind a broker, whoever runs that. */
final class FleetRun implements AutoCloseable {
    private final ParallelMap map;
    private final String pool;
    private final Submission.Watch watch;

    /**
     * Connects.
     *
     * @param token what servers know us by that results are fetched from
     * @param pool whose workers compute
     * @param watch looks after those workers that are ours
     */
    FleetRun(KafkaSettings kafka, Optional<String> token, String pool, Submission.Watch watch) {
        this.pool = pool;
        this.watch = watch;
        this.map = ParallelMap.connect(
                kafka, "fanfold-run-" + ProcessHandle.current().pid(), Set.of(pool), token, new SimpleMeterRegistry());
    }

    /** What a pool's workers say of a function that they have. */
    FunctionOffer offer(String name) {
        return map.functions().offer(pool, name);
    }

    /** Maps an array into a file. */
    Submission.Done run(ArraySlice array, Acceptance request, Output out) throws IOException, InterruptedException {
        Submission.Done done = Submission.map(
                map, watch, array, request, request.function().id().name());
        take(map.results(), done, out);
        return done;
    }

    /** Puts a job's result at its place, with what is known of its holes beside it. */
    static void take(Results results, Submission.Done done, Output out) throws IOException, InterruptedException {
        try (WorkDirectory work = new WorkDirectory(out.directory())) {
            Lifetime.closeOnExit(work);
            ResultFiles files = ResultFiles.fetch(results, done.job().id(), done.result(), work.path());
            if (mayHaveHoles(done.job().spec())) {
                out.take(files);
            } else {
                out.take(files.result());
            }
        }
    }

    static boolean mayHaveHoles(JobRecord.Spec spec) {
        return spec.header().errors() instanceof ErrorPolicy.KeepGoing;
    }

    @Override
    public void close() {
        map.close();
    }
}

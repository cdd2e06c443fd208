package io.fanfold.bench.suite;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Jobs whose outcomes are written without anybody computing them, so that nothing is measured but who puts them together. One thread. */
final class OutcomeLoad implements AutoCloseable {
    private static final DType FLOAT64 = DType.parse("<f8");

    private final ParallelMap map;
    private final Emitter emitter;
    private final int rows;
    private final ByteBuffer answer;

    /** @param rows float64 numbers that each outcome has */
    OutcomeLoad(KafkaSettings kafka, int rows, MeterRegistry meters) {
        this.rows = rows;
        this.answer = ByteBuffer.wrap(Npy.encode(
                new ArraySlice(FLOAT64, Shape.of(rows), Order.C, MemorySegment.ofArray(new byte[8 * rows]))));
        this.map = ParallelMap.connect(kafka, "bench", Set.of(Topics.DEFAULT_POOL), meters);
        this.emitter = new Emitter(kafka, "bench", _ -> {}, meters, e -> {
            throw new FanfoldException("an outcome could not be written: " + e.getMessage(), e);
        });
    }

    /**
     * What is written.
     *
     * @param jobs how many in all
     * @param chunks of each job
     * @param atOnce how many jobs grow side by side, an outcome of each in turn; the next begins when one has ended
     */
    record Load(int jobs, int chunks, int atOnce, Fold fold) {}

    /** Something to be done in between. */
    interface Meanwhile {
        void act() throws InterruptedException;
    }

    /**
     * Writes a load; returns when all its jobs have ended.
     *
     * @param watch called now and then while jobs are waited for; what it throws ends the waiting
     * @param half called when half of the outcomes are written
     */
    void write(Load load, Runnable watch, Meanwhile half) throws InterruptedException {
        Writing writing = new Writing(load, watch);
        long outcomes = (long) load.jobs() * load.chunks();
        writing.upTo(outcomes / 2);
        half.act();
        writing.upTo(outcomes);
        writing.await(load.atOnce());
        writing.jobs.forEach(job -> check(job, load));
    }

    /** A job some of whose outcomes are written. */
    private static final class Growing {
        private final JobHandle job;
        private int written;

        private Growing(JobHandle job) {
            this.job = job;
        }
    }

    /** A load that is being written. */
    private final class Writing {
        private final Load load;
        private final Runnable watch;
        private final Semaphore places;
        private final List<JobHandle> jobs = new ArrayList<>();
        private final Queue<Growing> growing = new ArrayDeque<>();
        private long written;

        private Writing(Load load, Runnable watch) {
            this.load = load;
            this.watch = watch;
            this.places = new Semaphore(load.atOnce());
        }

        private void upTo(long outcomes) throws InterruptedException {
            while (written < outcomes) {
                while (jobs.size() < load.jobs() && place()) {
                    JobHandle job = begin(load);
                    var _ = job.ended().whenComplete((_, _) -> places.release());
                    jobs.add(job);
                    growing.add(new Growing(job));
                }
                written += growing.size();
                growing.removeIf(one -> next(one, load.chunks()));
            }
        }

        private boolean place() throws InterruptedException {
            if (growing.isEmpty()) {
                await(1);
                return true;
            }
            return places.tryAcquire();
        }

        private void await(int count) throws InterruptedException {
            while (!places.tryAcquire(count, 1, TimeUnit.SECONDS)) {
                watch.run();
            }
        }
    }

    private JobHandle begin(Load load) {
        Acceptance request = new Acceptance(
                Optional.empty(),
                FunctionRegistry.builtIn().latest("identity").orElseThrow(),
                Map.of(),
                Topics.DEFAULT_POOL,
                Strategy.THREADS,
                load.fold(),
                0,
                new ChunkSize.Count(load.chunks()),
                Limits.NONE);
        return map.accept(new NpyHeader(FLOAT64, Shape.of((long) rows * load.chunks()), Order.C), request);
    }

    /** Writes one more outcome of a job; says whether that was the last. */
    private boolean next(Growing one, int chunks) {
        Outcome.Computed outcome = new Outcome.Computed(one.job.id(), one.written++, 1, answer);
        emitter.computed(one.job.spec().header(), outcome, () -> {});
        return one.written == chunks;
    }

    private void check(JobHandle job, Load load) {
        JobState.Terminal end = job.ended().join();
        long bytes = load.fold().equals(Fold.CONCAT) ? 8L * rows * load.chunks() : 8;
        boolean whole = end.result().filter(r -> r.bytes() > bytes).isPresent();
        if (end.end() != JobState.End.COMPLETED || !whole) {
            throw new FanfoldException("job " + job.id() + " ended " + end.end() + ": "
                    + end.error().orElse("its result is too short"));
        }
    }

    @Override
    public void close() {
        emitter.close();
        map.close();
    }
}

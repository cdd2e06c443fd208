package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Dispatcher;
import io.fanfold.producer.source.HeadedRows;
import io.fanfold.producer.source.Incoming;
import io.fanfold.producer.split.Pieces;
import io.fanfold.producer.split.Split;
import io.fanfold.producer.split.StreamSplit;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A parallel map over arrays, run by the fleet behind one Kafka cluster. Any thread; closing it ends the handles that wait, not
 * their jobs.
 *
 * <pre>{@code
 * try (ParallelMap map = ParallelMap.connect("localhost:9092")) {
 *     ArraySlice roots = map.map("sqrt", ArraySlice.of(new double[] {1, 4, 9}));
 * }
 * }</pre>
 */
public final class ParallelMap implements AutoCloseable {
    private static final AtomicInteger CLIENTS = new AtomicInteger();
    /** How long closing waits for chunks that are still to be written. */
    private static final Duration WRITE_ON = Duration.ofSeconds(30);

    private final KafkaSettings kafka;
    private final String clientId;
    private final Dispatcher dispatcher;
    private final FunctionDirectory functions;
    private final JobFollower follower;
    private final Claims claims;
    private final Results results;
    private final Dispatching dispatching;
    private final Reach reach;
    private @Nullable JobTable jobs;

    private ParallelMap(KafkaSettings kafka, String clientId, Optional<String> token, MeterRegistry meters) {
        this.results = new Results(token);
        this.kafka = kafka;
        this.clientId = clientId;
        this.functions = new FunctionDirectory(kafka, clientId);
        this.follower = new JobFollower(kafka, clientId);
        this.dispatcher = new Dispatcher(kafka, clientId, meters);
        this.claims = new Claims(kafka, dispatcher, this::jobs);
        this.dispatching = new Dispatching(this::cancel);
        this.reach = new Reach(kafka, clientId, results, this::cancel);
    }

    /**
     * Connects to a fleet, with the topics and the client settings that it has if it is told nothing else.
     *
     * @param bootstrapServers {@code host:port[,host:port]…}
     * @throws FanfoldException within 15 s if no broker answers, or if a topic is missing or too small
     */
    public static ParallelMap connect(String bootstrapServers) {
        String name = "fanfold-" + ProcessHandle.current().pid() + "-" + CLIENTS.incrementAndGet();
        return connect(KafkaSettings.at(bootstrapServers), name, Set.of(), new CompositeMeterRegistry());
    }

    /**
     * Connects to a fleet.
     *
     * @throws FanfoldException within 15 s if no broker answers, or if a topic is missing or too small
     */
    public static ParallelMap connect(KafkaSettings kafka, String clientId, Set<String> pools, MeterRegistry meters) {
        return connect(kafka, clientId, pools, Optional.empty(), meters);
    }

    /**
     * Connects to a fleet whose servers want a token.
     *
     * @param token what they know us by; it is sent to the aggregators that say in the states topic that they serve a result, and
     *     to nobody else
     * @throws FanfoldException within 15 s if no broker answers, or if a topic is missing or too small
     */
    public static ParallelMap connect(
            KafkaSettings kafka, String clientId, Set<String> pools, Optional<String> token, MeterRegistry meters) {
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.require(Role.CLIENT, pools);
        }
        return new ParallelMap(kafka, clientId, token, meters);
    }

    /** What the pools can compute. */
    public FunctionDirectory functions() {
        return functions;
    }

    /** All jobs of the fleet, whoever submitted them. The first call reads the topics from their beginning. */
    public synchronized JobTable jobs() {
        JobTable known = jobs;
        if (known == null) {
            known = new JobTable(kafka, clientId + "-table");
            jobs = known;
        }
        return known;
    }

    /** Fetches results. */
    public Results results() {
        return results;
    }

    /**
     * Maps an array and waits for the whole result; of at most 2 GiB, see {@link #submit} for others. A thread that is interrupted
     * cancels the job, unless it has a key, by which it is found again.
     *
     * @throws JobFailedException if the job ends without a result
     * @throws CancellationException if it is cancelled
     * @throws FanfoldException if it cannot be submitted, or its result cannot be fetched
     */
    public ArraySlice map(MapRequest request, ArraySlice array) throws InterruptedException {
        JobHandle job = submit(request, array);
        try {
            return job.result().get();
        } catch (InterruptedException e) {
            Dispatching.withdraw(job, this::cancel, "its submitter was interrupted");
            throw e;
        } catch (CancellationException e) {
            throw e.getCause() instanceof CancellationException why ? why : e;
        } catch (ExecutionException e) {
            throw Dispatching.unchecked(e);
        }
    }

    /** The same with a function without parameters, and all else left to Fanfold. */
    public ArraySlice map(String function, ArraySlice array) throws InterruptedException {
        return map(MapRequest.of(function), array);
    }

    /**
     * Submits an array as a job and returns as soon as it is accepted; its chunks are written in the background. If that fails, what
     * waits for the result fails with the reason, and the job is cancelled unless it has a key, under which it can be submitted
     * again to go on.
     *
     * @param array not to be changed until {@link JobHandle#dispatched}
     * @throws FanfoldException if the array cannot be cut as asked, there is no such function, or it does not take the array or a parameter
     */
    public JobHandle submit(MapRequest request, ArraySlice array) {
        JobHandle job = accept(Incoming.of(array), request);
        if (job.seal().isPresent()) {
            dispatch(job, array); // it is all there: only looked at, and another array is refused here and now
        } else {
            dispatching.begin(job, goOn -> dispatch(job, array, goOn));
        }
        return job;
    }

    /**
     * Accepts an array as a job: checked, planned, recorded. Nothing is dispatched yet.
     *
     * @throws FanfoldException if the array cannot be cut as asked
     * @throws io.fanfold.protocol.wire.WireException if the function does not take the dtype or a parameter
     */
    public JobHandle accept(NpyHeader array, Acceptance request) {
        return accept(Incoming.of(array), request);
    }

    /**
     * As {@link #accept(NpyHeader, Acceptance)}, for an array that may be endless; where the request has a key that names a job
     * already, that job.
     *
     * @throws io.fanfold.producer.dispatch.ConflictException if the key names a job that is another
     */
    public JobHandle accept(Incoming array, Acceptance request) {
        if (request.key().isPresent()) {
            return attach(claims.claim(array, request)).compressedBy(request::codecFor);
        }
        JobRecord.Spec spec = request.accept(
                array, dispatcher.partitions(kafka.topics().outcomes()), kafka.maxValueBytes(), Optional.empty());
        JobHandle handle = follower.follow(new JobHandle(spec, reach)).compressedBy(request::codecFor);
        handle.accepted(dispatcher.accept(spec));
        return handle;
    }

    /** The same for a request that names its function. */
    public JobHandle accept(Incoming array, MapRequest request) {
        return accept(array, request.resolve(functions.offer(request.pool(), request.function())));
    }

    /** Writes the chunks of an accepted job; returns when the broker has them all, or the job has ended before. */
    public void dispatch(JobHandle job, ArraySlice array) {
        dispatch(job, array, () -> true);
    }

    /**
     * As {@link #dispatch(JobHandle, ArraySlice)}, for somebody who may have to stop.
     *
     * @param goOn asked before each chunk; where it says no, the job is left without its other chunks, to be cancelled
     */
    public void dispatch(JobHandle job, ArraySlice array, BooleanSupplier goOn) {
        try {
            dispatch(job, new Split(array, job.spec().plan()).pieces(), goOn);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * As {@link #dispatch(JobHandle, ArraySlice)}, for an array that comes in row after row.
     *
     * @throws IOException if it stopped coming: the job is left without its other chunks
     */
    public void dispatch(JobHandle job, HeadedRows array, BooleanSupplier goOn) throws IOException {
        dispatch(job, new StreamSplit(array, job.spec().plan()), goOn);
    }

    private void dispatch(JobHandle job, Pieces pieces, BooleanSupplier goOn) throws IOException {
        Optional<JobRecord.Seal> seal = job.seal();
        if (seal.isEmpty()) {
            dispatcher.dispatch(job.spec(), pieces, job.codec(), job, goOn);
            return;
        }
        while (pieces.next(0).isPresent()) {
            // every chunk is there already: it is only looked at whether this is the same array
        }
        if (seal.get().crc32c().filter(crc -> !crc.equals(pieces.crc32c())).isPresent()) {
            throw Claims.conflict(job.spec(), "its data differ from what is sent now");
        }
    }

    /** A job that this client accepted or was attached to. */
    public Optional<JobHandle> find(JobId job) {
        return follower.find(job);
    }

    /** A job of the fleet, whoever submitted it. */
    public Optional<JobHandle> attach(JobId job) {
        Optional<JobHandle> known = follower.find(job);
        return known.isPresent() ? known : jobs().find(job).map(this::attach);
    }

    /** The job that a submitter's key names. */
    public Optional<JobHandle> attach(String key) {
        return jobs().holder(key).map(this::attach);
    }

    /** Followed first, then told what was said before, so that nothing is missed in between. */
    private JobHandle attach(JobReport report) {
        Optional<JobHandle> known = follower.find(report.job());
        JobHandle handle = known.orElseGet(() -> new JobHandle(report.spec(), reach));
        if (known.isEmpty() && !report.ended()) {
            follower.follow(handle);
        }
        handle.takeOver(jobs().find(report.job()).orElse(report), jobs().end(report.job()));
        if (known.isEmpty() && handle.over()) {
            follower.leave(report.job());
        }
        return handle;
    }

    /** Asks for a job to be ended; its handle tells whether it was. */
    public void cancel(JobId job, String reason) {
        dispatcher.cancel(job, reason);
    }

    /** Takes back what a pool has offered whose workers are gone for good. */
    public void withdraw(String pool) {
        functions.all().stream()
                .filter(offer -> offer.pool().equals(pool))
                .forEach(offer -> dispatcher.withdraw(pool, offer.function().id()));
    }

    /** Whether this client still hears of its jobs. */
    public boolean live() {
        return follower.live();
    }

    /**
     * As {@link #close(Duration)}, with 30 seconds.
     */
    @Override
    public void close() {
        close(WRITE_ON);
    }

    /**
     * Ends this client. Jobs whose chunks are all written go on without it. Chunks that are still to be written are written, as far as
     * that time allows; a job of which some are left then is cancelled, unless it has a key, under which it can be submitted
     * again to go on. What waits for a job that has not ended fails.
     */
    public void close(Duration patience) {
        dispatching.close(patience);
        closeAll();
    }

    private synchronized void closeAll() {
        follower.close();
        results.close();
        functions.close();
        dispatcher.close();
        if (jobs != null) {
            jobs.close();
        }
    }
}

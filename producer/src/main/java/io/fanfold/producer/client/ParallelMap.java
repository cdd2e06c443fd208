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
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A parallel map over arrays, run by the fleet behind one Kafka cluster. Any thread; closing it ends the handles that wait, not
 * their jobs.
 */
public final class ParallelMap implements AutoCloseable {
    private final KafkaSettings kafka;
    private final String clientId;
    private final Dispatcher dispatcher;
    private final FunctionDirectory functions;
    private final JobFollower follower;
    private final Claims claims;
    private @Nullable JobTable jobs;

    private ParallelMap(KafkaSettings kafka, String clientId, MeterRegistry meters) {
        this.kafka = kafka;
        this.clientId = clientId;
        this.functions = new FunctionDirectory(kafka, clientId);
        this.follower = new JobFollower(kafka, clientId);
        this.dispatcher = new Dispatcher(kafka, clientId, meters);
        this.claims = new Claims(kafka, dispatcher, this::jobs);
    }

    /**
     * Connects to a fleet.
     *
     * @throws FanfoldException within 15 s if no broker answers, or if a topic is missing or too small
     */
    public static ParallelMap connect(KafkaSettings kafka, String clientId, Set<String> pools, MeterRegistry meters) {
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.require(pools);
        }
        return new ParallelMap(kafka, clientId, meters);
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
        JobHandle handle = follower.follow(new JobHandle(spec)).compressedBy(request::codecFor);
        dispatcher.accept(spec);
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
        JobHandle handle = known.orElseGet(() -> new JobHandle(report.spec()));
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

    @Override
    public synchronized void close() {
        follower.close();
        functions.close();
        dispatcher.close();
        if (jobs != null) {
            jobs.close();
        }
    }
}

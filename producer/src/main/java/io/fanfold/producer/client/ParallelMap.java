package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Dispatcher;
import io.fanfold.producer.split.Split;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A parallel map over arrays, run by the fleet behind one Kafka cluster. Any thread; closing it ends the handles that wait, not
 * their jobs.
 */
public final class ParallelMap implements AutoCloseable {
    private final KafkaSettings kafka;
    private final Dispatcher dispatcher;
    private final FunctionDirectory functions;
    private final JobFollower follower;

    private ParallelMap(KafkaSettings kafka, String clientId, MeterRegistry meters) {
        this.kafka = kafka;
        this.functions = new FunctionDirectory(kafka, clientId);
        this.follower = new JobFollower(kafka, clientId);
        this.dispatcher = new Dispatcher(kafka, clientId, meters);
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

    /**
     * Accepts an array as a job: checked, planned, recorded. Nothing is dispatched yet.
     *
     * @throws FanfoldException if the array cannot be cut as asked
     * @throws io.fanfold.protocol.wire.WireException if the function does not take the dtype or a parameter
     */
    public JobHandle accept(NpyHeader array, Acceptance request) {
        JobRecord.Spec spec =
                request.accept(array, dispatcher.partitions(kafka.topics().outcomes()), kafka.maxValueBytes());
        JobHandle handle = follower.follow(new JobHandle(spec));
        dispatcher.accept(spec);
        return handle;
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
        Split split = new Split(array, job.spec().plan());
        dispatcher.dispatch(job.spec(), split, () -> !job.over() && goOn.getAsBoolean());
    }

    /** A job that this client accepted. */
    public Optional<JobHandle> find(JobId job) {
        return follower.find(job);
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
    public void close() {
        follower.close();
        functions.close();
        dispatcher.close();
    }
}

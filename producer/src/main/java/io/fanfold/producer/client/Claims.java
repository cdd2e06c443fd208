package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.ConflictException;
import io.fanfold.producer.dispatch.Dispatcher;
import io.fanfold.producer.source.Incoming;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds the job that a submitter's key names, or makes it. However many ask at once, the first spec in the order of the log is the
 * job; the others take theirs back. Any thread.
 */
final class Claims {
    private final KafkaSettings kafka;
    private final Dispatcher dispatcher;
    private final Supplier<JobTable> jobs;

    Claims(KafkaSettings kafka, Dispatcher dispatcher, Supplier<JobTable> jobs) {
        this.kafka = kafka;
        this.dispatcher = dispatcher;
        this.jobs = jobs;
    }

    /**
     * The job of a request's key.
     *
     * @throws ConflictException if the key names a job that is another than what is asked for
     */
    JobReport claim(Incoming array, Acceptance request) {
        String key = request.key().orElseThrow();
        Optional<JobReport> holder = jobs.get().holder(key);
        if (holder.isPresent() && !free(holder.get())) {
            return same(holder.get(), array, request);
        }
        JobRecord.Spec spec = request.accept(
                array,
                dispatcher.partitions(kafka.topics().outcomes()),
                kafka.maxValueBytes(),
                holder.map(JobReport::job));
        dispatcher.accept(spec);
        JobReport first = jobs.get().holder(key).orElseThrow();
        if (!first.job().equals(spec.job())) {
            dispatcher.retract(spec.job());
            return same(first, array, request);
        }
        return first;
    }

    /** Whether a key may be used again: its job has no result, and will have none. */
    private static boolean free(JobReport holder) {
        return switch (holder.state()) {
            case SUBMITTED, RUNNING, COMPLETED -> false;
            case FAILED, CANCELLED, EXPIRED, LOST -> true;
        };
    }

    private JobReport same(JobReport holder, Incoming array, Acceptance request) {
        if (!request.asksFor(holder.spec(), array, kafka.maxValueBytes())) {
            throw conflict(
                    holder.spec(),
                    "its function, parameters, dtype, shape, plan or data differ from what is asked for now");
        }
        return holder;
    }

    /** What is said where a key is asked for with another array. */
    static ConflictException conflict(JobRecord.Spec spec, String how) {
        JobId job = spec.job();
        return new ConflictException(
                job,
                "key \"" + spec.key() + "\" is that of job " + job + ", "
                        + spec.header().function() + " of "
                        + spec.dtype().name() + " " + spec.shape() + ": " + how
                        + "; give what is another request another key");
    }
}

package io.fanfold.producer.intake;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.client.RequestOptions;
import io.fanfold.producer.dispatch.Refusals;
import io.fanfold.producer.source.Incoming;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Submission;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a submission a job and writes its chunks, or sets it aside. Any thread. */
final class Desk {
    private static final Logger LOG = LoggerFactory.getLogger(Desk.class);
    /** Counted from zero: a counter that came with its first event would hide that. */
    private static final List<String> VERDICTS = List.of("accepted", "known", "refused");

    private final ParallelMap map;
    private final Payloads payloads;
    private final Refusals refusals;
    private final MeterRegistry meters;
    private final Duration grace;

    /** @param grace how long a submission waits for workers that have its function */
    Desk(ParallelMap map, Payloads payloads, Refusals refusals, MeterRegistry meters, Duration grace) {
        this.map = map;
        this.payloads = payloads;
        this.refusals = refusals;
        this.meters = meters;
        this.grace = grace;
        VERDICTS.forEach(this::counter);
    }

    /**
     * Takes a submission. Taken again, after whatever crash, it is the same job by its key, and is written on where that stopped.
     *
     * @param waited since it was taken for the first time
     * @param goOn asked before each chunk
     * @return whether it is done; if not, it is to be taken again
     * @throws FanfoldException if the broker is not as it must be, and likewise {@link KafkaException}: it is to be taken again
     */
    boolean take(ConsumerRecord<byte[], byte[]> record, Duration waited, BooleanSupplier goOn) {
        try {
            return submit(record, waited, goOn);
        } catch (InvalidRequestException e) {
            return refuse(record, e.getMessage());
        } catch (FanfoldException | KafkaException | UncheckedIOException e) {
            throw e; // no fault of the submission
        } catch (RuntimeException e) {
            LOG.atDebug().setCause(e).addKeyValue("offset", record.offset()).log("submission refused");
            return refuse(record, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private boolean submit(ConsumerRecord<byte[], byte[]> record, Duration waited, BooleanSupplier goOn) {
        Submission submission = Records.submission(record);
        MapRequest request = request(submission);
        Optional<JobReport> holder = map.jobs().holder(submission.key());
        if (holder.filter(job -> answers(job, record)).isPresent()) {
            return done("known");
        }
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = payloads.array(submission, arena);
            if (!offered(request) && waited.compareTo(grace) < 0) {
                return false;
            }
            JobHandle job = map.accept(Incoming.of(array), request);
            dispatch(job, array, goOn);
            boolean whole = goOn.getAsBoolean() && !job.ended().isCompletedExceptionally();
            boolean known = holder.map(JobReport::job).equals(Optional.of(job.id()));
            return whole && done(known ? "known" : "accepted");
        }
    }

    private static MapRequest request(Submission submission) {
        Map<String, String> options = new HashMap<>(submission.options());
        submission.parameters().forEach((name, value) -> options.put(RequestOptions.PARAMETER + name, value));
        return RequestOptions.parse(options, Optional.of(submission.key()));
    }

    /**
     * Whether a job that has ended without a result was what a submission asked for: then it is not made again. One that nobody has
     * written whole, and that was given up for that, is none.
     */
    private static boolean answers(JobReport job, ConsumerRecord<byte[], byte[]> record) {
        boolean after = job.accepted()
                .filter(at -> !at.isBefore(Instant.ofEpochMilli(record.timestamp())))
                .isPresent();
        return after
                && switch (job.state()) {
                    case SUBMITTED, RUNNING, COMPLETED -> false;
                    case FAILED, CANCELLED, LOST -> true;
                    case EXPIRED -> job.seal().isPresent();
                };
    }

    private boolean offered(MapRequest request) {
        try {
            map.functions().offer(request.pool(), request.function());
            return true;
        } catch (InvalidRequestException e) {
            return false;
        }
    }

    private void dispatch(JobHandle job, ArraySlice array, BooleanSupplier goOn) {
        try {
            map.dispatch(job, array, goOn);
        } catch (InternalError e) {
            map.cancel(job.id(), "the file with its array changed while it was read");
            throw new ArrayFormatException(
                    "the file was shortened while it was read: write a new one, and rename it when it is whole", e);
        }
    }

    private boolean refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
        String key = Records.submissionKey(record);
        refusals.refuse(record, key, reason);
        LOG.atWarn()
                .addKeyValue("key", key)
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .log("submission refused: it is among the dead letters");
        return done("refused");
    }

    private boolean done(String verdict) {
        counter(verdict).increment();
        return true;
    }

    private Counter counter(String verdict) {
        return meters.counter("fanfold.submissions", "verdict", verdict);
    }
}

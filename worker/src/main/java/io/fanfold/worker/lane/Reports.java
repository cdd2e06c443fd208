package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.strategy.Ending;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells what became of records. Any thread; a report waits while the producer's buffer is full. */
final class Reports {
    private static final Logger LOG = LoggerFactory.getLogger(Reports.class);
    private static final int LONGEST_MESSAGE = 1000;

    private final String worker;
    private final Emitter emitter;
    private volatile int outcomePartitions;

    Reports(String worker, Emitter emitter) {
        this.worker = worker;
        this.emitter = emitter;
        this.outcomePartitions = emitter.outcomePartitions();
    }

    /** Whether the partition that the job wants its outcomes on is known to be there. Never blocks. */
    boolean reaches(JobHeader job) {
        return job.outcomesPartition() < outcomePartitions;
    }

    /** Asks the broker for that partition; why the job's chunks are refused where it is not there. */
    Optional<String> lookForPartition(JobHeader job) {
        outcomePartitions = emitter.outcomePartitions();
        return reaches(job)
                ? Optional.empty()
                : Optional.of("outcomesPartition is " + job.outcomesPartition() + " and the outcomes topic has "
                        + outcomePartitions + " partitions: submit the job again");
    }

    void computed(Chunk chunk, Tries so, Ending.Answered answer, Runnable acked) {
        JobHeader job = chunk.job().header();
        Outcome.Computed computed = new Outcome.Computed(
                job.job(), chunk.index(), so.next(), ByteBuffer.wrap(answer.npy()), answer.foldedRows());
        emitter.computed(job, computed, acked);
    }

    void failed(Chunk chunk, Verdict.Failed verdict, Runnable acked) {
        JobHeader job = chunk.job().header();
        LOG.atWarn()
                .addKeyValue("job", job.job())
                .addKeyValue("chunk", chunk.index())
                .addKeyValue("function", job.function())
                .addKeyValue("attempts", verdict.so().attempts())
                .addKeyValue("crashes", verdict.so().crashes())
                .addKeyValue("error", verdict.error() + ": " + verdict.message())
                .log("chunk failed");
        int attempt = Math.max(1, verdict.so().attempts() + verdict.so().crashes());
        Outcome.Failed failed = new Outcome.Failed(
                job.job(), chunk.index(), attempt, chunk.failure(verdict.error(), oneLine(verdict.message()), worker));
        emitter.failed(job, failed, chunk.record(), acked);
    }

    /** Sets a record aside that is no chunk. */
    void deadLetter(ConsumerRecord<byte[], byte[]> record, String reason, Runnable acked) {
        LOG.atWarn()
                .addKeyValue("topic", record.topic())
                .addKeyValue("partition", record.partition())
                .addKeyValue("offset", record.offset())
                .addKeyValue("reason", reason)
                .log("record is not a chunk: set aside as a dead letter");
        emitter.deadLetter(record, oneLine(reason), acked);
    }

    /** An error travels as one line that always fits beside its record. */
    private static String oneLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE - 3) + "...";
    }

    void fatal(Throwable why) {
        emitter.fatal(why);
    }

    /** How many records are sent and not yet acknowledged. */
    long sending() {
        return emitter.sending();
    }
}

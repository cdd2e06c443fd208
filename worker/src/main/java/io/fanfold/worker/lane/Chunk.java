package io.fanfold.worker.lane;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.JobHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that was understood as a chunk: its job, its place, and the record itself with the {@code .npy} value. */
record Chunk(JobHeader job, ChunkHeader header, ConsumerRecord<byte[], byte[]> record) {
    /** Names the chunk in errors and logs. */
    String where() {
        return "chunk " + header.index() + " of job " + job.job();
    }

    /**
     * Its rows.
     *
     * @throws ArrayFormatException where the record has no value
     */
    byte[] npy() {
        byte[] value = record.value();
        if (value == null) {
            throw new ArrayFormatException(where() + " has no value: send its rows as .npy bytes");
        }
        return value;
    }

    Failure failure(String error, String message, String worker) {
        return new Failure(error, message, job.function().toString(), header.start(), worker);
    }
}

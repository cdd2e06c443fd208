package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.Records;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Understands records as chunks; a job's header is parsed once and kept while the job is in use. Any thread. */
final class JobHeaders {
    private static final int KEPT = 256;

    private final Map<ByteBuffer, JobHeader> parsed = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, JobHeader> eldest) {
            return size() > KEPT;
        }
    };

    /** @throws io.fanfold.protocol.wire.WireException if the record is not a chunk */
    Chunk chunk(ConsumerRecord<byte[], byte[]> record) {
        JobHeader job = header(Records.rawJobHeader(record));
        ChunkHeader place = Records.chunkHeader(record);
        return new Chunk(job, place, record);
    }

    private synchronized JobHeader header(ByteBuffer raw) {
        JobHeader known = parsed.get(raw);
        if (known == null) {
            known = Records.jobHeader(raw);
            parsed.put(raw, known);
        }
        return known;
    }
}

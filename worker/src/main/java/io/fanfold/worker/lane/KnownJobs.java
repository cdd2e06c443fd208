package io.fanfold.worker.lane;

import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The jobs of the chunks that come in: a job's header is parsed and checked once and kept while the job is in use. Any thread. */
final class KnownJobs {
    private static final int KEPT = 256;

    private final FunctionRegistry functions;
    private final Map<ByteBuffer, KnownJob> known = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, KnownJob> eldest) {
            return size() > KEPT;
        }
    };

    KnownJobs(FunctionRegistry functions) {
        this.functions = functions;
    }

    /** @throws WireException if the record's headers are not those of a chunk */
    synchronized KnownJob of(ConsumerRecord<byte[], byte[]> record) {
        ByteBuffer raw = Records.rawJobHeader(record);
        KnownJob job = known.get(raw);
        if (job == null) {
            job = understood(Records.jobHeader(raw));
            known.put(raw, job);
        }
        return job;
    }

    private KnownJob understood(JobHeader header) {
        Optional<FanfoldFunction> function = functions.find(header.function());
        Optional<FoldFunction> fold = functions.folds().find(header.fold());
        if (function.isEmpty()) {
            return new KnownJob(header, function, Map.of(), fold, Optional.empty());
        }
        try {
            Map<String, Object> parameters = function.get().description().confirm(header.parameters());
            function.get().description().requireStrategy(header.strategy());
            return new KnownJob(header, function, parameters, fold, Optional.empty());
        } catch (WireException e) {
            return new KnownJob(header, function, Map.of(), fold, Optional.of(e.getMessage()));
        }
    }
}

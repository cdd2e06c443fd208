package io.fanfold.e2e;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.util.Set;

/** Submits an array of 0 to 9 to {@link Gated}, in 5 chunks, and waits for the result. */
final class SubmitterMain {
    /** What it prints in front of the job's id, when all chunks are written. */
    static final String SUBMITTED = "submitted ";

    private SubmitterMain() {}

    /**
     * Runs it.
     *
     * @param args bootstrap servers, topic prefix, and parameters as {@code name=value}
     */
    public static void main(String[] args) throws Exception {
        KafkaSettings at = KafkaSettings.at(args[0]);
        KafkaSettings kafka = new KafkaSettings(args[0], new Topics(args[1]), at.maxMessageBytes(), at.overrides());
        MapRequest request = MapRequest.of("gated").inChunks(5).withStrategy(Strategy.THREADS);
        for (int i = 2; i < args.length; i++) {
            String[] parameter = args[i].split("=", 2);
            request = request.with(parameter[0], parameter[1]);
        }
        try (ParallelMap map = ParallelMap.connect(kafka, "submitter", Set.of(), new CompositeMeterRegistry())) {
            JobHandle job = map.submit(request, Jobs.array(0, 5));
            job.dispatched().join();
            System.out.println(SUBMITTED + job.id());
            System.out.println(job.result().join());
        }
    }
}

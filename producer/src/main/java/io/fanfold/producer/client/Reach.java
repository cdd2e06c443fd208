package io.fanfold.producer.client;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.KafkaSettings;
import java.util.function.BiConsumer;

/**
 * What a handle can reach: the fleet and the client that it is of.
 *
 * @param cancel asks for a job to be ended, for a reason
 */
record Reach(KafkaSettings kafka, String clientId, Results results, BiConsumer<JobId, String> cancel) {}

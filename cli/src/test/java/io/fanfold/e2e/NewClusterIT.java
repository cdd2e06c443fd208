package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.internals.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A role that is started together with its cluster, which is not yet able to do all that it is asked. */
final class NewClusterIT {
    /** On one broker a topic of three replicas is not made, and there is no coordinator of transactions. */
    private static final Map<String, String> NO_TRANSACTIONS = Map.of("transaction.state.log.replication.factor", "3");
    /** Less patience than the coordinator takes to come, and enough for all else. */
    private static final Map<String, String> IMPATIENT =
            Map.of("default.api.timeout.ms", "5000", "request.timeout.ms", "5000");

    @TempDir
    Path directory;

    @Test
    void anAggregatorWaitsForTheCoordinatorOfItsTransactions() throws Exception {
        try (LocalBroker broker =
                LocalBroker.start(directory.resolve("broker"), LocalBroker.freePort(), NO_TRANSACTIONS)) {
            KafkaSettings plain = KafkaSettings.at(broker.bootstrapServers());
            LocalFleet.topics(plain, 1);
            KafkaSettings kafka =
                    new KafkaSettings(plain.bootstrapServers(), plain.topics(), plain.maxMessageBytes(), IMPATIENT);
            AggregatorSettings settings =
                    new AggregatorSettings(kafka, "aggregator-1", directory.resolve("results"), Optional.empty());

            CompletableFuture<Aggregator> starting =
                    CompletableFuture.supplyAsync(() -> Aggregator.start(settings, new SimpleMeterRegistry()));
            await().during(Duration.ofSeconds(8)).atMost(Fleet.LONG).until(() -> !starting.isDone());
            try (Admin admin = Admin.create(plain.admin("test"))) {
                NewTopic transactions = new NewTopic(Topic.TRANSACTION_STATE_TOPIC_NAME, 1, (short) 1)
                        .configs(Map.of("cleanup.policy", "compact"));
                admin.createTopics(List.of(transactions)).all().get();
            }

            try (Aggregator aggregator = starting.join()) {
                await().atMost(Fleet.LONG).until(aggregator::ready);
                assertThat(aggregator.failure()).isEmpty();
            }
        }
    }
}

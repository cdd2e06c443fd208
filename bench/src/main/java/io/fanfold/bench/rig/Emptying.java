package io.fanfold.bench.rig;

import io.fanfold.bench.measure.Contest;
import io.fanfold.protocol.wire.KafkaSettings;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** Gives a broker's disk back between two measurements, which is no part of either: deletes the large records of all. */
public final class Emptying implements AutoCloseable {
    private final Admin admin;

    public Emptying(KafkaSettings kafka) {
        this.admin = Admin.create(kafka.admin("emptying"));
    }

    /** Measures, then deletes what it has left. */
    public double after(Contest.Contestant contestant) throws Exception {
        double value = contestant.run();
        empty();
        return value;
    }

    /** Deletes what is left in topics of chunks, outcomes and of other contestants. */
    public void empty() throws ExecutionException, InterruptedException {
        Map<TopicPartition, RecordsToDelete> all = admin
                .describeTopics(admin.listTopics().names().get().stream()
                        .filter(Emptying::large)
                        .toList())
                .allTopicNames()
                .get()
                .values()
                .stream()
                .flatMap(topic -> topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition())))
                .collect(Collectors.toMap(p -> p, _ -> RecordsToDelete.beforeOffset(-1)));
        admin.deleteRecords(all).all().get();
    }

    private static boolean large(String topic) {
        return topic.contains(".chunks.") || topic.endsWith(".outcomes") || topic.startsWith("raw.");
    }

    @Override
    public void close() {
        admin.close();
    }
}

package io.fanfold.bench.rig;

import io.fanfold.protocol.wire.KafkaSettings;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** How many chunks have been written to a pool's topic, as the broker says. Any thread. */
public final class Dispatched implements AutoCloseable {
    private final Admin admin;
    private final String topic;
    private final int partitions;

    public Dispatched(KafkaSettings kafka, String pool, int partitions) {
        this.admin = Admin.create(kafka.admin("dispatched"));
        this.topic = kafka.topics().chunks(pool);
        this.partitions = partitions;
    }

    /** Since the topic was made. */
    public long chunks() throws ExecutionException, InterruptedException {
        return admin
                .listOffsets(IntStream.range(0, partitions)
                        .mapToObj(p -> new TopicPartition(topic, p))
                        .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest())))
                .all()
                .get()
                .values()
                .stream()
                .mapToLong(ListOffsetsResultInfo::offset)
                .sum();
    }

    @Override
    public void close() {
        admin.close();
    }
}

package io.fanfold.worker.emit;

import io.fanfold.protocol.wire.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Emitters for tests without a broker. */
public final class Emitters {
    private Emitters() {}

    /** All that it sends is acknowledged at once; the outcomes topic has one partition. */
    public static Emitter acknowledged(Topics topics, MeterRegistry meters, Consumer<Throwable> fatal) {
        Node broker = new Node(0, "localhost", 9092);
        Node[] replicas = {broker};
        Cluster cluster = new Cluster(
                "cluster",
                List.of(broker),
                List.of(new PartitionInfo(topics.outcomes(), 0, broker, replicas, replicas)),
                Set.of(),
                Set.of());
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(cluster, true, null, new ByteArraySerializer(), new ByteArraySerializer());
        return new Emitter(topics, producer, _ -> {}, meters, fatal);
    }
}

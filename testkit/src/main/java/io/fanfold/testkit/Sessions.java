package io.fanfold.testkit;

import io.fanfold.protocol.wire.Topics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;

/**
 * How long the members of a fleet's groups may be silent before the broker gives their partitions to others. Broker and members share
 * a machine, or a JVM, which may stand still for seconds: a test that counts what is done wants a member to live through that. One
 * that kills members does not want to wait that long.
 */
public enum Sessions {
    /** As long as Kafka's own default: for fleets of which no member is killed. */
    LONG("45000"),
    /** A member that is killed is missed after six seconds; where the broker decides, after three. */
    SHORT("6000");

    private final String millis;

    Sessions(String millis) {
        this.millis = millis;
    }

    /** What clients are told that form groups by the classic protocol, where the member decides. */
    public Map<String, String> classic() {
        return Map.of("group.protocol", "classic", "session.timeout.ms", millis, "heartbeat.interval.ms", "1000");
    }

    /** Has the broker, which decides by the protocol {@code consumer} and whose default is short, do so for a fleet's groups. */
    public KafkaFuture<Void> set(Admin admin, Topics topics, Collection<String> pools) {
        return switch (this) {
            case SHORT -> KafkaFuture.completedFuture(null);
            case LONG -> {
                AlterConfigOp op = new AlterConfigOp(
                        new ConfigEntry("consumer.session.timeout.ms", millis), AlterConfigOp.OpType.SET);
                Map<ConfigResource, Collection<AlterConfigOp>> groups = Stream.concat(
                                Stream.of(topics.aggregatorGroup(), topics.producerGroup()),
                                pools.stream().map(topics::workerGroup))
                        .collect(Collectors.toMap(
                                group -> new ConfigResource(ConfigResource.Type.GROUP, group), _ -> List.of(op)));
                yield admin.incrementalAlterConfigs(groups).all();
            }
        };
    }
}

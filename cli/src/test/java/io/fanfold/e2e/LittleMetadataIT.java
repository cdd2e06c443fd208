package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.broker.LocalBroker;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.RandomArrays;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that takes less metadata with a commit than brokers usually do. */
final class LittleMetadataIT {
    private static final ArraySlice ARRAY = new RandomArrays(11).of(DType.parse("|u1"), Shape.of(2000), Order.C);

    @Test
    void aWorkerSaysLessOfWhatIsDoneAndGoesOn(@TempDir Path directory) throws Exception {
        Map<String, String> little = Map.of("offset.metadata.max.bytes", "150");
        try (LocalBroker broker = LocalBroker.start(directory, LocalBroker.freePort(), little)) {
            KafkaSettings kafka = KafkaSettings.at(broker.bootstrapServers());
            try (TopicSetup topics = new TopicSetup(kafka)) {
                topics.create(new TopicLayout(Set.of(Topics.DEFAULT_POOL), 1, 1, 1));
            }
            try (Fleet fleet = Fleet.on(kafka)) {
                // chunks that wait and chunks that do not, in no order: what is done cannot be said in 150 characters
                Called uneven = new Called("uneven@1", (chunk, _) -> Thread.sleep(chunk % 2 == 0 ? 1500 : 0));
                fleet.worker(fleet.settings("worker-1"), Called.registry(uneven));
                fleet.aggregator("aggregator-1", fleet.store("results"));

                JobHandle job = fleet.submit(fleet.function("uneven"), Map.of(), ARRAY, 0, new ChunkSize.Count(2000));

                assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
                assertThat(Raw.read(kafka, kafka.topics().outcomes())).hasSize(2000);
                Jobs.untilDone(fleet, 2000);
                assertThat(Jobs.committed(fleet).values())
                        .allSatisfy(
                                commit -> assertThat(commit.metadata().length()).isBetween(1, 150));
            }
        }
    }
}

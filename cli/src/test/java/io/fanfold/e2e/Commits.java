package io.fanfold.e2e;

import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.lane.Bookmark;
import io.fanfold.worker.lane.BookmarkText;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.apache.kafka.coordinator.group.generated.OffsetCommitKey;
import org.apache.kafka.coordinator.group.generated.OffsetCommitValue;

/** Every commit that the workers of the default pool have made of its chunks, as the broker's own log of them has it. */
final class Commits {
    private final List<Commit> commits = new ArrayList<>();
    private final Map<Long, Place> places = new HashMap<>();

    /** Where a chunk is in the topic of chunks. */
    record Place(int partition, long offset) {}

    /**
     * One commit of one partition.
     *
     * @param millis when the broker took it, since the epoch
     */
    record Commit(int partition, long millis, Bookmark bookmark) {
        private boolean tellsOf(Place place) {
            return partition == place.partition()
                    && (place.offset() < bookmark.offset()
                            || bookmark.done().stream()
                                    .anyMatch(run -> run.from() <= place.offset() && place.offset() < run.to()));
        }
    }

    private Commits() {}

    /** Reads those made so far, and which chunks there are; none may have been purged. */
    static Commits read(Fleet fleet) {
        Topics topics = fleet.kafka().topics();
        Commits all = new Commits();
        String group = topics.workerGroup(Topics.DEFAULT_POOL);
        String topic = topics.chunks(Topics.DEFAULT_POOL);
        Raw.read(fleet.kafka(), "__consumer_offsets").forEach(record -> all.commit(record, group, topic));
        Raw.read(fleet.kafka(), topic)
                .forEach(record -> all.places.put(first(record), new Place(record.partition(), record.offset())));
        return all;
    }

    private void commit(ConsumerRecord<byte[], byte[]> record, String group, String topic) {
        ByteBuffer key = ByteBuffer.wrap(record.key());
        if (record.value() == null || key.getShort() != CoordinatorRecordType.OFFSET_COMMIT.id()) {
            return;
        }
        OffsetCommitKey of = new OffsetCommitKey(new ByteBufferAccessor(key), (short) 0);
        if (of.group().equals(group) && of.topic().equals(topic)) {
            ByteBuffer value = ByteBuffer.wrap(record.value());
            short version = value.getShort();
            OffsetCommitValue said = new OffsetCommitValue(new ByteBufferAccessor(value), version);
            commits.add(new Commit(of.partition(), said.commitTimestamp(), bookmark(said.offset(), said.metadata())));
        }
    }

    /** What a commit of a worker says. */
    static Bookmark bookmark(long offset, String metadata) {
        return BookmarkText.read(offset, metadata, metadata.split("\\.", -1)[1]).orElseThrow();
    }

    /** The first element of a chunk of two int64. */
    private static long first(ConsumerRecord<byte[], byte[]> chunk) {
        ByteBuffer value = ByteBuffer.wrap(chunk.value()).order(ByteOrder.LITTLE_ENDIAN);
        return value.getLong(value.limit() - 2 * Long.BYTES);
    }

    /** Where the chunk with this first element is. */
    Place place(long first) {
        return Objects.requireNonNull(places.get(first));
    }

    /** The commits that tell that a chunk is done. */
    Stream<Commit> of(Place place) {
        return commits.stream().filter(commit -> commit.tellsOf(place));
    }
}

package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Replay;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.intake.LogFollower;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.DeadLetter;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The records that a fleet has set aside: to look at, and to write again. One thread. */
public final class DeadLetters implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final Duration STEP = Duration.ofMillis(100);

    private final TopicPartition letters;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final JobEnds ends;
    private final Replay replay;

    private DeadLetters(KafkaSettings kafka, String clientId) {
        this.letters = new TopicPartition(kafka.topics().deadLetters(), 0);
        this.consumer = new KafkaConsumer<>(kafka.consumer(clientId, ""));
        consumer.assign(List.of(letters));
        this.ends = new JobEnds(kafka, clientId);
        this.replay = new Replay(kafka, clientId);
    }

    /**
     * Connects to a fleet.
     *
     * @throws FanfoldException if no broker answers, or a topic is missing or not as it must be
     */
    public static DeadLetters connect(KafkaSettings kafka, String clientId) {
        String topic = kafka.topics().deadLetters();
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.require(Role.CLIENT, Set.of());
            int partitions = topics.partitions(topic);
            if (partitions != 1) {
                throw new FanfoldException("topic " + topic + " has " + partitions
                        + " partitions, and a letter's id is its offset in one: make the topic again with one");
            }
        }
        return new DeadLetters(kafka, clientId);
    }

    /** Hands over the letters that are there at the call, one by one, in their order. */
    public void each(Consumer<Letter> reader) {
        eachWhile(letter -> {
            reader.accept(letter);
            return true;
        });
    }

    /** As {@link #each}, until the reader wants no more. */
    void eachWhile(Predicate<Letter> reader) {
        long end = Objects.requireNonNull(consumer.endOffsets(List.of(letters)).get(letters));
        consumer.seekToBeginning(List.of(letters));
        while (consumer.position(letters) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(STEP)) {
                boolean enough = record.offset() < end
                        && letter(record).filter(letter -> !reader.test(letter)).isPresent();
                if (enough) {
                    return;
                }
            }
        }
    }

    /**
     * The letter with this id.
     *
     * @throws InvalidRequestException if there is none
     */
    public Letter find(long id) {
        long first = Objects.requireNonNull(
                consumer.beginningOffsets(List.of(letters)).get(letters));
        long end = Objects.requireNonNull(consumer.endOffsets(List.of(letters)).get(letters));
        Optional<Letter> found = id < first || id >= end ? Optional.empty() : at(id);
        return found.orElseThrow(() -> new InvalidRequestException(
                "there is no dead letter " + id + "; fanfold dead-letters list shows those that there are"));
    }

    private Optional<Letter> at(long id) {
        consumer.seek(letters, id);
        ConsumerRecords<byte[], byte[]> records = consumer.poll(STEP);
        while (records.isEmpty() && consumer.position(letters) <= id) {
            records = consumer.poll(STEP);
        }
        return records.isEmpty()
                ? Optional.empty()
                : letter(records.iterator().next()).filter(letter -> letter.id() == id);
    }

    private static Optional<Letter> letter(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(new Letter(record));
        } catch (WireException e) {
            LOG.atWarn()
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record is no dead letter: passed over");
            return Optional.empty();
        }
    }

    /** How a job has ended, if it has. */
    public Optional<JobState.End> end(JobId job) {
        return ends.of(job);
    }

    /**
     * Makes sure that a letter can be written again to any purpose.
     *
     * @throws InvalidRequestException if its record is not here, does not come from a chunks topic of this fleet, or is a chunk of a
     *     job that has ended
     */
    public void requireReplayable(Letter letter) {
        DeadLetter why = letter.why();
        if (!why.whole()) {
            throw new InvalidRequestException(
                    "letter " + letter.id() + " has no value, its record was too large: it lies in "
                            + why.topic() + ", partition " + why.partition() + ", offset " + why.offset()
                            + "; submit its job again with more chunks");
        }
        replay.requireChunksTopic(letter.id(), why);
        Optional<JobId> job = letter.job();
        Optional<JobState.End> end = job.flatMap(ends::of);
        if (end.isPresent()) {
            throw new InvalidRequestException("letter " + letter.id() + ": job " + job.orElseThrow() + " ended "
                    + end.get()
                    + (end.get() == JobState.End.COMPLETED
                            ? ": its result stands; fanfold replay " + job.orElseThrow() + " makes a whole one"
                            : ": submit it again; a letter of it cannot change its result"));
        }
    }

    /**
     * Writes the record of a letter again, where it came from; the letter stays.
     *
     * @throws InvalidRequestException as {@link #requireReplayable}
     */
    public Replay.Written replay(Letter letter) {
        requireReplayable(letter);
        return replay.again(letter.record(), letter.why());
    }

    @Override
    public void close() {
        consumer.close(LogFollower.AT_ONCE);
        ends.close();
        replay.close();
    }
}

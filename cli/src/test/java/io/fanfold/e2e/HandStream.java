package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.store.Publisher;
import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A job of unknown length written to the topics by hand, as any other client may do it: acceptance, chunks and seal, each when the test
 * wants it.
 *
 * @param array what it will turn out to be
 */
record HandStream(JobRecord.Spec spec, ArraySlice array) {
    /** Partitions of chunks that there are at least. */
    private static final int PARTITIONS = 4;

    /** A new job that concatenates and fails fast. */
    static HandStream of(ArraySlice array, int axis, long rowsPerChunk) {
        return of(array, axis, rowsPerChunk, "identity", Fold.CONCAT, new ErrorPolicy.FailFast());
    }

    static HandStream of(
            ArraySlice array, int axis, long rowsPerChunk, String function, Fold fold, ErrorPolicy errors) {
        JobId job = JobId.generate();
        JobHeader header = new JobHeader(
                job,
                new FunctionId(function, "1"),
                Map.of(),
                Strategy.AUTO,
                fold,
                errors,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                axis,
                0);
        JobRecord.Spec spec = new JobRecord.Spec(
                header,
                job.value(),
                "none",
                Topics.DEFAULT_POOL,
                array.dtype(),
                array.shape().with(axis, 0),
                array.order(),
                new Plan.Rows(axis, rowsPerChunk));
        return new HandStream(spec, array);
    }

    /** What is said of it, of one kind. */
    <T extends JobState> List<T> said(KafkaSettings kafka, Class<T> kind) {
        return Raw.read(kafka, kafka.topics().states()).stream()
                .flatMap(record -> Records.state(record).stream())
                .filter(state -> state.job().equals(id()) && kind.isInstance(state))
                .map(kind::cast)
                .toList();
    }

    /** Waits until it is said that so many chunks are done; returns the last word then. */
    JobState.Progress untilDone(KafkaSettings kafka, long chunks) {
        await().atMost(Fleet.LONG)
                .until(() -> said(kafka, JobState.Progress.class).stream().anyMatch(p -> p.done() == chunks));
        return said(kafka, JobState.Progress.class).getLast();
    }

    /** Its end, which is said once. */
    JobState.Terminal end(KafkaSettings kafka) {
        await().atMost(Fleet.LONG)
                .until(() -> !said(kafka, JobState.Terminal.class).isEmpty());
        List<JobState.Terminal> ends = said(kafka, JobState.Terminal.class);
        assertThat(ends).hasSize(1);
        return ends.getFirst();
    }

    /** Its result, which is in this store. */
    byte[] result(KafkaSettings kafka, Path store) throws IOException {
        assertThat(end(kafka)).extracting(JobState.Terminal::end).isEqualTo(JobState.End.COMPLETED);
        return Files.readAllBytes(store.resolve(Publisher.result(id())));
    }

    JobId id() {
        return spec.job();
    }

    private long rows() {
        return array.shape().dim(spec.plan().axis());
    }

    int count() {
        return (int) spec.plan().count(rows());
    }

    void accept(KafkaSettings kafka) {
        Raw.write(kafka, List.of(Records.spec(kafka.topics(), spec)));
    }

    /** Writes chunks {@code from} (inclusive) to {@code to} (exclusive). */
    void chunks(KafkaSettings kafka, int from, int to) {
        Split split = new Split(array, spec.plan());
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int index = from; index < to; index++) {
            records.add(chunk(kafka, index, split.chunk(index)));
        }
        Raw.writeFast(kafka, records);
    }

    /** Writes a chunk with a value of its own. */
    void write(KafkaSettings kafka, long index, byte[] npy) {
        Raw.write(kafka, List.of(chunk(kafka, index, npy)));
    }

    private ProducerRecord<byte[], byte[]> chunk(KafkaSettings kafka, long index, byte[] npy) {
        long start = index * ((Plan.Rows) spec.plan()).rowsPerChunk();
        return Records.chunk(
                kafka.topics().chunks(spec.pool()),
                (int) (index % PARTITIONS),
                id(),
                Records.headerBytes(spec.header()),
                new ChunkHeader(index, start, OptionalLong.empty()),
                npy);
    }

    void seal(KafkaSettings kafka) {
        seal(kafka, count(), rows());
    }

    /** Says something else of it than what is true. */
    void seal(KafkaSettings kafka, long count, long rows) {
        Raw.write(kafka, List.of(Records.seal(kafka.topics(), new JobRecord.Seal(id(), count, rows))));
    }
}

package io.fanfold.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class TinyJobTest {
    private static final int CHUNKS = 20;
    private static final int MAX_VALUE_BYTES = 1_000_000;

    private final TinyJob job = new TinyJob(CHUNKS, MAX_VALUE_BYTES);

    private static ConsumerRecord<byte[], byte[]> read(ProducerRecord<byte[], byte[]> written) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(written.topic(), written.partition(), 0, written.key(), written.value());
        written.headers().forEach(record.headers()::add);
        return record;
    }

    @Test
    void itsRecordsAreChunksThatAWorkerTakes() {
        ConsumerRecord<byte[], byte[]> chunk = read(job.chunk("chunks", 3, 17));

        JobHeader header = Records.jobHeader(Records.rawJobHeader(chunk));
        assertThat(header.function().name()).isEqualTo("identity");
        assertThat(header.strategy()).isEqualTo(Strategy.AUTO);
        assertThat(Records.chunkHeader(chunk).index()).isEqualTo(17);
        ArraySlice array = Npy.decode(MemorySegment.ofArray(chunk.value()), "here");
        assertThat(array.data().byteSize()).isEqualTo(8);
        assertThat(array.data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(17);
    }

    @Test
    void anAnswerIsOfTheChunkThatItsKeyNames() {
        for (int i = 0; i < CHUNKS; i++) {
            assertThat(job.answered(read(job.chunk("outcomes", 0, i)))).isEqualTo(i);
        }
    }

    @Test
    void anAnswerToAnotherJobIsOfAnotherRound() {
        TinyJob other = new TinyJob(CHUNKS, MAX_VALUE_BYTES);

        assertThat(job.answered(read(other.chunk("outcomes", 0, 1)))).isEqualTo(Ends.OF_ANOTHER_ROUND);
    }

    @Test
    void anAnswerThatIsNotTheChunkIsRefused() {
        byte[] key = job.chunk("outcomes", 0, 1).key();
        byte[] another = job.chunk("outcomes", 0, 2).value();
        byte[] failure = "{\"message\":\"it failed\"}".getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> job.answered(new ConsumerRecord<>("outcomes", 0, 0, key, another)))
                .isInstanceOf(FanfoldException.class)
                .hasMessageContaining("chunk 1");
        assertThatThrownBy(() -> job.answered(new ConsumerRecord<>("outcomes", 0, 0, key, failure)))
                .isInstanceOf(FanfoldException.class)
                .hasMessageContaining("it failed");
    }
}

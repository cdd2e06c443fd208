package io.fanfold.bench.micro;

import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Topics;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A chunk's and an outcome's way into a record and out of it, but for their data, which are never copied. */
@State(Scope.Thread)
public class Codec {
    private final NpyHeader npyHeader = new NpyHeader(Sample.FLOAT64, Shape.of(256, 256), Order.C);
    private final byte[] npy = Npy.encode(Sample.array(Sample.numbers(256 * 256), 256, 256));
    private final JobHeader job = Sample.header(1_000_000, 0);
    private final byte[] jobBytes = Records.headerBytes(job);
    private final ChunkHeader chunkHeader = new ChunkHeader(1234, 315_904, OptionalLong.of(3906));
    private final Outcome outcome = new Outcome.Computed(job.job(), 1234, 1, ByteBuffer.wrap(npy));
    private final ConsumerRecord<byte[], ByteBuffer> chunkRead = read(writeChunk());
    private final ConsumerRecord<byte[], ByteBuffer> outcomeRead = read(writeOutcome());

    /** Dtype, shape and order into the bytes in front of an array. */
    @Benchmark
    public byte[] writeNpyHeader() {
        return npyHeader.encode();
    }

    /** And out of them. */
    @Benchmark
    public Npy.Located readNpyHeader() {
        return Npy.readHeader(MemorySegment.ofArray(npy), "bench");
    }

    /** A chunk into a record. */
    @Benchmark
    public final ProducerRecord<byte[], byte[]> writeChunk() {
        return Records.chunk("fanfold.chunks.default", 3, job.job(), jobBytes, chunkHeader, npy);
    }

    /** Its place out of the record, and the bytes of its job's header, which a worker has parsed before. */
    @Benchmark
    public long readChunk() {
        return Records.rawJobHeader(chunkRead).hashCode()
                + Records.chunkHeader(chunkRead).index();
    }

    /** A job's header out of its bytes, once for each job. */
    @Benchmark
    public JobHeader readJobHeader() {
        return Records.jobHeader(ByteBuffer.wrap(jobBytes));
    }

    /** An outcome into a record. */
    @Benchmark
    public final ProducerRecord<byte[], byte[]> writeOutcome() {
        return Records.outcome(Topics.DEFAULT, 0, outcome);
    }

    /** And out of it. */
    @Benchmark
    public Outcome readOutcome() {
        return Records.outcome(outcomeRead);
    }

    private static ConsumerRecord<byte[], ByteBuffer> read(ProducerRecord<byte[], byte[]> written) {
        return new ConsumerRecord<>(
                written.topic(),
                0,
                0,
                0,
                TimestampType.LOG_APPEND_TIME,
                written.key().length,
                written.value().length,
                written.key(),
                ByteBuffer.wrap(written.value()),
                written.headers(),
                Optional.empty());
    }
}

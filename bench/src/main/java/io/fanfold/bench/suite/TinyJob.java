package io.fanfold.bench.suite;

import io.fanfold.producer.dispatch.Acceptance;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.function.FunctionRegistry;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A job of {@code identity} on the numbers 0, 1, 2, ... with one number of 8 bytes in each chunk: its records as a client writes them, and
 * which chunk an answer is of. Immutable.
 */
final class TinyJob {
    private static final DType INT64 = DType.parse("<i8");
    private static final byte[] ZERO =
            Npy.encode(new ArraySlice(INT64, Shape.of(1), Order.C, MemorySegment.ofArray(new byte[Long.BYTES])));

    private final int chunks;
    private final JobId job;
    private final byte[] header;
    /** What the keys of its records and of their answers begin with. */
    private final byte[] prefix;

    /** Makes a job of its own id, which nobody has accepted. */
    TinyJob(int chunks, int maxValueBytes) {
        Acceptance request = new Acceptance(
                Optional.empty(),
                FunctionRegistry.builtIn().latest("identity").orElseThrow(),
                Map.of(),
                Topics.DEFAULT_POOL,
                Strategy.AUTO,
                Fold.CONCAT,
                0,
                new ChunkSize.Count(chunks),
                Limits.NONE);
        JobRecord.Spec spec = request.accept(new NpyHeader(INT64, Shape.of(chunks), Order.C), 1, maxValueBytes);
        this.chunks = chunks;
        this.job = spec.job();
        this.header = Records.headerBytes(spec.header());
        this.prefix = (job + "/").getBytes(StandardCharsets.UTF_8);
    }

    /** One of its chunks. */
    ProducerRecord<byte[], byte[]> chunk(String topic, int partition, int index) {
        byte[] npy = ZERO.clone();
        number(npy).putLong(index);
        return Records.chunk(
                topic, partition, job, header, new ChunkHeader(index, index, OptionalLong.of(chunks)), npy);
    }

    /**
     * The index of the chunk that was answered; {@link Ends#OF_ANOTHER_ROUND} for an answer to another job.
     *
     * @throws FanfoldException if the answer is not the chunk itself
     */
    int answered(ConsumerRecord<byte[], byte[]> answer) {
        byte[] key = answer.key();
        if (key.length <= prefix.length || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
            return Ends.OF_ANOTHER_ROUND;
        }
        int index =
                Integer.parseInt(new String(key, prefix.length, key.length - prefix.length, StandardCharsets.US_ASCII));
        byte[] value = answer.value();
        if (value.length != ZERO.length || number(value).getLong() != index) {
            throw new FanfoldException("the answer to chunk " + index + " of job " + job + " is not the chunk: "
                    + new String(value, StandardCharsets.UTF_8));
        }
        return index;
    }

    private static ByteBuffer number(byte[] npy) {
        return ByteBuffer.wrap(npy, npy.length - Long.BYTES, Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.Child;
import io.fanfold.bench.rig.Lab;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What remains of the path if nothing is promised: this JVM writes pieces of a mapped file to a topic, two processes write what they
 * read to another topic, and this JVM writes what comes back into a file, each piece in its place. The clients have the settings of
 * Fanfold's own, and as many partitions. It counts what comes back and checks nothing.
 */
final class RawPipe implements AutoCloseable {
    private static final String IN = "raw.in";
    private static final String OUT = "raw.out";
    private static final long BUFFER_BYTES = 32L << 20;

    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Path results;

    private RawPipe(KafkaSettings kafka, int partitions, Path results) {
        this.partitions = partitions;
        this.results = results;
        this.producer = new KafkaProducer<>(kafka.producer("raw", BUFFER_BYTES));
        Properties reading = kafka.borrowingConsumer("raw", "");
        reading.put("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer");
        this.consumer = new KafkaConsumer<>(reading);
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(OUT, p))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
    }

    /** Starts the pipe and its two workers. */
    static RawPipe start(Lab lab, BrokerProcess broker, int partitions) throws Exception {
        KafkaSettings kafka = broker.kafka();
        try (Admin admin = Admin.create(kafka.admin("raw"))) {
            admin.createTopics(List.of(IN, OUT).stream()
                            .map(t -> new NewTopic(t, partitions, (short) 1)
                                    .configs(java.util.Map.of(
                                            "max.message.bytes", Integer.toString(kafka.maxMessageBytes()))))
                            .toList())
                    .all()
                    .get();
        }
        Path logs = lab.directory();
        for (int i = 1; i <= 2; i++) {
            lab.opened(
                    Child.start(RawWorker.class, logs.resolve("raw-" + i + ".log"), kafka.bootstrapServers(), IN, OUT));
        }
        return lab.opened(new RawPipe(kafka, partitions, lab.directory()));
    }

    /** Seconds from the mapped file to the file that is whole and synced; it is removed. */
    double seconds(Path file, int chunkBytes) throws IOException {
        long begin = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = Npy.map(file, arena);
            MemorySegment data = array.data();
            int count = Math.toIntExact((data.byteSize() + chunkBytes - 1) / chunkBytes);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(data, chunkBytes, count));
            Path partial = results.resolve("partial");
            Path whole = results.resolve("whole");
            try (FileChannel out = FileChannel.open(partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                read(out, chunkBytes, count, written);
                out.force(true);
            }
            Files.move(partial, whole);
            double seconds = (System.nanoTime() - begin) / 1e9;
            if (Files.size(whole) != data.byteSize()) {
                throw new FanfoldException("the raw pipe lost something");
            }
            Files.delete(whole);
            return seconds;
        }
    }

    private void write(MemorySegment data, int chunkBytes, int count) {
        for (int i = 0; i < count; i++) {
            long from = (long) i * chunkBytes;
            byte[] piece = new byte[(int) Math.min(chunkBytes, data.byteSize() - from)];
            MemorySegment.copy(data, from, MemorySegment.ofArray(piece), 0, piece.length);
            byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
            Future<?> _ = producer.send(new ProducerRecord<>(IN, i % partitions, key, piece));
        }
        producer.flush();
    }

    private void read(FileChannel out, int chunkBytes, int count, CompletableFuture<Void> written) throws IOException {
        for (int have = 0; have < count; ) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                int index = ByteBuffer.wrap(record.key()).getInt();
                ByteBuffer piece = ByteBuffer.wrap(record.value());
                for (long at = (long) index * chunkBytes; piece.hasRemaining(); ) {
                    at += out.write(piece, at);
                }
                have++;
            }
            if (written.isCompletedExceptionally()) {
                written.join();
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }
}

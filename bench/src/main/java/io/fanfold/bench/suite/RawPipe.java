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
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What remains of the path if nothing is promised: this JVM writes pieces of a mapped file to a topic, two processes write what they
 * read to another topic, and this JVM writes what comes back into a file, each piece in its place. The clients have the settings of
 * Fanfold's own, and as many partitions. It counts each piece once and checks nothing else.
 */
final class RawPipe implements AutoCloseable {
    private static final long BUFFER_BYTES = 32L << 20;
    /** Pieces below this are put into a mapped file: for each a call to the system would cost more than the rest. */
    private static final int SMALL_BYTES = 4096;

    private static final int SILENT_POLLS = 60;

    private final int partitions;
    private final String in;
    private final Path logs;
    private final Path results;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private int run;

    private RawPipe(KafkaSettings kafka, int partitions, String in, String out, Path logs, Path results) {
        this.partitions = partitions;
        this.in = in;
        this.logs = logs;
        this.results = results;
        this.producer = new KafkaProducer<>(kafka.producer("raw", BUFFER_BYTES));
        this.consumer = new KafkaConsumer<>(kafka.consumer("raw", ""));
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(p -> new TopicPartition(out, p))
                .toList();
        consumer.assign(all);
        consumer.seekToEnd(all);
        all.forEach(consumer::position);
    }

    /** Starts the pipe and its two workers. */
    static RawPipe start(Lab lab, BrokerProcess broker, int partitions) throws Exception {
        return start(lab, broker, partitions, new Middle("plain", RawWorker.class, List.of()));
    }

    /**
     * What is between the two topics of a pipe, in two processes.
     *
     * @param name of the topics
     * @param main what each process runs; its arguments are the broker, the topic to read, the topic to write, and those below. It
     *     keeps the keys of what it reads
     */
    record Middle(String name, Class<?> main, List<String> arguments) {
        Child start(Path log, KafkaSettings kafka, String in, String out) throws IOException {
            List<String> all = Stream.concat(Stream.of(kafka.bootstrapServers(), in, out), arguments.stream())
                    .toList();
            return Child.start(main, log, all.toArray(String[]::new));
        }
    }

    /** Starts a pipe with something else in the middle. */
    static RawPipe start(Lab lab, BrokerProcess broker, int partitions, Middle middle) throws Exception {
        KafkaSettings kafka = broker.kafka();
        String in = "raw." + middle.name() + ".in";
        String out = "raw." + middle.name() + ".out";
        try (Admin admin = Admin.create(kafka.admin("raw"))) {
            admin.createTopics(List.of(in, out).stream()
                            .map(t -> new NewTopic(t, partitions, (short) 1)
                                    .configs(Map.of("max.message.bytes", Integer.toString(kafka.maxMessageBytes()))))
                            .toList())
                    .all()
                    .get();
        }
        Path logs = lab.directory();
        for (int i = 1; i <= 2; i++) {
            lab.opened(middle.start(logs.resolve(i + ".log"), kafka, in, out));
        }
        return lab.opened(new RawPipe(kafka, partitions, in, out, logs, lab.directory()));
    }

    /** Seconds from the mapped file to the file that is whole and synced; it is removed. */
    double seconds(Path file, int chunkBytes) throws IOException {
        run++;
        long begin = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = Npy.map(file, arena);
            MemorySegment data = array.data();
            int count = Math.toIntExact((data.byteSize() + chunkBytes - 1) / chunkBytes);
            CompletableFuture<Void> written = CompletableFuture.runAsync(() -> write(data, chunkBytes, count));
            Path partial = results.resolve("partial");
            Path whole = results.resolve("whole");
            try (FileChannel out = FileChannel.open(
                    partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                read(places(out, data.byteSize(), chunkBytes, arena), chunkBytes, count, written);
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
            byte[] key = ByteBuffer.allocate(Long.BYTES).putInt(run).putInt(i).array();
            Future<?> _ = producer.send(new ProducerRecord<>(in, i % partitions, key, piece));
        }
        producer.flush();
    }

    /** Where pieces are put. */
    private interface Places {
        void put(byte[] piece, long at) throws IOException;
    }

    private static Places places(FileChannel out, long bytes, int chunkBytes, Arena arena) throws IOException {
        if (chunkBytes < SMALL_BYTES) {
            MemorySegment all = out.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
            return (piece, at) -> MemorySegment.copy(piece, 0, all, ValueLayout.JAVA_BYTE, at, piece.length);
        }
        return (piece, at) -> {
            ByteBuffer left = ByteBuffer.wrap(piece);
            for (long next = at; left.hasRemaining(); ) {
                next += out.write(left, next);
            }
        };
    }

    private void read(Places places, int chunkBytes, int count, CompletableFuture<Void> written) throws IOException {
        BitSet have = new BitSet(count);
        int silent = 0;
        while (have.cardinality() < count) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(1));
            for (ConsumerRecord<byte[], byte[]> record : records) {
                ByteBuffer key = ByteBuffer.wrap(record.key());
                if (key.getInt() == run) { // at least once: a former run's may come late
                    int index = key.getInt();
                    places.put(record.value(), (long) index * chunkBytes);
                    have.set(index);
                }
            }
            if (written.isCompletedExceptionally()) {
                written.join();
            }
            silent = records.isEmpty() ? silent + 1 : 0;
            if (silent == SILENT_POLLS) {
                throw new FanfoldException("nothing came back through " + in + " for " + SILENT_POLLS + " s, after "
                        + have.cardinality() + " of " + count + " pieces; its workers said: " + said());
            }
        }
    }

    private String said() throws IOException {
        return Files.readString(logs.resolve("1.log")) + Files.readString(logs.resolve("2.log"));
    }

    @Override
    public void close() {
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.rig.BrokerProcess;
import io.fanfold.bench.rig.Lab;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * What remains of the path if nothing is promised: this JVM writes pieces of a mapped file to a topic, two processes write what they
 * read to another topic, and this JVM writes what comes back into a file, each piece in its place. The clients have the settings of
 * Fanfold's own, and as many partitions. It counts each piece once and checks nothing else.
 */
final class RawPipe implements AutoCloseable {
    /** Pieces below this are put into a mapped file: for each a call to the system would cost more than the rest. */
    private static final int SMALL_BYTES = 4096;

    private final Between between;
    private final Ends ends;
    private final Path results;
    private int run;

    private RawPipe(Between between, Ends ends, Path results) {
        this.between = between;
        this.ends = ends;
        this.results = results;
        ends.aim(between);
    }

    /** Starts the pipe and its two workers. */
    static RawPipe start(Lab lab, BrokerProcess broker, int partitions) throws Exception {
        return start(lab, broker, partitions, new Middle("plain", RawWorker.class, List.of()));
    }

    /** Starts a pipe with something else in the middle. */
    static RawPipe start(Lab lab, BrokerProcess broker, int partitions, Middle middle) throws Exception {
        Between between = middle.start(lab, broker.kafka(), partitions);
        return lab.opened(new RawPipe(between, new Ends(broker.kafka()), lab.directory()));
    }

    /** Seconds from the mapped file to the file that is whole and synced; it is removed. */
    double seconds(Path file, int chunkBytes) throws IOException {
        run++;
        long begin = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            ArraySlice array = Npy.map(file, arena);
            MemorySegment data = array.data();
            int count = Math.toIntExact((data.byteSize() + chunkBytes - 1) / chunkBytes);
            Path partial = results.resolve("partial");
            Path whole = results.resolve("whole");
            try (FileChannel out = FileChannel.open(
                    partial, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                Places places = places(out, data.byteSize(), chunkBytes, arena);
                ends.carry(
                        between,
                        count,
                        (partition, i) -> piece(data, chunkBytes, partition, i),
                        answer -> put(answer, places, chunkBytes));
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

    private ProducerRecord<byte[], byte[]> piece(MemorySegment data, int chunkBytes, int partition, int index) {
        long from = (long) index * chunkBytes;
        byte[] piece = new byte[(int) Math.min(chunkBytes, data.byteSize() - from)];
        MemorySegment.copy(data, from, MemorySegment.ofArray(piece), 0, piece.length);
        byte[] key = ByteBuffer.allocate(Long.BYTES).putInt(run).putInt(index).array();
        return new ProducerRecord<>(between.in(), partition, key, piece);
    }

    private int put(ConsumerRecord<byte[], byte[]> answer, Places places, int chunkBytes) throws IOException {
        ByteBuffer key = ByteBuffer.wrap(answer.key());
        if (key.getInt() != run) {
            return Ends.OF_ANOTHER_ROUND;
        }
        int index = key.getInt();
        places.put(answer.value(), (long) index * chunkBytes);
        return index;
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

    @Override
    public void close() {
        ends.close();
    }
}

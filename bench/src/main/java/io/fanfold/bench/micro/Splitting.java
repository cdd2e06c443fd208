package io.fanfold.bench.micro;

import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.Plan;
import java.lang.foreign.MemorySegment;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Cutting chunks of 512 KB out of 1024 x 1024 numbers. */
@State(Scope.Thread)
public class Splitting {
    /** Bytes of a chunk. */
    public static final long BYTES = 512 * 1024;

    private static final int SIDE = 1024;
    private static final int CHUNKS = 16;

    private final ArraySlice array = Sample.array(Sample.numbers(SIDE * SIDE), SIDE, SIDE);
    private final Split rows = new Split(array, new Plan.Chunks(0, CHUNKS));
    private final Split columns = new Split(array, new Plan.Chunks(1, CHUNKS));
    private int next;

    /** Whole rows: one block. */
    @Benchmark
    public byte[] alongAxis0() {
        return rows.chunk(next());
    }

    /** Some columns: a block out of each row. */
    @Benchmark
    public byte[] alongAxis1() {
        return columns.chunk(next());
    }

    /** As many bytes into an array, in one copy. */
    @Benchmark
    public byte[] copy() {
        byte[] chunk = new byte[(int) BYTES];
        MemorySegment.copy(array.data(), next() * BYTES, MemorySegment.ofArray(chunk), 0, BYTES);
        return chunk;
    }

    private int next() {
        next = (next + 1) % CHUNKS;
        return next;
    }
}

package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.assemble.Arrival;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.assemble.Verdict;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Results;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.aggregator.store.Whole;
import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is cut and put together again is the same bytes, and what is cut is what {@code np.array_split} cuts. */
final class SplitAndAssembleTest {
    private static final long SEED = 20260101;

    private static final List<Shape> SHAPES = List.of(
            Shape.of(0),
            Shape.of(1),
            Shape.of(4),
            Shape.of(3, 2),
            Shape.of(2, 0),
            Shape.of(2, 3, 2),
            Shape.of(2, 1, 3, 2));

    @TempDir
    private Path directory;

    private static Stream<DType> dtypes() {
        return RandomArrays.dtypes().stream();
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void everyShapeOrderAxisAndNumberOfChunksComesBackByteForByte(DType dtype) throws IOException {
        try (Spools spools = new Spools(directory.resolve("spool"), "test", Moments.NONE);
                Results results = new StoreAddress.Directory(directory).open()) {
            everyCase(spools, new Publisher(spools, results, "test", Optional.empty(), Moments.NONE), dtype);
        }
    }

    private void everyCase(Spools spools, Publisher publisher, DType dtype) throws IOException {
        RandomArrays random = new RandomArrays(SEED);
        for (Shape shape : SHAPES) {
            for (Order order : Order.values()) {
                ArraySlice array = random.of(dtype, shape, order);
                for (int axis = 0; axis < shape.rank(); axis++) {
                    for (int chunks = 1; chunks <= shape.dim(axis) + 3; chunks++) {
                        thereAndBack(spools, publisher, array, new Plan.Chunks(axis, chunks));
                    }
                }
            }
        }
    }

    private void thereAndBack(Spools spools, Publisher publisher, ArraySlice array, Plan.Chunks plan)
            throws IOException {
        Split split = new Split(array, plan);
        assertThat(split.count()).isEqualTo(plan.chunks());
        JobRecord.Spec spec = spec(array, plan);
        Assembly assembly = new Assembly(spec);
        Spool spool = spools.open(spec.job());
        for (long index : shuffled(split.count())) {
            ArraySlice chunk = Npy.decode(MemorySegment.ofArray(split.chunk(index)), "chunk " + index);
            assertThat(chunk.shape()).isEqualTo(array.shape().with(plan.axis(), arraySplitLength(split, index)));
            NpyHeader header = new NpyHeader(chunk.dtype(), chunk.shape(), chunk.order());
            Arrival what =
                    new Arrival(header, chunk.data().byteSize(), chunk.shape().dim(plan.axis()), true);
            Verdict.Place place = (Verdict.Place) assembly.judge(index, what);
            if (!assembly.anything() && assembly.inFront(what, place).isPresent()) {
                spool.begin(assembly.inFront(what, place).orElseThrow().encode());
            }
            spool.write(place.offset(), chunk.data().asByteBuffer());
            assembly.arrive(index, what, place);
        }
        assertThat(assembly.complete()).isTrue();
        publisher.publish(new Whole(spec, assembly, spool, Optional.empty(), 0, 0));
        spool.discard();
        assertThat(Files.readAllBytes(directory.resolve(Publisher.result(spec.job()))))
                .as("%s cut by %s", array, plan)
                .isEqualTo(Npy.encode(array));
    }

    /** NumPy's documentation of array_split: l % n chunks of length l//n + 1, the rest of length l//n. */
    private static long arraySplitLength(Split split, long index) {
        return split.rows() / split.count() + (index < split.rows() % split.count() ? 1 : 0);
    }

    private static List<Long> shuffled(long count) {
        List<Long> order = new ArrayList<>(LongStream.range(0, count).boxed().toList());
        Collections.shuffle(order, new Random(SEED + count));
        return order;
    }

    private static JobRecord.Spec spec(ArraySlice array, Plan plan) {
        JobHeader header = new JobHeader(
                new JobId("same-name-each-time"),
                new FunctionId("identity", "1"),
                Map.of(),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(array.shape().dim(plan.axis())),
                plan.axis(),
                0);
        return new JobRecord.Spec(header, "key", "print", "default", array.dtype(), array.shape(), array.order(), plan);
    }

    @Test
    void numPyCutsTheSameChunks() throws IOException {
        NumPy numPy = NumPy.here();
        RandomArrays random = new RandomArrays(SEED);
        List<String> cases = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            ArraySlice array = random.any();
            int axis = random.below(array.shape().rank());
            int chunks = 1 + random.below((int) array.shape().dim(axis) + 3);
            Files.write(directory.resolve(i + ".npy"), Npy.encode(array));
            Split split = new Split(array, new Plan.Chunks(axis, chunks));
            for (int chunk = 0; chunk < chunks; chunk++) {
                Files.write(directory.resolve(i + "-" + chunk + ".npy"), split.chunk(chunk));
            }
            cases.add(i + " " + axis + " " + chunks);
        }
        Files.write(directory.resolve("cases"), cases);

        assertThat(numPy.run("""
            import os, sys
            import numpy as np
            os.chdir(sys.argv[1])
            for line in open("cases"):
                i, axis, chunks = map(int, line.split())
                expected = np.array_split(np.load(f"{i}.npy"), chunks, axis)
                for c, e in enumerate(expected):
                    a = np.load(f"{i}-{c}.npy")
                    if (a.dtype, a.shape, a.tobytes()) != (e.dtype, e.shape, e.tobytes()):
                        print("differs:", line, c, a.dtype, a.shape, e.dtype, e.shape)
            """, directory.toString())).as("seed " + SEED).isEmpty();
    }
}

package io.fanfold.bench.micro;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Strategy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/** Arrays and jobs of one kind: float64, in C order. */
final class Sample {
    static final DType FLOAT64 = DType.parse("<f8");
    private static final ValueLayout.OfDouble LITTLE_ENDIAN =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Sample() {}

    /** Random numbers in [0, 1). */
    static double[] numbers(int count) {
        return new Random(count).doubles(count).toArray();
    }

    /** An array of these numbers, in memory of its own. */
    static ArraySlice array(double[] numbers, long... dims) {
        MemorySegment data = MemorySegment.ofArray(new byte[8 * numbers.length]);
        MemorySegment.copy(numbers, 0, data, LITTLE_ENDIAN, 0, numbers.length);
        return new ArraySlice(FLOAT64, Shape.of(dims), Order.C, data);
    }

    /** A job as people make them. */
    static JobHeader header(long rows, int axis) {
        return new JobHeader(
                new JobId("jQ2J7sT1mXw9bKc4d"),
                new FunctionId("scale", "1"),
                Map.of("factor", 2.5),
                Strategy.AUTO,
                Fold.CONCAT,
                new ErrorPolicy.FailFast(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.of(rows),
                axis,
                0);
    }

    /** The same job with its plan: so many rows of 8 bytes, a chunk each. */
    static JobRecord.Spec spec(int rows) {
        return new JobRecord.Spec(
                header(rows, 0), "key", "print", "default", FLOAT64, Shape.of(rows), Order.C, new Plan.Chunks(0, rows));
    }

    /** The numbers from 0 to before {@code count}, each once, in an order of their own. */
    static int[] shuffled(int count) {
        List<Integer> all = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        Collections.shuffle(all, new Random(count));
        return all.stream().mapToInt(i -> i).toArray();
    }
}

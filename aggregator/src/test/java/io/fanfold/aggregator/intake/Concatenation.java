package io.fanfold.aggregator.intake;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** What {@code np.concatenate} would make of a job's answers, element by element. */
final class Concatenation {
    private Concatenation() {}

    /** The whole {@code .npy} file: with zeros for holes, or, where not all chunks kept their rows, without them. */
    static byte[] of(RandomJob job, BitSet holes) {
        int axis = job.spec.plan().axis();
        long rows = job.spec.header().rows().orElseThrow();
        boolean ragged = false;
        List<ArraySlice> left = new ArrayList<>();
        List<ArraySlice> whole = new ArrayList<>();
        for (int chunk = 0; chunk < job.count(); chunk++) {
            ArraySlice answer = job.answers.get(chunk);
            long length = job.spec.plan().range(chunk, rows).length();
            if (holes.get(chunk)) {
                Shape shape = answer.shape().with(axis, length);
                byte[] zeros = new byte[(int) answer.dtype().bytes(shape)];
                whole.add(new ArraySlice(answer.dtype(), shape, Order.C, MemorySegment.ofArray(zeros)));
            } else {
                ragged |= answer.shape().dim(axis) != length;
                left.add(answer);
                whole.add(answer);
            }
        }
        return Npy.encode(joined(ragged ? left : whole, axis, job.spec.order()));
    }

    static ArraySlice joined(List<ArraySlice> parts, int axis, Order order) {
        DType dtype = parts.getFirst().dtype();
        long rows = parts.stream().mapToLong(p -> p.shape().dim(axis)).sum();
        Shape shape = parts.getFirst().shape().with(axis, rows);
        ArraySlice whole =
                new ArraySlice(dtype, shape, order, MemorySegment.ofArray(new byte[(int) dtype.bytes(shape)]));
        long start = 0;
        for (ArraySlice part : parts) {
            for (long element = 0; element < part.shape().size(); element++) {
                long[] at = index(part.shape(), element);
                long from = offset(part, at);
                at[axis] += start;
                MemorySegment.copy(part.data(), from, whole.data(), offset(whole, at), dtype.itemSize());
            }
            start += part.shape().dim(axis);
        }
        return whole;
    }

    /** Where the element is that is the so-manieth in C order. */
    static long[] index(Shape shape, long element) {
        long[] at = new long[shape.rank()];
        long left = element;
        for (int axis = shape.rank() - 1; axis >= 0; axis--) {
            at[axis] = left % shape.dim(axis);
            left /= shape.dim(axis);
        }
        return at;
    }

    /** The bytes before an element. */
    static long offset(ArraySlice array, long[] at) {
        long offset = 0;
        for (int i = 0; i < at.length; i++) {
            int axis = array.order() == Order.C ? i : at.length - 1 - i;
            offset = offset * array.shape().dim(axis) + at[axis];
        }
        return offset * array.dtype().itemSize();
    }
}

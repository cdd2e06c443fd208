package io.fanfold.protocol.fold;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Shape;
import java.lang.foreign.MemorySegment;

/** New memory for parts and results. */
final class Memory {
    private Memory() {}

    /** @throws FoldException where it is more than a Java array holds */
    static MemorySegment of(DType dtype, Shape shape) {
        long bytes = dtype.bytes(shape);
        if (bytes > Integer.MAX_VALUE - 8) {
            throw new FoldException("a part of " + dtype.name() + " " + shape + " takes " + bytes
                    + " bytes, more than the 2 GiB that one may have: split along a longer axis");
        }
        return MemorySegment.ofArray(new byte[(int) bytes]);
    }
}

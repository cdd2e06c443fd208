package io.fanfold.worker.function;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.FunctionId;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;

/** Built-in functions called as a worker calls them, and the arrays to call them with. */
final class Functions {
    private Functions() {}

    static ChunkFunction function(String name) {
        return (ChunkFunction)
                FunctionRegistry.builtIn().find(new FunctionId(name, "1")).orElseThrow();
    }

    static ArraySlice apply(String name, Map<String, Object> parameters, ArraySlice chunk) throws Exception {
        ChunkFunction function = function(name);
        return function.apply(chunk, function.description().resolve(parameters));
    }

    static ArraySlice doubles(double... values) {
        MemorySegment memory = MemorySegment.ofArray(new byte[values.length * Double.BYTES]);
        MemorySegment.copy(values, 0, memory, ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, values.length);
        return array("<f8", memory);
    }

    static double[] doubles(ArraySlice array) {
        return array.data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
    }

    /** A one-dimensional array over so many bytes. */
    static ArraySlice array(String descr, MemorySegment memory) {
        DType dtype = DType.parse(descr);
        return new ArraySlice(dtype, Shape.of(memory.byteSize() / dtype.itemSize()), Order.C, memory);
    }

    static ArraySlice bytes(String descr, int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return array(descr, MemorySegment.ofArray(bytes));
    }
}

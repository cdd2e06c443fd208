package io.fanfold.worker.strategy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A chunk's computation in the thread it is called in: from {@code .npy} bytes to {@code .npy} bytes. */
final class Computation {
    private Computation() {}

    /**
     * Applies the function; a stage is awaited.
     *
     * @param where names the chunk in errors
     */
    static byte[] run(FanfoldFunction function, Map<String, Object> parameters, byte[] npy, String where)
            throws Exception {
        ArraySlice chunk = Npy.decode(MemorySegment.ofArray(npy), where);
        return Npy.encode(
                switch (function) {
                    case ChunkFunction f -> f.apply(chunk, parameters);
                    case AsyncFunction f -> await(f.apply(chunk, parameters).toCompletableFuture());
                    case ChildFunction f ->
                        throw new IllegalArgumentException(f.description().id() + " runs in child processes only");
                });
    }

    private static ArraySlice await(CompletableFuture<ArraySlice> stage) throws Exception {
        try {
            return stage.get();
        } catch (InterruptedException e) {
            stage.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Exception cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    /** What a function threw, as the wire and people see it. */
    static Ending.Raised raised(Throwable e) {
        boolean lasting = e instanceof IllegalArgumentException
                || e instanceof ArrayFormatException
                || e instanceof WireException;
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return new Ending.Raised(e.getClass().getName(), message, trace.toString(), lasting);
    }
}

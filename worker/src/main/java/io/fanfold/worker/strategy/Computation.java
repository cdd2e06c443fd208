package io.fanfold.worker.strategy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.NonRetriableException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One chunk computed in this JVM: bytes in, bytes out, and what an exception means. Any thread; it blocks until it is done. */
public final class Computation {
    private static final int LONGEST_MESSAGE = 1000;
    private static final int LONGEST_TRACE = 8000;

    private Computation() {}

    /**
     * Runs a function on a chunk, and waits for the answer if it comes later.
     *
     * @param npy the chunk as {@code .npy} bytes, never written to
     * @param where names the chunk in errors
     * @return the answer as {@code .npy} bytes
     * @throws InterruptedException where this thread is interrupted; an answer that was still to come is cancelled
     * @throws Exception whatever the function threw, without the wrappers of a stage; see {@link #raised}
     */
    public static byte[] run(FanfoldFunction function, Map<String, Object> parameters, byte[] npy, String where)
            throws Exception {
        ArraySlice chunk = Npy.decode(MemorySegment.ofArray(npy), where);
        @Nullable
        ArraySlice answer = switch (function) {
            case ChunkFunction f -> f.apply(chunk, parameters);
            case AsyncFunction f -> await(f, chunk, parameters);
            case ChildFunction f ->
                throw new IllegalArgumentException(
                        f.description().id() + " runs in processes of its own, not in a JVM");
        };
        if (answer == null) {
            throw new IllegalArgumentException(function.description().id() + " answered null, not an array");
        }
        return Npy.encode(answer);
    }

    private static ArraySlice await(AsyncFunction function, ArraySlice chunk, Map<String, Object> parameters)
            throws Exception {
        CompletableFuture<ArraySlice> answer = function.apply(chunk, parameters).toCompletableFuture();
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            throw unwrapped(e);
        }
    }

    private static Exception unwrapped(Throwable e) {
        Throwable cause = e;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof Exception exception ? exception : new ExecutionException(cause);
    }

    /**
     * What an exception of a function says of its chunk. It lasts, so that no other attempt is made, if it is a
     * {@link NonRetriableException} or says that arguments, operation or types are wrong.
     *
     * @throws VirtualMachineError if it is one, other than {@link StackOverflowError}: then this JVM is not to be trusted
     */
    public static Ending.Raised raised(Throwable e) {
        if (e instanceof VirtualMachineError error && !(e instanceof StackOverflowError)) {
            throw error;
        }
        String message = e.getMessage() == null ? "" : e.getMessage();
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        return raised(e.getClass().getName(), message, trace.toString(), lasting(e));
    }

    /** An error cut to what can travel and be shown: a message of one line, a trace of a few kilobytes. */
    public static Ending.Raised raised(String error, String message, String trace, boolean lasting) {
        String line = message.strip().replaceAll("\\R\\s*", " ").replaceAll("\\p{Cntrl}", "\uFFFD");
        return new Ending.Raised(
                shorten(error, 200), shorten(line, LONGEST_MESSAGE), shorten(trace, LONGEST_TRACE), lasting);
    }

    private static boolean lasting(Throwable e) {
        return e instanceof IllegalArgumentException
                || e instanceof ArrayFormatException
                || e instanceof WireException
                || e instanceof UnsupportedOperationException
                || e instanceof ClassCastException
                || e instanceof NonRetriableException;
    }

    private static String shorten(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
    }
}

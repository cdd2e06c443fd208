package io.fanfold.worker.lane;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.function.AsyncFunction;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A function whose calls wait until the test ends them. */
final class Pending implements AsyncFunction {
    /** A call that waits. */
    record Waiting(ArraySlice chunk, CompletableFuture<ArraySlice> answer) {
        /** It answers with its chunk. */
        void end() {
            answer.complete(chunk);
        }
    }

    private final BlockingQueue<Waiting> started = new LinkedBlockingQueue<>();

    @Override
    public FunctionDescription description() {
        return new FunctionDescription(
                new FunctionId("pending", "1"),
                "for tests",
                "same",
                Map.of(FunctionDescription.ANY, FunctionDescription.SAME),
                List.of(),
                EnumSet.allOf(Strategy.class));
    }

    @Override
    public CompletionStage<ArraySlice> apply(ArraySlice chunk, Map<String, Object> parameters) {
        CompletableFuture<ArraySlice> answer = new CompletableFuture<>();
        started.add(new Waiting(chunk, answer));
        return answer;
    }

    /** The next call that has started; waits for it. */
    Waiting next() throws InterruptedException {
        Waiting call = started.poll(10, TimeUnit.SECONDS);
        if (call == null) {
            throw new AssertionError("no call has started");
        }
        return call;
    }
}

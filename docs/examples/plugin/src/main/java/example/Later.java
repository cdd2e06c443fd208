package example;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.function.AsyncFunction;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The chunk, unchanged, a while later: where a timer is started here, a real function calls an asynchronous client, such
 * as {@code HttpClient.sendAsync}. No thread is held while it waits.
 */
public final class Later implements AsyncFunction {
    private static final Parameter MS =
            Parameter.required("ms", Parameter.Type.INTEGER, "milliseconds until the answer").atLeast(0);
    private static final FunctionDescription DESCRIPTION =
            FunctionDescription.of("later@1", "x, unchanged, a while later")
                    .withParameters(MS)
                    .withStrategies(Strategy.ASYNC);

    @Override
    public FunctionDescription description() {
        return DESCRIPTION;
    }

    @Override
    public CompletionStage<ArraySlice> apply(ArraySlice chunk, Map<String, Object> parameters) {
        long ms = MS.whole(parameters);
        return new CompletableFuture<ArraySlice>().completeOnTimeout(chunk, ms, TimeUnit.MILLISECONDS);
    }
}

package io.fanfold.worker.strategy;

import io.fanfold.protocol.wire.Strategy;

/**
 * How a call is to be run.
 *
 * @param strategy never {@link Strategy#AUTO}
 * @param sample whether the call is run to learn from it: of {@code threads}, as any other; of {@code async}, by {@link
 *     AsyncExecution#startMeasured}
 */
public record Choice(Strategy strategy, boolean sample) {
    public Choice {
        if (strategy == Strategy.AUTO) {
            throw new IllegalArgumentException("auto is a question, not a choice: ask Auto");
        }
    }
}

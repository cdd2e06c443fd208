package io.fanfold.worker.lane;

import io.fanfold.protocol.wire.Strategy;
import io.fanfold.worker.strategy.AsyncExecution;
import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Choice;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import io.fanfold.worker.strategy.ThreadsExecution;
import java.util.function.Consumer;

/**
 * The ways in which one lane can run a chunk: its own pools, and its share of the worker's child processes.
 *
 * @param together runs suspects beside each other in a process that may die of them
 */
record Executions(ThreadsExecution threads, AsyncExecution async, Execution processes, Execution together) {
    /** Whether one more can be started as chosen. */
    boolean free(Choice choice) {
        return switch (choice.strategy()) {
            case THREADS -> threads.free() > 0;
            case PROCESSES -> processes.free() > 0;
            case ASYNC, AUTO -> async.free() > 0;
        };
    }

    /** Whether one can be started beside those for which the pool is made; a thread costs little, a child process does not. */
    boolean oneMore(Choice choice) {
        return choice.strategy() == Strategy.THREADS && threads.over() < 1;
    }

    Execution.Running start(Choice choice, Call call, Consumer<Ending> ended) {
        return switch (choice.strategy()) {
            case THREADS -> threads.start(call, ended);
            case PROCESSES -> processes.start(call, ended);
            case ASYNC, AUTO -> choice.sample() ? async.startMeasured(call, ended) : async.start(call, ended);
        };
    }

    void resize(int threadsEach, int processesEach) {
        threads.resize(threadsEach);
        processes.resize(processesEach);
    }

    void close() {
        threads.close();
        async.close();
        processes.close();
        together.close();
    }
}

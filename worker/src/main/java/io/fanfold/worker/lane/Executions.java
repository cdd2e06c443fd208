package io.fanfold.worker.lane;

import io.fanfold.worker.strategy.Choice;
import io.fanfold.worker.strategy.Execution;

/**
 * The ways in which one lane can run a chunk: its own pools, and its share of the worker's child processes.
 *
 * @param samples runs a chunk of waiting work on a thread of its own that can be measured
 * @param together runs suspects beside each other in a process that may die of them
 */
record Executions(Execution threads, Execution async, Execution samples, Execution processes, Execution together) {
    Execution of(Choice choice) {
        return switch (choice.strategy()) {
            case THREADS -> threads;
            case PROCESSES -> processes;
            case ASYNC, AUTO -> choice.sample() ? samples : async;
        };
    }

    void resize(int threadsEach, int processesEach) {
        threads.resize(threadsEach);
        processes.resize(processesEach);
    }

    void close() {
        threads.close();
        async.close();
        samples.close();
        processes.close();
        together.close();
    }
}

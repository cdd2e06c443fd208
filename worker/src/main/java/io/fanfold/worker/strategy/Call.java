package io.fanfold.worker.strategy;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.worker.function.FanfoldFunction;
import java.time.Duration;
import java.util.Map;

/** One attempt at one chunk. */
public final class Call {
    private final JobId job;
    private final long index;
    private final FanfoldFunction function;
    private final Map<String, Object> parameters;
    private final byte[] npy;
    private final Duration timeout;

    /**
     * @param index the chunk's index
     * @param npy the chunk's rows as {@code .npy} bytes; not copied, never written to
     * @param timeout how long it may run; zero: as long as it likes
     */
    public Call(
            JobId job,
            long index,
            FanfoldFunction function,
            Map<String, Object> parameters,
            byte[] npy,
            Duration timeout) {
        this.job = job;
        this.index = index;
        this.function = function;
        this.parameters = parameters;
        this.npy = npy;
        this.timeout = timeout;
    }

    public JobId job() {
        return job;
    }

    public long index() {
        return index;
    }

    public FanfoldFunction function() {
        return function;
    }

    public Map<String, Object> parameters() {
        return parameters;
    }

    public byte[] npy() {
        return npy;
    }

    public Duration timeout() {
        return timeout;
    }

    /** Names the chunk in errors and logs. */
    public String where() {
        return "chunk " + index + " of job " + job;
    }
}

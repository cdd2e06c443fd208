package io.fanfold.worker.strategy;

import java.time.Duration;
import java.util.OptionalLong;

/** How one attempt at a chunk ended. */
public sealed interface Ending {
    /** What something thrown means: an error that is raised, or, of the JVM itself, a fatal one. */
    static Ending thrown(Throwable e) {
        return Thrown.ending(e);
    }

    /** The function answered. */
    final class Answered implements Ending {
        private final byte[] npy;
        private final long wallNanos;
        private final OptionalLong cpuNanos;
        private final OptionalLong foldedRows;

        /**
         * @param npy the answer as {@code .npy} bytes, checked to be readable; not copied
         * @param cpuNanos CPU time of the function, where it could be measured
         */
        public Answered(byte[] npy, long wallNanos, OptionalLong cpuNanos) {
            this(npy, wallNanos, cpuNanos, OptionalLong.empty());
        }

        private Answered(byte[] npy, long wallNanos, OptionalLong cpuNanos, OptionalLong foldedRows) {
            this.npy = npy;
            this.wallNanos = wallNanos;
            this.cpuNanos = cpuNanos;
            this.foldedRows = foldedRows;
        }

        /**
         * This, with the part that a fold has made of the answer in its place.
         *
         * @param part as {@code .npy} bytes; not copied
         * @param rows how many rows along the split axis the answer had
         */
        public Answered folded(byte[] part, long rows) {
            return new Answered(part, wallNanos, cpuNanos, OptionalLong.of(rows));
        }

        public byte[] npy() {
            return npy;
        }

        /** How many rows {@link #npy} is the part of; empty: it is the answer itself. */
        public OptionalLong foldedRows() {
            return foldedRows;
        }

        public long wallNanos() {
            return wallNanos;
        }

        public OptionalLong cpuNanos() {
            return cpuNanos;
        }
    }

    /**
     * The function raised an error.
     *
     * @param error the exception's type as its own language names it
     * @param message one line or more for a person
     * @param trace where it happened, for the log; may be empty
     * @param lasting whether the same chunk would fail the same way again, so that another attempt is of no use
     */
    record Raised(String error, String message, String trace, boolean lasting) implements Ending {}

    /** It ran longer than it may. What ran is interrupted, abandoned or killed. */
    record TimedOut(Duration after) implements Ending {}

    /**
     * The process that ran it died.
     *
     * @param how for a person: the exit code or signal, and its last words
     * @param alone whether nothing else ran in that process, so that this chunk must have been the cause
     */
    record Crashed(String how, boolean alone) implements Ending {}

    /** It was stopped by {@link Execution.Running#stop}: not a failure, nothing is sent. */
    record Stopped() implements Ending {}

    /** This JVM is not to be trusted any more, as after {@link OutOfMemoryError}: the worker must end. */
    record Fatal(Error error) implements Ending {}
}

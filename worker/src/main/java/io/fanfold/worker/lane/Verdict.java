package io.fanfold.worker.lane;

import io.fanfold.worker.lane.Chunk.Suspicion;
import io.fanfold.worker.strategy.Ending;
import java.time.Duration;

/** What becomes of a chunk after one attempt. Pure. */
sealed interface Verdict {
    /** The error of a chunk that killed the processes that ran it. */
    String CRASHED = "Crashed";

    /** It is computed. */
    record Computed(Ending.Answered answer) implements Verdict {}

    /** It is tried again after a wait. */
    record Again(Tries so, Suspicion suspicion, Duration after) implements Verdict {}

    /** It fails for good. */
    record Failed(Tries so, String error, String message) implements Verdict {}

    /** It was stopped: nothing is said of it. */
    record Stopped() implements Verdict {}

    /** The worker must end. */
    record Broken(Error error) implements Verdict {}

    /**
     * What an ending means for its chunk.
     *
     * @param so how often the chunk was tried before this attempt
     * @param maxValueBytes the largest outcome that can be sent
     * @param jitter 0 to 1, random
     */
    static Verdict of(
            Ending ending, Tries so, Suspicion suspicion, RetryPolicy policy, int maxValueBytes, double jitter) {
        return switch (ending) {
            case Ending.Answered answer
            when answer.npy().length > maxValueBytes ->
                new Failed(so.attempted(), "TooLarge", tooLarge(answer.npy().length, maxValueBytes));
            case Ending.Answered answer -> new Computed(answer);
            case Ending.Raised r ->
                tried(so, suspicion, policy, r.lasting() || policy.lasts(r.error()), r.error(), r.message(), jitter);
            case Ending.TimedOut late -> {
                String message = "it ran longer than its " + late.after().toMillis() / 1000.0
                        + " s; give it more time (--chunk-timeout) or smaller chunks (--chunks)";
                yield tried(so, suspicion, policy, false, "TimedOut", message, jitter);
            }
            case Ending.Crashed crash when !crash.alone() -> new Again(so, Suspicion.ALONE, Duration.ZERO);
            case Ending.Crashed crash -> crashed(so.crashed(), suspicion, policy, crash.how(), jitter);
            case Ending.Stopped _ -> new Stopped();
            case Ending.Fatal fatal -> new Broken(fatal.error());
        };
    }

    private static Verdict tried(
            Tries before,
            Suspicion suspicion,
            RetryPolicy policy,
            boolean lasting,
            String error,
            String message,
            double jitter) {
        Tries so = before.attempted();
        return lasting || so.attempts() >= policy.maxAttempts()
                ? new Failed(so, error, message)
                : new Again(so, suspicion, policy.backOff(so.attempts(), jitter));
    }

    private static Verdict crashed(Tries so, Suspicion suspicion, RetryPolicy policy, String how, double jitter) {
        Suspicion then = suspicion == Suspicion.NONE ? Suspicion.NONE : Suspicion.ALONE;
        return so.crashes() >= policy.maxCrashes()
                ? new Failed(so, CRASHED, "it killed the process that ran it " + times(so.crashes()) + ": " + how)
                : new Again(so, then, policy.backOff(so.crashes(), jitter));
    }

    private static String times(int crashes) {
        return crashes == 1 ? "once" : crashes + " times, the last time";
    }

    private static String tooLarge(int bytes, int maxValueBytes) {
        return "the outcome has " + bytes + " bytes, a record holds " + maxValueBytes
                + ": make more chunks (--chunks), or raise the limit (--max-message-bytes) of topics and roles";
    }
}

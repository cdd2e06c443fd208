package io.fanfold.worker.strategy;

import io.fanfold.protocol.wire.FunctionProfile;
import io.fanfold.protocol.wire.Strategy;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a worker knows of one function, and which of its calls are samples. Any thread. */
final class Knowledge {
    private static final int CALLS_PER_SAMPLE = 64;
    static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private Profile profile;
    private Cost cost;
    private int callsSinceSample;
    private int samplesRunning;
    private Optional<Long> toldAt = Optional.empty();
    private boolean untold;
    private boolean reminding;
    private volatile int limit = Gradient.UNLIMITED;

    /** @param known what had been learned before, if anything */
    Knowledge(Optional<FunctionProfile> known) {
        this.profile = known.map(Profile::of).orElse(Profile.NONE);
        this.cost = known.map(FunctionProfile::nanosPerByte).map(Cost::of).orElse(Cost.UNKNOWN);
    }

    synchronized Profile profile() {
        return profile;
    }

    /** The last limit of a job of this function. */
    int limit() {
        return limit;
    }

    void limit(int limit) {
        this.limit = limit;
    }

    /** How the next call runs, in a thread or waiting; {@code allowed} has at least one of the two. */
    synchronized Choice choose(Set<Strategy> allowed) {
        if (!allowed.contains(Strategy.ASYNC)) {
            return new Choice(Strategy.THREADS, false);
        }
        if (!allowed.contains(Strategy.THREADS)) {
            return new Choice(Strategy.ASYNC, false);
        }
        return switch (profile.nature()) {
            case UNKNOWN -> new Choice(Strategy.THREADS, true);
            case COMPUTES -> new Choice(Strategy.THREADS, false);
            case WAITS -> new Choice(Strategy.ASYNC, samplesRunning == 0 && callsSinceSample >= CALLS_PER_SAMPLE - 1);
        };
    }

    synchronized void started(Choice choice) {
        if (choice.strategy() == Strategy.ASYNC) {
            callsSinceSample = choice.sample() ? 0 : callsSinceSample + 1;
            samplesRunning += choice.sample() ? 1 : 0;
        }
    }

    synchronized void ended(Choice choice) {
        if (choice.strategy() == Strategy.ASYNC && choice.sample()) {
            samplesRunning--;
        }
    }

    /** Learns; whether that changes how the function is run. */
    synchronized boolean learn(UnaryOperator<Profile> lesson) {
        Profile.Nature before = profile.nature();
        profile = lesson.apply(profile);
        untold = true;
        return profile.nature() != before;
    }

    /** Learns what a call took, from its start to its end. */
    synchronized void timed(long bytes, long wallNanos) {
        cost = cost.with(bytes, wallNanos);
    }

    /** What others should be told now, if anything: at first, when it has changed, and else now and then. */
    synchronized Optional<FunctionProfile> news(boolean changed, long nowNanos) {
        boolean due = toldAt.isEmpty() || changed || nowNanos - toldAt.get() >= TELL_AGAIN.toNanos();
        if (!due || profile.samples() == 0 || profile.nature() == Profile.Nature.UNKNOWN) {
            return Optional.empty();
        }
        toldAt = Optional.of(nowNanos);
        untold = false;
        return Optional.of(profile.wire(cost.nanosPerByte()));
    }

    /** Whether to ask for {@link #rest} after {@link #TELL_AGAIN}: said once until then. */
    synchronized boolean remind() {
        boolean first = untold && !reminding;
        reminding = reminding || first;
        return first;
    }

    /** What has been learned and not told since. */
    synchronized Optional<FunctionProfile> rest(long nowNanos) {
        reminding = false;
        return untold ? news(true, nowNanos) : Optional.empty();
    }
}

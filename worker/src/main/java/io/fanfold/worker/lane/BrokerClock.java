package io.fanfold.worker.lane;

import java.util.OptionalLong;

/**
 * What is known of the broker's time, so that a deadline can be counted from a record's broker timestamp ({@code LogAppendTime})
 * though clocks do not agree. It has no clock of its own: local times come from any clock of the caller that only goes forward,
 * in milliseconds, such as {@link System#nanoTime}. Any thread.
 *
 * <p>A record with a broker timestamp that is here now proves that it is that late at the broker, or later. Of all such proofs the
 * largest lead over the local clock counts. It is always a little behind the truth, so a deadline is never past without evidence.
 * Proofs are forgotten a window at a time, when newer ones have filled the next: a broker whose clock was set back is followed
 * after two windows.
 */
public final class BrokerClock {
    /** Milliseconds of local time. */
    static final long WINDOW_MS = 300_000;

    private static final long NOTHING = Long.MIN_VALUE;

    private long windowBegan;
    private long lead = NOTHING;
    private long leadBefore = NOTHING;

    /**
     * A record is seen, or a sent one acknowledged.
     *
     * @param brokerTimestampMs its {@code LogAppendTime}; a negative one, which stands for none, is no evidence
     * @param localMs now
     */
    public synchronized void observe(long brokerTimestampMs, long localMs) {
        if (brokerTimestampMs < 0) {
            return;
        }
        if (lead == NOTHING) {
            windowBegan = localMs;
        } else if (localMs - windowBegan >= WINDOW_MS) {
            windowBegan = localMs;
            leadBefore = lead;
            lead = NOTHING;
        }
        lead = Math.max(lead, brokerTimestampMs - localMs);
    }

    /** The broker's time at {@code localMs}, or earlier; empty without evidence. */
    public synchronized OptionalLong now(long localMs) {
        return lead == NOTHING ? OptionalLong.empty() : OptionalLong.of(localMs + Math.max(lead, leadBefore));
    }

    /**
     * Whether a record's time to live is over.
     *
     * @param appendedMs its {@code LogAppendTime}; a negative one stands for none: then it is never over
     * @param timeToLiveMs how long it is worth anything, at least 0
     * @param localMs now
     */
    public boolean past(long appendedMs, long timeToLiveMs, long localMs) {
        OptionalLong now = now(localMs);
        return appendedMs >= 0 && now.isPresent() && now.getAsLong() - appendedMs > timeToLiveMs;
    }
}

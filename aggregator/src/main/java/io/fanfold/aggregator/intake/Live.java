package io.fanfold.aggregator.intake;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A job that this aggregator is putting together, and what is going on with it. One thread. */
final class Live {
    /** With its length, once it is known that the job is sealed. */
    JobRecord.Spec spec;

    final int partition;
    final long firstOffset;
    final Pace pace;
    /** Not there while a revision's beginnings are being copied. */
    @Nullable
    Growing growing;
    /** Whether it is whole and handed over to be published; outcomes mean nothing any more. */
    boolean publishing;
    /** Whether another has taken it over, or it has ended: what still runs in the background is for nothing. */
    boolean abandoned;
    /** Bytes spooled since its last checkpoint was begun. */
    long dirtyBytes;
    /** The offset up to which its last checkpoint goes; -1: it has none. */
    long checkpointed = -1;

    boolean checkpointing;
    private @Nullable String waiting;

    Live(JobRecord.Spec spec, long firstOffset, Pace pace) {
        this.spec = spec;
        this.partition = spec.header().outcomesPartition();
        this.firstOffset = firstOffset;
        this.pace = pace;
    }

    JobId id() {
        return spec.job();
    }

    /** Whether it is known how long it is. */
    boolean sealed() {
        return spec.header().rows().isPresent();
    }

    Optional<String> waiting() {
        return Optional.ofNullable(waiting);
    }

    void waitsFor(String what) {
        waiting = what;
    }

    void goesOn() {
        waiting = null;
    }

    /** The first offset that must be read again if this process dies. */
    long readAgainFrom() {
        return checkpointed < 0 ? firstOffset : checkpointed;
    }
}

package io.fanfold.bench.micro;

import io.fanfold.worker.lane.Bookmark;
import io.fanfold.worker.lane.BookmarkText;
import io.fanfold.worker.lane.Ledger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A lane's ledger whose chunks finish in any order. */
@State(Scope.Thread)
public class Ledgers {
    /** How many chunks a lane has at once. */
    private static final int CHUNKS = 1000;

    private static final String TOPIC = "Yk9UZxQ3SmKJm0Zr1cXw2Q";
    private static final int METADATA_BYTES = 4096;

    private final int[] order = Sample.shuffled(CHUNKS);
    private final Ledger half = taken();

    public Ledgers() {
        for (int i = 0; i < CHUNKS / 2; i++) {
            half.done(order[i]);
        }
    }

    private static Ledger taken() {
        Ledger ledger = new Ledger(Bookmark.at(0), 0);
        ledger.moveHorizon(CHUNKS);
        for (int offset = 0; offset < CHUNKS; offset++) {
            ledger.take(offset);
            ledger.start(offset);
        }
        return ledger;
    }

    /** Each chunk taken in, started, and done; what could be committed after it. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public long takeStartDone() {
        Ledger ledger = taken();
        long committable = 0;
        for (int offset : order) {
            ledger.done(offset);
            committable += ledger.committable();
        }
        return committable;
    }

    /** What goes with a commit when every other chunk is done. */
    @Benchmark
    public String commit() {
        return BookmarkText.write(half.bookmark(CHUNKS), TOPIC, METADATA_BYTES);
    }
}

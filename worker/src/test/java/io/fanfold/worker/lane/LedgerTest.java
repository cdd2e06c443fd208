package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The offset to commit, against the plainest possible model, for every order in which chunks can finish. */
final class LedgerTest {
    private static final int MOST = 7;

    /** Remembers everything and looks through all of it. */
    private static final class Model {
        private final List<Long> taken = new ArrayList<>();
        private final Set<Long> done = new HashSet<>();
        private final long start;

        Model(long start) {
            this.start = start;
        }

        long committable() {
            long next = taken.isEmpty() ? start : taken.getLast() + 1;
            return taken.stream()
                    .filter(offset -> !done.contains(offset))
                    .mapToLong(offset -> offset)
                    .min()
                    .orElse(next);
        }
    }

    @Test
    void afterEveryCompletionInEveryOrderTheLowestOpenOffsetIsCommitted() {
        for (int count = 0; count <= MOST; count++) {
            for (int gaps = 0; gaps < 1 << count; gaps++) {
                completeInEveryOrder(offsets(count, gaps), new ArrayList<>());
            }
        }
    }

    /** Offsets from 10 on; before each whose bit is set, three are missing (a control record, a compacted one). */
    private static List<Long> offsets(int count, int gaps) {
        List<Long> offsets = new ArrayList<>();
        long next = 10;
        for (int i = 0; i < count; i++) {
            next += (gaps >> i & 1) == 1 ? 3 : 0;
            offsets.add(next++);
        }
        return offsets;
    }

    private static void completeInEveryOrder(List<Long> offsets, List<Long> order) {
        if (order.size() == offsets.size()) {
            complete(offsets, order);
            return;
        }
        for (Long offset : offsets) {
            if (!order.contains(offset)) {
                order.addLast(offset);
                completeInEveryOrder(offsets, order);
                order.removeLast();
            }
        }
    }

    private static void complete(List<Long> offsets, List<Long> order) {
        Ledger ledger = new Ledger(10);
        Model model = new Model(10);
        for (long offset : offsets) {
            ledger.taken(offset);
            model.taken.add(offset);
        }
        same(ledger, model);
        for (long offset : order) {
            ledger.done(offset);
            model.done.add(offset);
            same(ledger, model);
        }
    }

    private static void same(Ledger ledger, Model model) {
        if (ledger.committable() != model.committable()) {
            assertThat(ledger.committable())
                    .as("taken %s, done %s", model.taken, model.done)
                    .isEqualTo(model.committable());
        }
    }

    @Test
    void takingInBetweenCompletionsIsTheSame() {
        for (int interleaving = 0; interleaving < 1 << (2 * MOST); interleaving++) {
            Ledger ledger = new Ledger(0);
            Model model = new Model(0);
            for (int step = 0; step < 2 * MOST; step++) {
                if ((interleaving >> step & 1) == 0) {
                    long next = model.taken.isEmpty() ? 2 : model.taken.getLast() + 1 + step % 3;
                    ledger.taken(next);
                    model.taken.add(next);
                } else if (!model.taken.isEmpty()) {
                    long one = model.taken.get(step * 5 % model.taken.size());
                    ledger.done(one);
                    model.done.add(one);
                }
                same(ledger, model);
            }
        }
    }

    @Test
    void aNewLedgerCommitsWhereItWasTakenUp() {
        assertThat(new Ledger(42).committable()).isEqualTo(42);
    }

    @Test
    void completionsSaidTwiceOrOfOffsetsNeverTakenChangeNothing() {
        Ledger ledger = new Ledger(0);
        ledger.taken(0);
        ledger.taken(1);

        ledger.done(1);
        ledger.done(1);
        ledger.done(99);
        assertThat(ledger.committable()).isZero();
    }

    @Test
    void anOffsetBelowThePositionIsRefused() {
        Ledger ledger = new Ledger(5);
        ledger.taken(7);

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> ledger.taken(7))
                .withMessage("offset 7 is below the position 8");
    }
}

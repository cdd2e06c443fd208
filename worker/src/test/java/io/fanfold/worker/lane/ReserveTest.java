package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a commit names beyond what is started follows the speed of its lane. */
final class ReserveTest {
    private final Reserve reserve = new Reserve(0);

    @Test
    void aLaneThatStartsNothingReservesTheLeast() {
        assertThat(reserve.next(0)).isEqualTo(Reserve.LEAST);
        assertThat(reserve.next(10)).isEqualTo(Reserve.LEAST);
    }

    @Test
    void whatAFormerOwnerStartedDoesNotCount() {
        assertThat(new Reserve(1_000_000).next(1_000_000)).isEqualTo(Reserve.LEAST);
    }

    @Test
    void aLaneThatUsesAllOfItGetsTwiceAsMuchUntilItIsTheMost() {
        long horizon = reserve.next(0);
        for (long size = 2 * Reserve.LEAST; size <= Reserve.MOST; size *= 2) {
            long started = horizon;
            assertThat(reserve.low(started, horizon)).isTrue();
            assertThat(reserve.next(started)).isEqualTo(size);
            horizon = started + size;
        }
        assertThat(reserve.next(horizon)).isEqualTo(Reserve.MOST);
    }

    @Test
    void aCommitIsDueWhenHalfOfItIsUsed() {
        long horizon = reserve.next(0);
        assertThat(reserve.low(Reserve.LEAST / 2, horizon)).isFalse();
        assertThat(reserve.low(Reserve.LEAST / 2 + 1, horizon)).isTrue();
    }

    @Test
    void aLaneThatBecomesSlowReservesLess() {
        reserve.next(0);
        assertThat(reserve.next(4_000)).isEqualTo(8_000);
        assertThat(reserve.next(4_200)).isEqualTo(400);
    }
}

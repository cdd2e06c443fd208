package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Who comes next in a lane. */
final class TurnsTest {
    private final Turns<String, String> turns = new Turns<>();

    private List<String> drain(Predicate<String> canStart) {
        List<String> order = new ArrayList<>();
        for (Optional<String> next = turns.next(canStart, canStart);
                next.isPresent();
                next = turns.next(canStart, canStart)) {
            order.add(next.get());
        }
        return order;
    }

    @Test
    void aSmallJobBehindAGiantOneWaitsOneChunk() {
        List.of("g0", "g1", "g2", "g3").forEach(c -> turns.add("giant", c));
        List.of("s0", "s1").forEach(c -> turns.add("small", c));
        assertThat(drain(_ -> true)).containsExactly("g0", "s0", "g1", "s1", "g2", "g3");
        assertThat(turns.size()).isZero();
    }

    @Test
    void aJobThatComesWhileAGiantOneRunsIsNext() {
        List.of("g0", "g1", "g2").forEach(c -> turns.add("giant", c));
        assertThat(turns.next(_ -> true, _ -> true)).contains("g0");
        assertThat(turns.next(_ -> true, _ -> true)).contains("g1");
        turns.add("small", "s0");
        assertThat(drain(_ -> true)).containsExactly("s0", "g2");
    }

    @Test
    void aJobThatComesMayBeginWhereOthersMustWait() {
        List.of("g0", "g1").forEach(c -> turns.add("giant", c));
        assertThat(turns.next(_ -> true, _ -> true)).contains("g0");
        List.of("s0", "s1").forEach(c -> turns.add("small", c));
        assertThat(turns.next(_ -> false, _ -> true)).contains("s0");
        assertThat(turns.next(_ -> false, _ -> true)).isEmpty();
        assertThat(drain(_ -> true)).containsExactly("g1", "s1");
    }

    @Test
    void jobsThatKeepComingDoNotHoldAGiantOneUp() {
        List.of("g0", "g1", "g2", "g3").forEach(c -> turns.add("giant", c));
        assertThat(turns.next(_ -> true, _ -> true)).contains("g0");
        List.of("a", "b", "c").forEach(job -> turns.add(job, job + "0"));
        assertThat(drain(_ -> true)).containsExactly("a0", "g1", "b0", "g2", "c0", "g3");
    }

    @Test
    void aJobThatCannotStartHoldsNoOtherUp() {
        List.of("p0", "p1").forEach(c -> turns.add("processes", c));
        List.of("t0", "t1").forEach(c -> turns.add("threads", c));
        assertThat(drain(c -> c.startsWith("t"))).containsExactly("t0", "t1");
        assertThat(drain(_ -> true)).containsExactly("p0", "p1");
    }

    @Test
    void whatIsTriedAgainComesBeforeTheRestOfItsJob() {
        turns.add("a", "a1");
        turns.addFirst("a", "a0");
        assertThat(drain(_ -> true)).containsExactly("a0", "a1");
    }

    @Test
    void aJobThatEndedLeavesNothing() {
        List.of("a0", "a1").forEach(c -> turns.add("a", c));
        turns.add("b", "b0");
        assertThat(turns.remove("a")).containsExactly("a0", "a1");
        assertThat(turns.remove("a")).isEmpty();
        assertThat(turns.size()).isEqualTo(1);
        assertThat(drain(_ -> true)).containsExactly("b0");
    }
}

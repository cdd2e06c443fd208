package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be committed, what may be started, and what a successor makes of it. */
final class LedgerTest {
    private static final String TOPIC = "AAAAAAAAAAAAAAAAAAAAAA";

    private static Ledger fresh(long position) {
        return new Ledger(Bookmark.at(position), Long.MAX_VALUE);
    }

    private static Ledger successor(Bookmark bookmark) {
        Bookmark read = BookmarkText.read(bookmark.offset(), BookmarkText.write(bookmark, TOPIC, 4096), TOPIC)
                .orElseThrow();
        return new Ledger(read, Long.MAX_VALUE);
    }

    @Test
    void theLowestOffsetThatIsNotDoneIsCommitted() {
        Ledger ledger = fresh(5);
        LongStream.range(5, 9).forEach(ledger::take);
        ledger.done(6);
        assertThat(ledger.committable()).isEqualTo(5);
        ledger.done(5);
        assertThat(ledger.committable()).isEqualTo(7);
        ledger.done(8);
        ledger.done(7);
        assertThat(ledger.committable()).isEqualTo(9);
    }

    @Test
    void aGapInTheOffsetsHoldsNothingUp() {
        Ledger ledger = fresh(0);
        List.of(0L, 7L, 8L).forEach(ledger::take);
        ledger.done(0);
        assertThat(ledger.committable()).isEqualTo(7);
        ledger.done(7);
        ledger.done(8);
        assertThat(ledger.committable()).isEqualTo(9);
    }

    @Test
    void whatIsDoneTwiceIsDone() {
        Ledger ledger = fresh(0);
        ledger.take(0);
        ledger.done(0);
        ledger.done(0);
        assertThat(ledger.committable()).isEqualTo(1);
    }

    @Test
    void offsetsComeInOrder() {
        Ledger ledger = fresh(3);
        ledger.take(3);
        assertThatThrownBy(() -> ledger.take(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("offset 3 is below the position 4");
    }

    @Test
    void nothingIsStartedThatNoAcknowledgedCommitNames() {
        Ledger ledger = fresh(0);
        ledger.take(0);
        assertThat(ledger.mayStart(0)).isFalse();
        assertThatThrownBy(() -> ledger.start(0)).hasMessageContaining("not below the horizon 0");
        ledger.moveHorizon(1);
        ledger.start(0);
        assertThat(ledger.mayStart(1)).isFalse();
        assertThat(ledger.started()).isEqualTo(1);
    }

    @Test
    void aSuccessorSkipsExactlyWhatWasDone_forEverySetOfDoneOffsetsOfTwelveWithGaps() {
        List<Long> offsets = List.of(0L, 1L, 2L, 5L, 6L, 7L, 8L, 9L, 20L, 21L, 22L, 30L);
        for (int set = 0; set < 1 << offsets.size(); set++) {
            Ledger ledger = fresh(0);
            offsets.forEach(ledger::take);
            List<Long> left = new ArrayList<>();
            for (int i = 0; i < offsets.size(); i++) {
                if ((set >> i & 1) == 1) {
                    ledger.done(offsets.get(i));
                } else {
                    left.add(offsets.get(i));
                }
            }
            Ledger next = successor(ledger.bookmark(40));
            long from = next.committable();
            assertThat(offsets.stream().filter(o -> o >= from && next.take(o)))
                    .as("set %s", Integer.toBinaryString(set))
                    .containsExactlyElementsOf(left);
            assertThat(next.committable()).isEqualTo(left.isEmpty() ? Math.max(from, 31) : left.getFirst());
            Ledger third = successor(next.bookmark(40));
            long on = third.committable();
            assertThat(offsets.stream().filter(o -> o >= on && third.take(o)))
                    .as("set %s, after an owner that did nothing", Integer.toBinaryString(set))
                    .containsExactlyElementsOf(left);
        }
    }

    @Test
    void whatWasDoneStaysDoneThroughAnOwnerThatTakesInOnlySomeOfIt() {
        Ledger first = fresh(0);
        LongStream.range(0, 12).forEach(first::take);
        LongStream.of(3, 4, 7, 10).forEach(first::done);
        for (int taken = 0; taken <= 12; taken++) {
            Ledger second = successor(first.bookmark(12));
            LongStream.range(0, taken).forEach(second::take);
            Ledger third = successor(second.bookmark(12));
            assertThat(LongStream.range(0, 12).filter(third::take))
                    .as("%d taken in", taken)
                    .containsExactly(0L, 1L, 2L, 5L, 6L, 8L, 9L, 11L);
        }
    }

    @Test
    void whatCameAfterTheFormerOwnersDeathIsNoSuspect() {
        Ledger ledger = fresh(0);
        LongStream.range(0, 3).forEach(ledger::take);
        Ledger next = new Ledger(ledger.bookmark(256), 3);
        assertThat(next.suspect(2)).isTrue();
        assertThat(next.suspect(3)).isFalse();
    }

    @Test
    void aLaneThatIsHandedOverInOrderHasNoSuspectsButWhatStillRuns() {
        Ledger ledger = fresh(0);
        LongStream.range(0, 6).forEach(ledger::take);
        ledger.moveHorizon(6);
        LongStream.range(0, 4).forEach(ledger::start);
        ledger.done(1);
        Ledger next = successor(ledger.handOver(List.of(2L)));
        assertThat(LongStream.range(0, 6).filter(next::suspect)).containsExactly(2L);
    }

    @Test
    void aSuspectStaysOneThroughOwnersThatNeverStartedIt() {
        Ledger first = fresh(0);
        LongStream.range(0, 10).forEach(first::take);
        Ledger second = successor(first.bookmark(10));
        LongStream.range(0, 10).forEach(second::take);
        second.moveHorizon(2);
        second.start(0);
        second.done(0);
        assertThat(LongStream.range(1, 10).allMatch(successor(second.bookmark(2))::suspect))
                .isTrue();
        assertThat(LongStream.range(1, 10).allMatch(successor(second.handOver(List.of()))::suspect))
                .isTrue();
    }

    @Test
    void triesSurviveUntilTheChunkIsDone() {
        Ledger ledger = fresh(0);
        LongStream.range(0, 5).forEach(ledger::take);
        ledger.tried(3, new Tries(2, 1));
        ledger.tried(4, new Tries(1, 0));
        ledger.done(4);
        Ledger next = successor(ledger.bookmark(5));
        assertThat(next.tries(3)).isEqualTo(new Tries(2, 1));
        assertThat(next.tries(4)).isEqualTo(Tries.NONE);
    }

    /** One world: what is true of a partition, whoever owns it. */
    private static final class World {
        final RandomGenerator random;
        final List<Long> offsets = new ArrayList<>();
        final Set<Long> done = new TreeSet<>();
        final Set<Long> startedAndNotDone = new HashSet<>();
        Bookmark committed = Bookmark.at(0);

        World(long seed) {
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            for (long offset = 0; offsets.size() < 60; offset++) {
                if (random.nextInt(5) > 0) {
                    offsets.add(offset);
                }
            }
        }

        /** One owner's life, up to its death in any moment. */
        void live() {
            int limit = random.nextBoolean() ? 4096 : 128 + random.nextInt(80);
            Bookmark inherited = BookmarkText.read(
                            committed.offset(), BookmarkText.write(committed, TOPIC, limit), TOPIC)
                    .orElseThrow();
            Ledger ledger = new Ledger(inherited, Long.MAX_VALUE);
            startedAndNotDone.forEach(offset -> assertThat(ledger.suspect(offset))
                    .as("offset %d, which an owner may have died of", offset)
                    .isTrue());
            List<Long> ahead = new ArrayList<>(
                    offsets.stream().filter(o -> o >= inherited.offset()).toList());
            assertThat(offsets.stream().filter(o -> o < inherited.offset() && !done.contains(o)))
                    .as("what is committed over and not done")
                    .isEmpty();
            List<Long> queued = new ArrayList<>();
            List<Long> running = new ArrayList<>();
            int moments = 1 + random.nextInt(200);
            for (int i = 0; i < moments; i++) {
                step(ledger, ahead, queued, running);
            }
        }

        /** The last owner lives until nothing is left. */
        void finish() {
            Ledger ledger = new Ledger(committed, Long.MAX_VALUE);
            ledger.moveHorizon(Long.MAX_VALUE);
            offsets.stream()
                    .filter(o -> o >= committed.offset() && ledger.take(o))
                    .forEach(offset -> {
                        ledger.start(offset);
                        ledger.done(offset);
                        done.add(offset);
                    });
            assertThat(ledger.committable()).isGreaterThan(offsets.getLast());
        }

        private void step(Ledger ledger, List<Long> ahead, List<Long> queued, List<Long> running) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    if (!ahead.isEmpty()) {
                        long offset = ahead.removeFirst();
                        if (ledger.take(offset)) {
                            queued.add(offset);
                        } else {
                            assertThat(done).as("skipped though nobody did it").contains(offset);
                        }
                    }
                }
                case 1 -> {
                    long horizon = ledger.started() + random.nextInt(8);
                    committed = ledger.bookmark(Math.max(horizon, ledger.horizon()));
                    ledger.moveHorizon(horizon);
                }
                case 2 -> {
                    if (!queued.isEmpty() && ledger.mayStart(queued.getFirst())) {
                        long offset = queued.removeFirst();
                        ledger.start(offset);
                        running.add(offset);
                        if (!done.contains(offset)) {
                            startedAndNotDone.add(offset);
                        }
                    }
                }
                default -> {
                    if (!running.isEmpty()) {
                        long offset = running.remove(random.nextInt(running.size()));
                        ledger.done(offset);
                        done.add(offset);
                        startedAndNotDone.remove(offset);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noOwnerLosesSkipsOrTrustsWhatItMustNot_inThousandsOfRandomLives(long seed) {
        for (int round = 0; round < 400; round++) {
            World world = new World(seed * 1_000_000 + round);
            for (int life = 0; life < 60 && world.done.size() < world.offsets.size(); life++) {
                world.live();
            }
            world.finish();
            assertThat(world.done).as("seed %d, round %d", seed, round).containsExactlyElementsOf(world.offsets);
        }
    }

    @Test
    void theBookmarkOfAnEmptyLaneNamesNothing() {
        assertThat(fresh(7).handOver(List.of())).isEqualTo(new Bookmark(7, List.of(), List.of(), Map.of()));
    }
}

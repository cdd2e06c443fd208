package io.fanfold.worker.lane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bookmark as the metadata of a commit: whole where it fits, less and never wrong where it does not. */
final class BookmarkTextTest {
    private static final String TOPIC = "dGhpcyBpcyBhIHRvcGljIQ";

    private static Bookmark random(RandomGenerator random, int runs, int gap) {
        List<Run> done = new ArrayList<>();
        long offset = random.nextLong(1L << 40);
        long at = offset + 1;
        for (int i = 0; i < runs; i++) {
            long to = at + 1 + random.nextInt(gap);
            done.add(new Run(at, to));
            at = to + 1 + random.nextInt(gap);
        }
        Map<Long, Tries> tries = new TreeMap<>();
        for (int i = 0; i < runs / 4; i++) {
            tries.put(offset + random.nextInt(1000), new Tries(random.nextInt(9), random.nextInt(3)));
        }
        List<Run> started = List.of(new Run(offset, at + 256));
        return new Bookmark(offset, done, started, tries);
    }

    private static Bookmark back(Bookmark bookmark, int limit) {
        String text = BookmarkText.write(bookmark, TOPIC, limit);
        assertThat(text.length()).isLessThanOrEqualTo(limit);
        return BookmarkText.read(bookmark.offset(), text, TOPIC).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"1,0,1", "2,1,1", "3,40,2", "4,300,9", "5,100,5000", "6,7,1000000"})
    void whatFitsComesBackWhole(long seed, int runs, int gap) {
        Bookmark bookmark = random(RandomGeneratorFactory.of("L64X128MixRandom").create(seed), runs, gap);
        assertThat(back(bookmark, 1 << 20)).isEqualTo(bookmark);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 200, 1000, 4096})
    void whereItDoesNotFitLessIsSaidAndNothingWrong(int limit) {
        Bookmark bookmark = random(RandomGeneratorFactory.of("L64X128MixRandom").create(limit), 20_000, 3);
        Bookmark read = back(bookmark, limit);
        Runs done = Runs.of(bookmark.done());
        assertThat(read.done()).allSatisfy(run -> {
            for (long offset = run.from(); offset < run.to(); offset++) {
                assertThat(done.contains(offset)).isTrue();
            }
        });
        assertThat(read.started()).isEqualTo(bookmark.started());
        assertThat(bookmark.tries()).containsAllEntriesOf(read.tries());
    }

    @Test
    void ofManyDoneOffsetsAsManyAsTheLimitHoldsAreKept() {
        List<Run> everySecond = new ArrayList<>();
        for (long offset = 1; offset < 40_000; offset += 2) {
            everySecond.add(new Run(offset, offset + 1));
        }
        Bookmark read = back(new Bookmark(0, everySecond, List.of(), Map.of()), 4096);
        assertThat(read.done().stream().mapToLong(Run::length).sum())
                .as("a bitmap: four bits of a character's six for base64, and half of them are done")
                .isGreaterThan(11_000);
    }

    @Test
    void oneLongRunTakesAHandfulOfCharacters() {
        Bookmark bookmark = new Bookmark(5, List.of(new Run(6, 1_000_000)), List.of(), Map.of());
        assertThat(BookmarkText.write(bookmark, TOPIC, 4096).length()).isLessThan(40);
        assertThat(back(bookmark, 4096)).isEqualTo(bookmark);
    }

    @Test
    void manyScatteredSuspectsBecomeOneRunThatCoversThem() {
        List<Run> started = new ArrayList<>();
        for (long offset = 0; offset < 9000; offset += 3) {
            started.add(new Run(offset, offset + 1));
        }
        assertThat(back(new Bookmark(0, List.of(), started, Map.of()), 4096).started())
                .containsExactly(new Run(0, 8998));
    }

    @Test
    void aTopicMadeAnewInheritsNothing() {
        String text = BookmarkText.write(new Bookmark(0, List.of(new Run(1, 2)), List.of(), Map.of()), TOPIC, 4096);
        assertThat(BookmarkText.read(0, text, "another")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "1." + TOPIC,
                "2." + TOPIC + "...",
                "1." + TOPIC + ".!!!..",
                "1." + TOPIC + ".AP__________fw..",
                "1." + TOPIC + ".Bw..",
                "1." + TOPIC + ".AAEA.."
            })
    void whatIsNoBookmarkIsNone(String text) {
        assertThat(BookmarkText.read(0, text, TOPIC)).isEmpty();
    }
}

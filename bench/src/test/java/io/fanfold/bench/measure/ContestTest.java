package io.fanfold.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Contestants that take turns. */
final class ContestTest {
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final List<String> told = new ArrayList<>();
    private final List<String> turns = new ArrayList<>();

    /** Contestants who come to how many turns all of them have had. */
    private Contest contest() {
        Contest contest = new Contest(told::add);
        NAMES.forEach(name -> contest.with(name, () -> {
            turns.add(name);
            return turns.size();
        }));
        return contest;
    }

    @Test
    void eachHasOneTurnARound() throws Exception {
        contest().run(2, 5);

        assertThat(turns).hasSize(7 * NAMES.size());
        for (int round = 0; round < 7; round++) {
            assertThat(turns.subList(3 * round, 3 * round + 3)).containsExactlyInAnyOrderElementsOf(NAMES);
        }
    }

    @Test
    void roundsToGetWarmDoNotCount() throws Exception {
        Rounds rounds = contest().run(2, 5);

        for (String name : NAMES) {
            assertThat(rounds.of(name)).hasSize(5).allMatch(turn -> turn > 2 * NAMES.size());
        }
    }

    @Test
    void whatWasMeasuredInARoundStaysTogether() throws Exception {
        Rounds rounds = contest().run(1, 4);

        for (int round = 0; round < 4; round++) {
            int first = NAMES.size() * (round + 1) + 1;
            List<Double> values = new ArrayList<>();
            for (String name : NAMES) {
                values.add(rounds.of(name).get(round));
            }
            assertThat(values).containsExactlyInAnyOrder((double) first, first + 1.0, first + 2.0);
        }
    }

    @Test
    void nothingAlwaysFollowsTheSame() throws Exception {
        contest().run(0, 20);

        HashSet<List<String>> orders = new HashSet<>();
        for (int round = 0; round < 20; round++) {
            orders.add(List.copyOf(turns.subList(3 * round, 3 * round + 3)));
        }
        assertThat(orders).hasSizeGreaterThan(2);
    }

    @Test
    void everyRoundIsTold() throws Exception {
        contest().run(1, 2);

        assertThat(told).hasSize(3);
        assertThat(told.getFirst()).startsWith("warming up:");
        assertThat(told.getLast()).startsWith("round 2 of 2:").contains(" a ", " b ", " c ");
    }

    @Test
    void theFirstThatFailsEndsIt() {
        Contest contest = new Contest(told::add).with("broken", () -> {
            throw new IOException("no broker");
        });

        assertThatThrownBy(() -> contest.run(0, 3))
                .isInstanceOf(IOException.class)
                .hasMessage("no broker");
    }

    @Test
    void aContestantThatWasNotThereIsNamed() throws Exception {
        Rounds rounds = contest().run(0, 1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> rounds.of("d"))
                .withMessageContainingAll("no contestant d", "a", "b", "c");
    }
}

package io.fanfold.protocol.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FoldTreeTest {
    private static FoldTree<String> brackets() {
        return new FoldTree<>((left, right) -> "(" + left + right + ")");
    }

    @ParameterizedTest
    @CsvSource({
        "1, a",
        "2, (ab)",
        "3, ((ab)c)",
        "4, ((ab)(cd))",
        "5, (((ab)(cd))e)",
        "6, (((ab)(cd))(ef))",
        "7, (((ab)(cd))((ef)g))",
        "8, (((ab)(cd))((ef)(gh)))"
    })
    void whatIsCombinedWithWhatDependsOnTheNumberOfPartsAlone(int parts, String whole) {
        FoldTree<String> tree = brackets();

        IntStream.range(0, parts).forEach(i -> tree.add(Character.toString('a' + i)));

        assertThat(tree.whole()).contains(whole);
    }

    @Test
    void nothingFoldsToNothingAndATreeThatGaveItsWholeIsEmpty() {
        FoldTree<String> tree = brackets();
        assertThat(tree.whole()).isEmpty();

        tree.add("a");

        assertThat(tree.whole()).contains("a");
        assertThat(tree.whole()).isEmpty();
    }

    @Test
    void noMorePartsAreHeldThanTheirNumberHasBits() {
        FoldTree<Long> tree = new FoldTree<>(Long::sum);

        for (long i = 1; i <= 100_000; i++) {
            tree.add(i);
            assertThat(tree.held()).isEqualTo(Long.bitCount(i));
        }

        assertThat(tree.whole()).contains(5_000_050_000L);
    }
}

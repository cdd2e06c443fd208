package io.fanfold.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Columns fit the line they are given. */
final class TableTest {
    private static String lines(int width) {
        Table table = new Table("ID", "WHY");
        table.row("1", "short");
        table.row("1000", "a reason that is longer than the line it is on");
        StringWriter text = new StringWriter();
        table.printLines(new PrintWriter(text), width);
        return text.toString();
    }

    @Test
    void theLastCellIsCutWhereTheLineIsFull() {
        assertThat(lines(30).lines())
                .containsExactly("ID    WHY", "1     short", "1000  a reason that is long...")
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(30));
    }

    @Test
    void someOfTheLastCellIsAlwaysThere() {
        assertThat(lines(3).lines()).contains("1000  a reason that is ...");
    }

    @Test
    void withoutAWidthNothingIsCut() {
        assertThat(lines(Integer.MAX_VALUE)).contains("longer than the line it is on");
    }
}

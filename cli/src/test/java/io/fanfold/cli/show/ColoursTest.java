package io.fanfold.cli.show;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** Who sees colours. */
final class ColoursTest {
    @Test
    void whoeverSaysNoColorSeesNone() {
        assertThat(Colours.wanted("1")).isFalse();
        assertThat(Colours.wanted("")).isTrue();
        assertThat(Colours.wanted(null)).isTrue();
    }

    @Test
    void aTextInAColourIsEndedByPlain() {
        assertThat(Colours.GREEN.always("ok")).isEqualTo("\u001b[32mok\u001b[0m");
        assertThat(Colours.PLAIN.always("ok")).isEqualTo("ok");
    }

    @Test
    void aStyledColumnIsAsWideAsItsTextIsSeen() {
        Table table = new Table("A", "B", "C").styled(1, Colours.RED::always);
        table.row("x", "long", "z");
        StringWriter out = new StringWriter();
        table.printLines(new PrintWriter(out, true), Integer.MAX_VALUE);

        assertThat(out.toString().lines())
                .containsExactly("A  \u001b[31mB\u001b[0m     C", "x  \u001b[31mlong\u001b[0m  z");
    }
}

package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "''", "'a'", "\"it's\"", "'\\\\'", "0", "-12", "9223372036854775807", "-9223372036854775808", "True",
                "False", "None", "()", "(1,)", "(1, 2)", "[]", "[1]", "{}", "{'a': 1, 'b': (None, [True, 'x'])}"
            })
    void aLiteralIsWrittenAsPythonWritesIt(String text) {
        assertThat(Literal.parse(text).repr()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '`',
            value = {
                " (1,2 , 3,) # (1, 2, 3)",
                "[1,] # [1]",
                "{\"b\" : 1,'a':2 ,} # {'a': 2, 'b': 1}",
                "((1)) # 1",
                "12L # 12",
                "007 # 7",
                "\"a'b\" # \"a'b\"",
                "'a\\'b' # \"a'b\"",
                "'\\x41\\u0042\\U00000043\\104\\7' # 'ABCD\\x07'",
                "'\\a\\b\\f\\v\\n\\r\\t\\0' # '\\x07\\x08\\x0c\\x0b\\n\\r\\t\\x00'",
                "'\\ud83d\\ude00' # '\ud83d\ude00'",
                "'\\400' # '\u0100'"
            })
    void otherSpellingsThatPythonReadsMeanTheSame(String text, String written) {
        assertThat(Literal.parse(text).repr()).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
        `` ~ a string, integer, True, False, None, tuple, list or dict at character 0, found the end
        `true` ~ expected a string, integer, True, False, None, tuple, list or dict at character 0, found 'true'
        `1 2` ~ expected the end at character 2, found '2'
        `1.5` ~ expected the end at character 1, found '.5'
        `(1 2)` ~ expected ',' or ')' at character 3, found '2)'
        `(,)` ~ at character 1, found ',)'
        `[1, 2` ~ expected ',' or ']' at character 5, found the end
        `(1]` ~ expected ',' or ')' at character 2
        `{'a' 1}` ~ expected ':' at character 5
        `{'a': 1 'b': 2}` ~ expected ',' or '}' at character 8
        `{1: 2}` ~ a dict has the key 1, not a string
        `{'a': 1, 'a': 1}` ~ the key 'a' stands twice in a dict
        `'abc` ~ expected the closing ' of a string at character 4, found the end
        `'abc\\` ~ the escape '\\\\' is not supported
        `'\\N{DIGIT ONE}'` ~ the escape '\\\\N' is not supported
        `'\\q'` ~ the escape '\\\\q' is not supported
        `'\\x4'` ~ an escape has "4'" for its 2 hex digits
        `'\\U00110000'` ~ character 1114112, which Unicode does not have
        `-` ~ '-' is no integer of 64 bits
        `9223372036854775808` ~ '9223372036854775808' is no integer of 64 bits
        `b'x'` ~ found "b'x'"
        `f()` ~ found 'f()'
        """)
    void whatIsNoLiteralIsRefusedWithThePlace(String text, String message) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> Literal.parse(text))
                .withMessageContaining(message.strip());
    }

    @Test
    void nestingIsBoundedSoThatNoHeaderExhaustsTheStack() {
        assertThat(Literal.parse("[".repeat(64) + "]".repeat(64)).repr()).hasSize(128);
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> Literal.parse("[".repeat(1_000_000)))
                .withMessage("values are nested deeper than 64 levels");
    }

    @Test
    void whatAnErrorQuotesIsOneShortLine() {
        assertThat(Literal.quote("a\nb".repeat(1000)))
                .hasSize(83)
                .doesNotContain("\n")
                .endsWith("...");
        assertThat(new ArrayFormatException("a\r\nb\u2028c")).hasMessage("a b c");
    }

    @Test
    void everyStringIsReadAsItWasWritten() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x80 : 0x110000));
            }
            Literal literal = new Literal.Text(text.toString());
            assertThat(Literal.parse(literal.repr()))
                    .as("seed %d: %s", seed, literal)
                    .isEqualTo(literal);
        }
    }

    @Test
    void noDamageToAHeaderCausesAnythingButAClearRefusal() {
        long seed = System.nanoTime();
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        String header = "{'descr': [('a\\x41', '<i4', (2,)), (('t', 'b'), '|V4')], 'shape': (3, -4L), 'x': [None, {}]}";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder damaged = new StringBuilder(header);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                damaged.setCharAt(
                        random.nextInt(header.length()), "'\"()[]{},:\\xuU0-LT \n\0".charAt(random.nextInt(21)));
            }
            refusedOrRead(damaged.toString(), seed);
        }
    }

    private static void refusedOrRead(String text, long seed) {
        try {
            Literal literal = Literal.parse(text);
            assertThat(Literal.parse(literal.repr()))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(literal);
        } catch (ArrayFormatException e) {
            assertThat(e.getMessage())
                    .as("seed %d: %s", seed, text)
                    .isNotBlank()
                    .doesNotContain("\n");
        }
    }
}

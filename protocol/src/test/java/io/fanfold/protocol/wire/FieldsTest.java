package io.fanfold.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers in their shortest form are read without a parser: to the same values, and with the same refusals. */
final class FieldsTest {
    private static final List<String> NAMES = List.of("index", "job", "start", "state", "a b", "", "nobody");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"index\":0,\"start\":12}",
                "{\"job\":\"jXy_-9\",\"index\":7,\"attempt\":1,\"state\":\"computed\"}",
                "{\"index\":999999999999999999}",
                "{\"a b\":\"x y\",\"\":\"\"}"
            })
    void theShortestFormIsReadInPlace(String json) {
        assertThat(Fields.of("header", bytes(json))).isInstanceOf(FlatJson.class);
        sameAsParsed(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "{\"index\":1}x",
                " {\"index\":1}",
                "{\"index\": 1}",
                "{\"index\":-1}",
                "{\"index\":01}",
                "{\"index\":1.0}",
                "{\"index\":1e3}",
                "{\"index\":9223372036854775807}",
                "{\"index\":9223372036854775808}",
                "{\"index\":null}",
                "{\"index\":true}",
                "{\"index\":{\"job\":1}}",
                "{\"index\":1,}",
                "{\"index\":1,\"index\":2}",
                "{\"job\":\"a\\n\"}",
                "{\"job\":\"\u00e9\"}",
                "{\"job\":\"a",
                "{\"job\"}",
                "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1}"
            })
    void everyOtherFormIsParsed(String json) {
        assertThat(FlatJson.of("header", bytes(json))).isEmpty();
        sameAsParsed(json);
    }

    @Test
    void aHeaderWithAnyByteChangedSaysTheSameToBoth() {
        long seed = 20261123;
        Random random = new Random(seed);
        String whole = "{\"job\":\"jXy_-9\",\"index\":70,\"start\":0,\"state\":\"computed\"}";
        for (int i = 0; i < 5_000; i++) {
            byte[] changed = bytes(whole);
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                changed[random.nextInt(changed.length)] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : changed[random.nextInt(changed.length)];
            }
            sameAsParsed(changed);
        }
    }

    private static void sameAsParsed(String json) {
        sameAsParsed(bytes(json));
    }

    private static void sameAsParsed(byte[] json) {
        for (String name : NAMES) {
            same(
                    json,
                    () -> Fields.of("header", json).text(name),
                    () -> parsed(json).text(name));
            same(
                    json,
                    () -> Fields.of("header", json).number(name),
                    () -> parsed(json).number(name));
            same(
                    json,
                    () -> Fields.of("header", json).smallNumber(name),
                    () -> parsed(json).smallNumber(name));
            same(
                    json,
                    () -> Fields.of("header", json).optionalNumber(name),
                    () -> parsed(json).optionalNumber(name));
        }
    }

    private static Json parsed(byte[] json) {
        return Json.parse("header", json);
    }

    private static void same(byte[] json, Supplier<?> read, Supplier<?> parsed) {
        assertThat(answer(read))
                .as(new String(json, StandardCharsets.ISO_8859_1))
                .isEqualTo(answer(parsed));
    }

    private static Object answer(Supplier<?> reading) {
        try {
            return reading.get();
        } catch (WireException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

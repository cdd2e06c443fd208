package io.fanfold.protocol.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfold.protocol.array.DType.Kind;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DTypeTest {

    @ParameterizedTest
    @CsvSource(textBlock = """
        |b1, BOOL, 1, bool
        |i1, INT, 1, int8
        <i2, INT, 2, int16
        >i4, INT, 4, int32
        <i8, INT, 8, int64
        |u1, UINT, 1, uint8
        >u8, UINT, 8, uint64
        <f2, FLOAT, 2, float16
        <f4, FLOAT, 4, float32
        >f8, FLOAT, 8, float64
        <c8, COMPLEX, 8, complex64
        >c16, COMPLEX, 16, complex128
        |S5, BYTES, 5, bytes40
        |S0, BYTES, 0, bytes
        <U5, UNICODE, 20, str160
        >U0, UNICODE, 0, str
        <M8[ns], DATETIME, 8, datetime64[ns]
        >M8[25s], DATETIME, 8, datetime64[25s]
        <m8, TIMEDELTA, 8, timedelta64
        |V8, VOID, 8, void64
        """)
    void aPlainTypeIsReadAndNamedAsNumPyDoes(String descr, Kind kind, int itemSize, String name) {
        DType dtype = DType.parse(descr);

        assertThat(dtype.kind()).isEqualTo(kind);
        assertThat(dtype.itemSize()).isEqualTo(itemSize);
        assertThat(dtype.name()).isEqualTo(name);
        assertThat(dtype.descr()).isEqualTo(descr);
        assertThat(dtype.byteOrder()).isEqualTo(descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    @ParameterizedTest
    @CsvSource({
        "i4, <i4",
        "=f8, <f8",
        "|f8, <f8",
        "|U4, <U4",
        "=U4, <U4",
        "<i1, |i1",
        ">i1, |i1",
        "b1, |b1",
        ">S3, |S3",
        "<V4, |V4",
        "<M8[1s], <M8[s]",
        ">M8[generic], >M8",
        "m8[1ms], <m8[ms]",
        "<M8[10D], <M8[10D]"
    })
    void otherSpellingsThatNumPyReadsBecomeTheOneItWrites(String descr, String written) {
        assertThat(DType.parse(descr).descr()).isEqualTo(written);
        assertThat(DType.parse(descr)).isEqualTo(DType.parse(written)).hasSameHashCodeAs(DType.parse(written));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[('a', '<i4')]",
                "[('a', '<i4'), ('b', '>f8', (2,))]",
                "[('a', '<i4', (2, 3)), ('b', [('c', '>f8'), ('d', [('e', '|S3')])], (1,))]",
                "[(('title', 'name'), '<i4')]",
                "[('a', '|i1'), ('', '|V7'), ('b', '<f8'), ('', '|V4'), ('c', '<M8[ns]'), ('', '|V2')]",
                "[(\"it's\", '<i4'), ('\"x\"', '<i4'), ('it\\'s \"x\"', '<i4'), ('\\x00\\\\\\n', '<i4')]",
                "[('caf\u00e9\\xa0\u65e5\ud83d\ude00\\u2028\\ud800\\U000e0001', '<i4')]"
            })
    void aStructureIsWrittenAsItWasRead(String descr) {
        DType dtype = DType.parse(descr);

        assertThat(dtype.kind()).isEqualTo(Kind.STRUCT);
        assertThat(dtype.descr()).isEqualTo(descr);
        assertThat(dtype.name()).isEqualTo(descr);
        assertThat(DType.parse(dtype.descr())).isEqualTo(dtype).hasSameHashCodeAs(dtype);
    }

    @Test
    void aStructureIsAsLargeAsItsFieldsSubArraysAndPadding() {
        assertThat(DType.parse("[('a', '|i1'), ('', '|V3'), ('b', '<f8', (2, 3)), ('c', [('d', '<i2')], (5,))]")
                        .itemSize())
                .isEqualTo(1 + 3 + 48 + 10);
        assertThat(DType.parse("[]").itemSize()).isZero();
        assertThat(DType.parse("[('a', '<i4', (0,))]").itemSize()).isZero();
    }

    @Test
    void aSubArrayOfNoAxesIsASingleValueAsInNumPy() {
        assertThat(DType.parse("[('a', '<i4', ())]").descr()).isEqualTo("[('a', '<i4')]");
    }

    @Test
    void littleEndianChangesTheOrderOfEveryFieldAndNothingElse() {
        assertThat(DType.parse("[(('t', 'a'), '>i4', (2,)), ('', '|V4'), ('b', [('c', '>M8[25s]'), ('d', '>U2')])]")
                        .littleEndian()
                        .descr())
                .isEqualTo("[(('t', 'a'), '<i4', (2,)), ('', '|V4'), ('b', [('c', '<M8[25s]'), ('d', '<U2')])]");
        assertThat(DType.parse(">c16").littleEndian()).isEqualTo(DType.parse("<c16"));
        assertThat(DType.parse("|S3").littleEndian()).isEqualTo(DType.parse("|S3"));
    }

    @Test
    void typesAreEqualOnlyWhereTheirDescrIs() {
        assertThat(DType.parse("<f8")).isNotEqualTo(DType.parse(">f8")).isNotEqualTo(DType.parse("<i8"));
        assertThat(DType.parse("<M8[s]")).isNotEqualTo(DType.parse("<M8[ms]"));
        assertThat(DType.parse("[('a', '<i4')]")).isNotEqualTo(DType.parse("[('b', '<i4')]"));
    }

    @ParameterizedTest
    @CsvSource({
        "BOOL, 1, |b1",
        "INT, 1, |i1",
        "INT, 8, <i8",
        "UINT, 2, <u2",
        "FLOAT, 2, <f2",
        "COMPLEX, 16, <c16",
        "BYTES, 3, |S3",
        "UNICODE, 20, <U5",
        "DATETIME, 8, <M8",
        "TIMEDELTA, 8, <m8",
        "VOID, 7, |V7"
    })
    void aPlainTypeCanBeMadeFromItsKindAndSize(Kind kind, int itemSize, String descr) {
        assertThat(DType.of(kind, itemSize)).isEqualTo(DType.parse(descr));
    }

    @ParameterizedTest
    @CsvSource({"BOOL, 2", "INT, 3", "INT, 16", "FLOAT, 1", "FLOAT, 16", "COMPLEX, 32", "UNICODE, 5", "BYTES, -1"})
    void aKindHasOnlyTheSizesOfNumPy(Kind kind, int itemSize) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> DType.of(kind, itemSize))
                .withMessage("no dtype of kind " + kind + " has " + itemSize + " bytes");
    }

    @Test
    void aStructureIsNotMadeFromASize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DType.of(Kind.STRUCT, 8))
                .withMessageContaining("parse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"O", "|O", "|O8", "object", "[('a', '<i4'), ('b', [('c', '|O')])]", "[('a', '|O', (2,))]"})
    void objectsAreRefusedWhereverTheyStand(String descr) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> DType.parse(descr))
                .withMessageContaining("never unpickled: convert with x.astype(...)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f16", ">f12", "<c32", "c24", "[('a', '<f16')]"})
    void longDoublesAreRefusedWithTheTypeToUseInstead(String descr) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> DType.parse(descr))
                .withMessageContaining("long double")
                .withMessageContaining("x.astype('float64')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f", "float64", "<f8 ", " <f8", "<f-8", "<f99999999999", "<T8", "?", "<i4,<f8", "<<f8"})
    void whatIsNoTypeIsRefusedWithWhatIsSupported(String descr) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> DType.parse(descr))
                .withMessageStartingWith("dtype '" + descr + "' is not supported")
                .withMessageContaining("float16 to 64");
    }

    @ParameterizedTest
    @ValueSource(strings = {"<M8[parsec]", "<M8[]", "<M8[-1s]", "<M8[1.5s]", "<M8[9999999999s]", "<f8[ns]", "|S4[s]"})
    void aUnitThatNumPyDoesNotHaveIsRefused(String descr) {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> DType.parse(descr))
                .withMessageContaining("has the unit '" + descr.substring(descr.indexOf('[')) + "'");
    }

    @Test
    void theBytesOfAnArrayThatCannotBeCountedAreRefused() {
        assertThat(DType.parse("<f8").bytes(Shape.of(3, 4))).isEqualTo(96);
        assertThat(DType.parse("<f8").bytes(Shape.of(3, 0))).isZero();
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(() -> DType.parse("<f8").bytes(Shape.of(0, 1L << 61)))
                .withMessage(
                        "float64 (0, 2305843009213693952) has more bytes than 64 bits can count: check its lengths");
    }
}

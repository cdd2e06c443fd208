package io.fanfold.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a Range header says, as RFC 9110 has it. */
final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=0-99, 0, 99",
        "bytes=10-19, 10, 19",
        "bytes=10-, 10, 99",
        "bytes=99-, 99, 99",
        "bytes=90-1000, 90, 99",
        "bytes=5-99999999999999999999, 5, 99",
        "bytes=-1, 99, 99",
        "bytes=-100, 0, 99",
        "bytes=-1000, 0, 99",
        "bytes=-99999999999999999999, 0, 99",
        "BYTES=007-8, 7, 8",
        "bytes= 1-2 , 1, 2",
    })
    void oneRangeOfAHundredBytes(String header, long first, long last) {
        assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Part(first, last));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=5-4",
                "bytes=1-2,4-5",
                "bytes=1-2, -1",
                "rows=1-2",
                "bytes=1--2",
                "bytes=+1-2",
                "bytes=1-2x",
                "bytes=0x1-2",
                "bytes=١-٢"
            })
    void whatIsMissingMalformedOrSeveralAsksForAll(String header) {
        assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Whole());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=100-", "bytes=100-200", "bytes=99999999999999999999-", "bytes=-0"})
    void whatBeginsBehindTheEndIsUnsatisfiable(String header) {
        assertThat(ByteRange.of(header, 100)).isEqualTo(new ByteRange.Unsatisfiable());
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-, false", "bytes=0-0, false", "bytes=-0, false", "bytes=-1, true"})
    void ofNothingOnlyTheLastBytesAreAll(String header, boolean whole) {
        assertThat(ByteRange.of(header, 0)).isEqualTo(whole ? new ByteRange.Whole() : new ByteRange.Unsatisfiable());
    }
}

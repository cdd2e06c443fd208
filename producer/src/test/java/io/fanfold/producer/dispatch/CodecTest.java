package io.fanfold.producer.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.FunctionOffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How chunks are compressed, by what is in them. */
final class CodecTest {
    private static final Set<Codec> ALL = EnumSet.allOf(Codec.class);

    private static void chosen(Content content, Codec expected) {
        long seed = new Random().nextLong();
        assertThat(Codec.choose(content.npy(seed), ALL)).as("seed %d", seed).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "GAUSSIAN", "WAVE", "LINSPACE", "RANDOM_BYTES"})
    void whatHardlyShrinksIsSentAsItIs(Content content) {
        chosen(content, Codec.NONE);
    }

    @ParameterizedTest
    @EnumSource(names = {"INTEGERS", "OF_SINGLE_PRECISION", "SPARSE"})
    void whatShrinksAboutAsMuchWithLz4IsWrittenWithLz4(Content content) {
        chosen(content, Codec.LZ4);
    }

    @ParameterizedTest
    @EnumSource(names = {"RAMP", "INDEX", "INDEX_OF_FOUR_BYTES", "MANDELBROT", "SMALL_INTEGERS", "DIGITS", "TEXT"})
    void whatShrinksMuchMoreWithZstdIsWrittenWithZstd(Content content) {
        chosen(content, Codec.ZSTD);
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsChosenThatTheWorkersDoNotRead(Content content) {
        byte[] npy = content.npy(1);
        assertThat(Codec.choose(npy, EnumSet.of(Codec.NONE, Codec.GZIP))).isEqualTo(Codec.NONE);
        assertThat(Codec.choose(npy, Set.of())).isEqualTo(Codec.NONE);
        assertThat(Codec.choose(npy, EnumSet.of(Codec.LZ4))).isIn(Codec.NONE, Codec.LZ4);
        assertThat(Codec.choose(npy, EnumSet.of(Codec.ZSTD))).isIn(Codec.NONE, Codec.ZSTD);
    }

    @Test
    void whereOnlyOneOfThemIsReadThatOneIsUsed() {
        byte[] ramp = Content.RAMP.npy(1);
        assertThat(Codec.choose(ramp, EnumSet.of(Codec.NONE, Codec.GZIP, Codec.LZ4)))
                .isEqualTo(Codec.LZ4);
        assertThat(Codec.choose(ramp, EnumSet.of(Codec.ZSTD))).isEqualTo(Codec.ZSTD);
    }

    @Test
    void theMiddleOfAChunkDecides() {
        byte[] noise = new byte[1_000_000];
        new Random(1).nextBytes(noise);
        byte[] zerosThenNoise = noise.clone();
        Arrays.fill(zerosThenNoise, 0, 400_000, (byte) 0);
        byte[] noiseAroundZeros = noise.clone();
        Arrays.fill(noiseAroundZeros, 400_000, 600_000, (byte) 0);

        assertThat(Codec.choose(zerosThenNoise, ALL)).isEqualTo(Codec.NONE);
        assertThat(Codec.choose(noiseAroundZeros, ALL)).isNotEqualTo(Codec.NONE);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 100, 131_071, 131_072, 131_073})
    void aChunkOfAnySizeIsTried(int length) {
        byte[] noise = new byte[length];
        new Random(1).nextBytes(noise);
        assertThat(Codec.choose(noise, ALL)).isEqualTo(Codec.NONE);
        assertThat(Codec.choose(new byte[length], EnumSet.of(Codec.LZ4)))
                .isEqualTo(length < 100 ? Codec.NONE : Codec.LZ4);
    }

    @ParameterizedTest
    @CsvSource({"none,NONE", "gzip,GZIP", "lz4,LZ4", "zstd,ZSTD"})
    void aCodecIsNamedAsInKafka(String text, Codec codec) {
        assertThat(Codec.parse(text)).contains(codec);
        assertThat(codec.wire()).isEqualTo(text);
    }

    @Test
    void autoLeavesTheChoiceOpen() {
        assertThat(Codec.parse("auto")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"snappy", "ZSTD", "", "zstd "})
    void anotherNameIsRefusedWithThoseThatThereAre(String text) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> Codec.parse(text))
                .withMessage("codec is \"" + text + "\"; it must be one of auto, none, gzip, lz4, zstd");
    }

    @Test
    void whatAnOfferNamesIsReadAndWhatIsUnknownPassedOver() {
        assertThat(Codec.known(FunctionOffer.EVERY_WORKER)).containsExactlyInAnyOrder(Codec.NONE, Codec.GZIP);
        assertThat(Codec.known(FunctionOffer.KAFKA_CLIENTS)).isEqualTo(ALL);
        assertThat(Codec.known(Set.of("brotli", "zstd"))).containsExactly(Codec.ZSTD);
    }
}

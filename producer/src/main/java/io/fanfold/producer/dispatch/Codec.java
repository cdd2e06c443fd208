package io.fanfold.producer.dispatch;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.Codecs;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** How the chunks of a job are compressed on their way to the broker, there, and to the workers. */
public enum Codec {
    NONE,
    GZIP,
    LZ4,
    ZSTD;

    /** How much of a chunk is tried. */
    private static final int SAMPLE_BYTES = 128 * 1024;

    /**
     * What a codec must leave at most for its work to be worth it. Arrays lie clearly on one side or the other: real numbers that are
     * drawn, measured or computed keep 0.84 and more with every codec; whole numbers, grids, texts, and real numbers of few digits or
     * many zeros keep 0.73 and less with the one that is chosen for them.
     */
    private static final double WORTH_IT = 0.8;

    /**
     * What {@link #ZSTD} must leave at most of what {@link #LZ4} does, for more work on both sides. Of ramps and grids it leaves a
     * quarter of that and less, of small whole numbers, texts and images 0.3 to 0.62; where there are only few matches to find, as in
     * numbers of few digits and sparse arrays, 0.7 and more.
     */
    private static final double CLEARLY_SMALLER = 2.0 / 3;

    /** Its name in options, in offers and in Kafka's {@code compression.type}. */
    public String wire() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What an option says; empty for {@code auto}.
     *
     * @throws InvalidRequestException if it is no codec, naming those that there are
     */
    public static Optional<Codec> parse(String text) {
        if (text.equals("auto")) {
            return Optional.empty();
        }
        return Optional.of(Arrays.stream(values())
                .filter(codec -> codec.wire().equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("codec is \"" + text + "\"; it must be one of auto, "
                        + Arrays.stream(values()).map(Codec::wire).collect(Collectors.joining(", ")))));
    }

    /** Those of the codecs that an offer names which can be written here; others are passed over. */
    public static Set<Codec> known(Set<String> offered) {
        return Arrays.stream(values())
                .filter(codec ->
                        offered.contains(codec.wire()) && Codecs.usable().contains(codec.wire()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Codec.class)));
    }

    /**
     * The codec for the chunks of a job, by trying Kafka's own on one of them. {@link #GZIP} is never chosen: {@link #ZSTD} leaves
     * about as little for a tenth of the work.
     *
     * @param chunk a chunk's value; its middle is tried, since arrays often begin with what is not like the rest
     * @param readable what the workers of the job's pool read
     */
    public static Codec choose(byte[] chunk, Set<Codec> readable) {
        int length = Math.min(chunk.length, SAMPLE_BYTES);
        int from = (chunk.length - length) / 2;
        Codec best = NONE;
        double mostBytes = WORTH_IT * length;
        for (Codec codec : Stream.of(LZ4, ZSTD).filter(readable::contains).toList()) {
            int bytes = codec.compressed(chunk, from, length);
            if (bytes <= mostBytes) {
                best = codec;
                mostBytes = CLEARLY_SMALLER * bytes;
            }
        }
        return best;
    }

    private int compressed(byte[] bytes, int from, int length) {
        ByteBufferOutputStream compressed = new ByteBufferOutputStream(SAMPLE_BYTES);
        try (OutputStream out =
                Compression.of(wire()).build().wrapForOutput(compressed, RecordBatch.CURRENT_MAGIC_VALUE)) {
            out.write(bytes, from, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no device behind it
        }
        return compressed.position();
    }
}

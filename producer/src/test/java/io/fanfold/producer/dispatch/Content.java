package io.fanfold.producer.dispatch;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** What arrays hold that people have. */
enum Content {
    RANDOM,
    GAUSSIAN,
    WAVE,
    LINSPACE,
    RANDOM_BYTES,
    RAMP,
    INDEX,
    INDEX_OF_FOUR_BYTES,
    /** The points of a picture of the Mandelbrot set, 1200 by 800. */
    MANDELBROT,
    SMALL_INTEGERS,
    DIGITS,
    INTEGERS,
    OF_SINGLE_PRECISION,
    SPARSE,
    TEXT;

    private static final int NUMBERS = 150_000;
    private static final List<String> WORDS =
            List.of("parallel", "array", "worker", "outcome", "the", "of", "chunk", "aggregator", "fold", "a");

    byte[] npy(long seed) {
        Random random = new Random(seed);
        ByteBuffer data = ByteBuffer.allocate(NUMBERS * 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < NUMBERS; i++) {
            write(data, random, i);
        }
        MemorySegment bytes = MemorySegment.ofBuffer(data.flip());
        DType dtype = DType.parse(descr());
        return Npy.encode(new ArraySlice(dtype, Shape.of(bytes.byteSize() / dtype.itemSize()), Order.C, bytes));
    }

    private String descr() {
        return switch (this) {
            case RANDOM_BYTES, DIGITS -> "|u1";
            case INDEX, SMALL_INTEGERS, INTEGERS -> "<i8";
            case INDEX_OF_FOUR_BYTES -> "<i4";
            case MANDELBROT -> "<c16";
            case TEXT -> "|S16";
            case RANDOM, GAUSSIAN, WAVE, LINSPACE, RAMP, OF_SINGLE_PRECISION, SPARSE -> "<f8";
        };
    }

    private void write(ByteBuffer data, Random random, int i) {
        var _ = switch (this) {
            case RANDOM -> data.putDouble(random.nextDouble());
            case GAUSSIAN -> data.putDouble(random.nextGaussian());
            case WAVE -> data.putDouble(Math.sin(i / 1250.0));
            case LINSPACE -> data.putDouble(i / (NUMBERS - 1.0));
            case RANDOM_BYTES -> data.put((byte) random.nextInt());
            case RAMP -> data.putDouble(i);
            case INDEX -> data.putLong(i);
            case INDEX_OF_FOUR_BYTES -> data.putInt(i);
            case MANDELBROT ->
                data.putDouble(-2 + Math.floorMod(i, 1200) * 3.0 / 1199)
                        .putDouble(-1.2 + Math.floorDiv(i, 1200) * 2.4 / 799);
            case SMALL_INTEGERS -> data.putLong(random.nextInt(100));
            case DIGITS -> data.put((byte) random.nextInt(10));
            case INTEGERS -> data.putLong(random.nextInt(1_000_000));
            case OF_SINGLE_PRECISION -> data.putDouble(random.nextFloat());
            case SPARSE -> data.putDouble(random.nextInt(10) == 0 ? random.nextDouble() : 0);
            case TEXT -> data.put(Arrays.copyOf(words(random), 16));
        };
    }

    private static byte[] words(Random random) {
        String text = WORDS.get(random.nextInt(WORDS.size())) + " " + WORDS.get(random.nextInt(WORDS.size()));
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

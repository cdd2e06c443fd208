package io.fanfold.bench.rig;

import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/** Writes the arrays that are measured with, as {@code .npy}. */
public final class Arrays {
    private static final int BUFFER = 1 << 20;

    private Arrays() {}

    /** Random float64 in [0, 1) of shape (rows, columns), or (rows) if columns is 1; the same for the same shape. */
    public static Path random(Path file, int rows, int columns) throws IOException {
        Shape shape = columns == 1 ? Shape.of(rows) : Shape.of(rows, columns);
        SplittableRandom random = new SplittableRandom(rows);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
            out.write(new NpyHeader(DType.parse("<f8"), shape, Order.C).encode());
            byte[] bytes = new byte[8 * columns];
            ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < rows; i++) {
                row.clear();
                for (int j = 0; j < columns; j++) {
                    row.putDouble(random.nextDouble());
                }
                out.write(bytes);
            }
        }
        return file;
    }

    /**
     * The complex plane around the Mandelbrot set, complex128 of shape (size, size).
     *
     * @param stride rows apart in the plane that follow each other in the array, coprime with the size; 1 is a picture, a large one
     *     makes pieces that are all about as much work
     */
    public static Path plane(Path file, int size, int stride) throws IOException {
        double step = 2.5 / (size - 1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER)) {
            out.write(new NpyHeader(DType.parse("<c16"), Shape.of(size, size), Order.C).encode());
            byte[] bytes = new byte[16 * size];
            ByteBuffer row = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (long y = 0; y < size; y++) {
                row.clear();
                double im = 1.25 - step * (y * stride % size);
                for (int x = 0; x < size; x++) {
                    row.putDouble(-2 + step * x).putDouble(im);
                }
                out.write(bytes);
            }
        }
        return file;
    }

    /** Zeros of shape (rows), dtype uint8. */
    public static Path zeros(Path file, int rows) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(new NpyHeader(DType.parse("|u1"), Shape.of(rows), Order.C).encode());
            out.write(new byte[rows]);
        }
        return file;
    }

    /** Zeros of shape (rows), dtype float64, which take no room on a disk whose files may have holes. */
    public static Path holes(Path file, long rows) throws IOException {
        byte[] header = new NpyHeader(DType.parse("<f8"), Shape.of(rows), Order.C).encode();
        Files.write(file, header);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            int last = channel.write(ByteBuffer.allocate(1), header.length + 8 * rows - 1);
            if (last != 1) {
                throw new IOException(file + " cannot be written");
            }
        }
        return file;
    }
}

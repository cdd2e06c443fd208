package io.fanfold.protocol.npy;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads and writes .npy values. Reading never copies the data: a slice points into the memory that was given. Safe to
 * call from any thread.
 */
public final class Npy {
    private static final long LARGEST = Integer.MAX_VALUE - 8;

    private Npy() {}

    /**
     * A header and where the data after it starts.
     *
     * @param dataOffset bytes from the start of the .npy value
     */
    public record Located(NpyHeader header, long dataOffset) {}

    /**
     * Reads the header at the start of {@code bytes}; the data behind it may be incomplete.
     *
     * @param where names the file or record in errors
     * @throws ArrayFormatException where the header is none, or names a dtype that is not carried
     */
    public static Located readHeader(MemorySegment bytes, String where) {
        try {
            return HeaderReader.read(bytes);
        } catch (ArrayFormatException e) {
            throw new ArrayFormatException(where + ": " + e.getMessage(), e);
        }
    }

    /**
     * The array in a whole .npy value, in the same memory.
     *
     * @param bytes a header and exactly its data
     * @param where names the file or record in errors
     * @throws ArrayFormatException where the header is none, the dtype is not carried, or the data is longer or shorter
     *     than the header says
     */
    public static ArraySlice decode(MemorySegment bytes, String where) {
        Located located = readHeader(bytes, where);
        NpyHeader header = located.header();
        checkDataBytes(header, bytes.byteSize() - located.dataOffset(), where);
        return new ArraySlice(header.dtype(), header.shape(), header.order(), bytes.asSlice(located.dataOffset()));
    }

    private static void checkDataBytes(NpyHeader header, long there, String where) {
        long said = header.dataBytes();
        if (there == said) {
            return;
        }
        String problem = there < said ? "it is truncated" : "a value holds one array and nothing else";
        throw new ArrayFormatException(where + ": the header says " + said + " bytes of data for "
                + header.dtype().name() + " " + header.shape() + ", " + there + " are there: " + problem
                + "; write it again with np.save");
    }

    /**
     * New memory for an array, zeros, with room for its header in front: {@link #encode} then has nothing to copy.
     *
     * @throws ArrayFormatException where it does not fit a Java array (2 GiB), or the header passes 1 MiB
     */
    public static ArraySlice blank(DType dtype, Shape shape, Order order) {
        NpyHeader header = new NpyHeader(dtype, shape, order);
        byte[] first = header.encode();
        byte[] bytes = new byte[length(header, first.length)];
        System.arraycopy(first, 0, bytes, 0, first.length);
        return new ArraySlice(dtype, shape, order, MemorySegment.ofArray(bytes).asSlice(first.length));
    }

    private static int length(NpyHeader header, int headerBytes) {
        long data = header.dataBytes();
        if (data > LARGEST - headerBytes) {
            throw new ArrayFormatException(header.dtype().name() + " " + header.shape() + " " + header.order() + " has "
                    + data + " bytes, too many for one value (" + LARGEST + "): split it first");
        }
        return headerBytes + (int) data;
    }

    /**
     * The array as a whole .npy value, byte for byte what {@code np.save} writes. It is the array's own memory where that is such a
     * value, as of {@link #blank} and {@link #decode}, and must not be written to any more.
     *
     * @throws ArrayFormatException where it does not fit a Java array (2 GiB), or the header passes 1 MiB
     */
    public static byte[] encode(ArraySlice array) {
        NpyHeader header = new NpyHeader(array.dtype(), array.shape(), array.order());
        byte[] first = header.encode();
        int length = length(header, first.length);
        if (array.data().heapBase().orElse(null) instanceof byte[] own
                && own.length == length
                && array.data().address() == first.length
                && Arrays.equals(own, 0, first.length, first, 0, first.length)) {
            return own;
        }
        byte[] bytes = new byte[length];
        MemorySegment value = MemorySegment.ofArray(bytes);
        MemorySegment.copy(MemorySegment.ofArray(first), 0, value, 0, first.length);
        MemorySegment.copy(array.data(), 0, value, first.length, array.data().byteSize());
        return bytes;
    }

    /**
     * Maps a .npy file, read-only. The slice lives as long as the arena; the file must not be shortened meanwhile.
     *
     * @throws ArrayFormatException where the file cannot be read, is no .npy file, or is longer or shorter than its
     *     header says
     */
    public static ArraySlice map(Path file, Arena arena) {
        return map(file, arena, file.toString());
    }

    /**
     * As {@link #map(Path, Arena)}, for a file that whoever reads the error knows under another name.
     *
     * @param where names the array in errors about its content
     */
    public static ArraySlice map(Path file, Arena arena, String where) {
        if (Files.isDirectory(file)) {
            throw new ArrayFormatException("cannot read " + file + ": it is a directory; name the .npy file in it");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return decode(channel.map(MapMode.READ_ONLY, 0, channel.size(), arena), where);
        } catch (NoSuchFileException e) {
            throw new ArrayFormatException("cannot read " + file + ": no such file; check the path", e);
        } catch (AccessDeniedException e) {
            throw new ArrayFormatException("cannot read " + file + ": permission denied", e);
        } catch (IOException e) {
            throw new ArrayFormatException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}

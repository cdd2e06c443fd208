package io.fanfold.producer.web;

import io.fanfold.producer.source.NpyRows;
import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A directory for arrays that cannot be cut while they come in. Any thread. */
final class Spool {
    private static final int PIECE_BYTES = 128 * 1024;

    private final Path directory;

    Spool(Path directory) {
        this.directory = directory;
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new FanfoldException(
                    "the spool " + directory + " cannot be made (" + e
                            + "): give a directory that can be written (--spool)",
                    e);
        }
    }

    /**
     * Reads an array to its end and maps it. Its file goes at once: its bytes stay for as long as the mapping, and a crash leaves none
     * behind.
     *
     * @throws SpoolFullException if the disk does not take it
     */
    ArraySlice take(Rows rows, Arena arena) throws IOException {
        Path file = Files.createTempFile(directory, "upload-", ".npy");
        try {
            return rows instanceof NpyRows npy ? whole(npy, file, arena) : data(rows, file, arena);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static ArraySlice whole(NpyRows npy, Path file, Arena arena) throws IOException {
        try (InputStream in = npy.whole();
                OutputStream out = new Sink(file)) {
            in.transferTo(out);
        }
        return Npy.map(file, arena, "the body of the request");
    }

    private static ArraySlice data(Rows rows, Path file, Arena arena) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (OutputStream out = new Sink(file)) {
            for (int read = rows.read(piece, 0, PIECE_BYTES); read > 0; read = rows.read(piece, 0, PIECE_BYTES)) {
                out.write(piece, 0, read);
            }
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            DType dtype = rows.header().dtype();
            Shape shape = rows.header().shape();
            long rowBytes = dtype.bytes(shape.with(0, 1));
            if (rowBytes == 0) {
                throw new ArrayFormatException("the rows of the array are empty: there is nothing to cut");
            }
            return new ArraySlice(
                    dtype,
                    shape.with(0, channel.size() / rowBytes),
                    rows.header().order(),
                    channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        }
    }

    /** The disk does not take an array. */
    static final class SpoolFullException extends IOException {
        private static final long serialVersionUID = 1L;

        SpoolFullException(IOException cause) {
            super("the array needs to be on disk as a whole, and the disk does not take it", cause);
        }
    }

    /** A file whose errors are told from those of the connection. */
    private static final class Sink extends OutputStream {
        private final OutputStream out;

        Sink(Path file) throws IOException {
            this.out = Files.newOutputStream(file);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                out.write(bytes, offset, length);
            } catch (IOException e) {
                throw new SpoolFullException(e);
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}

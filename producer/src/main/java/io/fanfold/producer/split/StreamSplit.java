package io.fanfold.producer.split;

import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/** An array cut while it comes in, along its first axis. Holds one chunk at a time. One thread. */
public final class StreamSplit implements Pieces {
    private final Rows source;
    private final NpyHeader header;
    private final Plan plan;
    private final long rowBytes;
    private final CRC32C crc = new CRC32C();
    private long next;
    private long rows;
    private boolean ended;

    /** @param plan of axis 0; of an endless array one of rows per chunk */
    public StreamSplit(Rows source, Plan plan) {
        this.source = source;
        this.header = source.header();
        this.plan = plan;
        this.rowBytes = header.dtype().bytes(header.shape().with(0, 1));
    }

    @Override
    public OptionalLong count() {
        return source.endless() ? OptionalLong.empty() : OptionalLong.of(plan.count(announced()));
    }

    private long announced() {
        return header.shape().dim(0);
    }

    @Override
    public Optional<Piece> next(long from) throws IOException {
        while (!ended) {
            Optional<Piece> piece = source.endless() ? endlessPiece() : plannedPiece();
            if (piece.filter(p -> p.index() >= from).isPresent()) {
                return piece;
            }
        }
        return Optional.empty();
    }

    private Optional<Piece> plannedPiece() throws IOException {
        long count = plan.count(announced());
        if (next == count) {
            ended = true;
            return Optional.empty();
        }
        Plan.Range range = plan.range(next, announced());
        byte[] npy = room(range.length());
        long wanted = range.length() * rowBytes;
        int got = read(npy, (int) wanted);
        if (got < wanted) {
            throw new ArrayFormatException("the array is truncated: its header says " + header.dataBytes()
                    + " bytes of data for " + header.dtype().name() + " " + header.shape() + ", and "
                    + (rows * rowBytes + got) + " came; send all of it");
        }
        if (next + 1 == count) {
            requireEnd(); // with its last chunk a job is whole, and nobody could end it any more
        }
        return Optional.of(piece(npy, range.length()));
    }

    private void requireEnd() throws IOException {
        if (source.read(new byte[1], 0, 1) > 0) {
            throw new ArrayFormatException("there is more behind the array: its header says " + header.dataBytes()
                    + " bytes of data for " + header.dtype().name() + " " + header.shape()
                    + "; send one array and nothing else");
        }
    }

    private Optional<Piece> endlessPiece() throws IOException {
        long most = ((Plan.Rows) plan).rowsPerChunk();
        byte[] npy = room(most);
        int got = read(npy, (int) (most * rowBytes));
        long length = got / rowBytes;
        ended = length < most;
        if (length == 0 && next > 0) {
            return Optional.empty();
        }
        return Optional.of(piece(length == most ? npy : shorter(npy, length), length));
    }

    private byte[] shorter(byte[] npy, long length) {
        byte[] room = room(length);
        int bytes = (int) (length * rowBytes);
        System.arraycopy(
                npy,
                npy.length - (int) (((Plan.Rows) plan).rowsPerChunk() * rowBytes),
                room,
                room.length - bytes,
                bytes);
        return room;
    }

    /** A chunk's header, and room for its rows behind it. */
    private byte[] room(long length) {
        byte[] first = new NpyHeader(header.dtype(), header.shape().with(0, length), header.order()).encode();
        byte[] npy = new byte[Math.toIntExact(first.length + length * rowBytes)];
        System.arraycopy(first, 0, npy, 0, first.length);
        return npy;
    }

    private int read(byte[] npy, int bytes) throws IOException {
        int got = source.read(npy, npy.length - bytes, bytes);
        crc.update(npy, npy.length - bytes, got);
        return got;
    }

    private Piece piece(byte[] npy, long length) {
        Piece piece = new Piece(next++, rows, npy);
        rows += length;
        return piece;
    }

    @Override
    public long total() {
        return next;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public String crc32c() {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

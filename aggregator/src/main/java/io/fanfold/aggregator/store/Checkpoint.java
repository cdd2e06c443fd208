package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Snapshot;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Optional;

/**
 * A growing job as its owner wrote it down: with its synced spool, all that is needed to go on without reading its outcomes again.
 *
 * @param assembly what has arrived
 * @param firstOffset offset of the job's first outcome
 * @param position the offset up to which its outcomes are in
 * @param millis when the broker had the last of its outcomes; 0 if none was read
 * @param dataOffset bytes of the header in front of the spool's data
 * @param failuresBytes bytes of the spool's failures
 */
public record Checkpoint(
        Snapshot assembly, long firstOffset, long position, long millis, long dataOffset, long failuresBytes) {
    private static final int VERSION = 0xfa4f0001;

    byte[] encode() {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(VERSION);
            out.writeLong(firstOffset);
            out.writeLong(position);
            out.writeLong(millis);
            out.writeLong(dataOffset);
            out.writeLong(failuresBytes);
            out.writeBoolean(assembly.listed());
            out.writeLong(assembly.end());
            out.writeLong(assembly.resultRows());
            out.writeLong(assembly.first());
            write(out, assembly.template().map(NpyHeader::encode).orElse(new byte[0]));
            write(out, assembly.hollow().map(NpyHeader::encode).orElse(new byte[0]));
            write(out, assembly.arrived().toByteArray());
            write(out, assembly.failed().toByteArray());
            return Checked.sealed(bytes.toByteArray());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("writing to memory", e);
        }
    }

    private static void write(DataOutputStream out, byte[] part) throws IOException {
        out.writeInt(part.length);
        out.write(part);
    }

    /** @throws IOException if these are not the bytes of a checkpoint, all of them */
    static Checkpoint decode(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(Checked.opened(bytes)));
        if (in.readInt() != VERSION) {
            throw new IOException("no checkpoint of this version");
        }
        long firstOffset = in.readLong();
        long position = in.readLong();
        long millis = in.readLong();
        long dataOffset = in.readLong();
        long failuresBytes = in.readLong();
        Snapshot assembly = new Snapshot(
                in.readBoolean(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                header(read(in)),
                header(read(in)),
                BitSet.valueOf(read(in)),
                BitSet.valueOf(read(in)));
        return new Checkpoint(assembly, firstOffset, position, millis, dataOffset, failuresBytes);
    }

    private static byte[] read(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static Optional<NpyHeader> header(byte[] bytes) throws IOException {
        try {
            return bytes.length == 0
                    ? Optional.empty()
                    : Optional.of(Npy.readHeader(MemorySegment.ofArray(bytes), "checkpoint")
                            .header());
        } catch (ArrayFormatException e) {
            throw new IOException("a checkpoint with another header", e);
        }
    }
}

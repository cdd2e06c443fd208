package io.fanfold.producer.source;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * An array as it is known before its chunks are written.
 *
 * @param header its dtype, shape and order; of an endless one the length of axis 0 means nothing
 * @param endless whether nobody knows yet how many rows it will have
 * @param head CRC-32C of the beginning of its data, where that is at hand: see {@link JobRecord.Claim}
 */
public record Incoming(NpyHeader header, boolean endless, Optional<String> head) {
    private static final int PIECE_BYTES = 64 * 1024;

    /** An array of known length, of whose data nothing is known. */
    public static Incoming of(NpyHeader header) {
        return new Incoming(header, false, Optional.empty());
    }

    /** An array that is all there. */
    public static Incoming of(ArraySlice array) {
        MemorySegment data = array.data();
        return new Incoming(
                new NpyHeader(array.dtype(), array.shape(), array.order()),
                false,
                Optional.of(crc32c(data.asSlice(0, Math.min(JobRecord.Claim.HEAD_BYTES, data.byteSize())))));
    }

    /** CRC-32C of so many bytes, of whatever memory, as eight hexadecimal digits. */
    public static String crc32c(MemorySegment data) {
        CRC32C crc = new CRC32C();
        byte[] piece = new byte[(int) Math.min(PIECE_BYTES, data.byteSize())];
        for (long at = 0; at < data.byteSize(); at += piece.length) {
            int length = (int) Math.min(piece.length, data.byteSize() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, piece, 0, length);
            crc.update(piece, 0, length);
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

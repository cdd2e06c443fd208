package io.fanfold.producer.intake;

import io.fanfold.producer.source.JsonRows;
import io.fanfold.producer.source.NumberType;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Submission;
import io.fanfold.protocol.wire.Submission.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** The arrays of submissions: in the record, or in a file that it names. Any thread. */
final class Payloads {
    private static final int PIECE_BYTES = 64 * 1024;

    private final Roots roots;

    Payloads(Roots roots) {
        this.roots = roots;
    }

    /**
     * The array of a submission.
     *
     * @param arena how long a file stays mapped
     * @throws ArrayFormatException if there is none
     * @throws io.fanfold.protocol.InvalidRequestException if its dtype is none, or its file may not be read
     */
    ArraySlice array(Submission submission, Arena arena) {
        return switch (submission.payload()) {
            case Payload.Npy npy -> Npy.decode(MemorySegment.ofBuffer(npy.bytes()), "the submission");
            case Payload.JsonArray json ->
                whole(json.text(), submission.dtype().map(NumberType::parse).orElse(NumberType.DEFAULT));
            case Payload.Elsewhere elsewhere -> Npy.map(roots.file(elsewhere.uri()), arena, elsewhere.uri());
        };
    }

    /** Read twice, since its numbers may take more room than their text: first counted, then put where they belong. */
    private static ArraySlice whole(ByteBuffer text, DType dtype) {
        try {
            byte[] data = new byte[Math.toIntExact(count(rows(text, dtype)))];
            JsonRows rows = rows(text, dtype);
            Shape empty = rows.header().shape();
            long length = data.length / dtype.bytes(empty.with(0, 1));
            if (rows.read(data, 0, data.length) < data.length) {
                throw new IllegalStateException("a text was read twice and was not the same");
            }
            return new ArraySlice(dtype, empty.with(0, length), Order.C, MemorySegment.ofArray(data));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long count(JsonRows rows) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        long bytes = 0;
        int got;
        do {
            got = rows.read(piece, 0, piece.length);
            bytes += got;
        } while (got == piece.length);
        return bytes;
    }

    private static JsonRows rows(ByteBuffer text, DType dtype) throws IOException {
        return JsonRows.open(new ByteArrayInputStream(text.array(), text.arrayOffset(), text.remaining()), dtype);
    }
}

package io.fanfold.protocol.wire;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Where a finished array is and what it is.
 *
 * @param descr its dtype, as in a {@code .npy} header
 * @param shape its shape, as a Python tuple
 * @param bytes length of the {@code .npy} file
 * @param crc32c checksum of the {@code .npy} file, eight hexadecimal digits
 * @param uri the store's own address of it ({@code file:///…})
 * @param http where it is served, if it is
 * @param inline the whole {@code .npy} file, if it is small
 * @param holes what is missing in it, if chunks failed
 * @param origin what it can be checked against and rebuilt from
 */
public record ResultInfo(
        String descr,
        String shape,
        long bytes,
        String crc32c,
        String uri,
        Optional<String> http,
        Optional<ByteBuffer> inline,
        Optional<Holes> holes,
        Optional<Origin> origin) {
    /** Results up to this many bytes ride in the terminal record itself. */
    public static final int INLINE_BYTES = 48 * 1024;

    /** A whole result of unknown origin. */
    public ResultInfo(
            String descr,
            String shape,
            long bytes,
            String crc32c,
            String uri,
            Optional<String> http,
            Optional<ByteBuffer> inline) {
        this(descr, shape, bytes, crc32c, uri, http, inline, Optional.empty(), Optional.empty());
    }

    /**
     * The chunks that failed in a job that went on without them.
     *
     * @param chunks how many
     * @param mask where a bool array is served, one value for each row of the input along the split axis, true where the row's
     *     chunk failed; if it is served
     * @param errors where the list of errors is served, as JSON; if it is
     */
    public record Holes(long chunks, Optional<String> mask, Optional<String> errors) {}

    /**
     * Where a result is kept, and what it was made from.
     *
     * @param store the id of the store
     * @param aggregator who made it
     * @param firstOutcome offset of the job's first outcome, in the job's outcomes partition
     * @param lastOutcome offset of the outcome that made it whole
     */
    public record Origin(String store, String aggregator, long firstOutcome, long lastOutcome) {}
}

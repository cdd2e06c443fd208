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
 */
public record ResultInfo(
        String descr,
        String shape,
        long bytes,
        String crc32c,
        String uri,
        Optional<String> http,
        Optional<ByteBuffer> inline) {
    /** Results up to this many bytes ride in the terminal record itself. */
    public static final int INLINE_BYTES = 48 * 1024;
}

package io.fanfold.producer.client;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** A result on its way, which is at its end what was announced, or an error. One thread. */
final class AnnouncedStream extends InputStream {
    private final InputStream in;
    private final JobId job;
    private final ResultInfo announced;
    private final CRC32C crc = new CRC32C();
    private long bytes;

    AnnouncedStream(InputStream in, JobId job, ResultInfo announced) {
        this.in = in;
        this.job = job;
        this.announced = announced;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        if (read > 0) {
            crc.update(into, offset, read);
            bytes += read;
        }
        if (bytes > announced.bytes() || read < 0) {
            check();
        }
        return read;
    }

    private void check() {
        String checksum = HexFormat.of().toHexDigits((int) crc.getValue());
        if (bytes != announced.bytes() || !checksum.equals(announced.crc32c())) {
            throw new FanfoldException("what came as the result of job " + job + " is not what was announced ("
                    + bytes + " bytes of " + announced.bytes() + ", CRC-32C " + checksum + " in place of "
                    + announced.crc32c() + ")"
                    + announced.http().map(at -> ": it was served at " + at).orElse(""));
        }
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

package io.fanfold.worker.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes frames, each whole. Any thread; it blocks while the reader is slow. */
final class FrameWriter {
    static final byte[] NO_BODY = {};

    private final OutputStream out;

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    synchronized void write(Head head, byte[] body) throws IOException {
        byte[] json = head.json();
        ByteBuffer start =
                ByteBuffer.allocate(Integer.BYTES + json.length + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        start.putInt(json.length).put(json).putLong(body.length);
        out.write(start.array());
        out.write(body);
        out.flush();
    }
}

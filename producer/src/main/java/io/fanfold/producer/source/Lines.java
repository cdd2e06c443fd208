package io.fanfold.producer.source;

import io.fanfold.protocol.array.ArrayFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a text in UTF-8, one at a time in one buffer. They end in LF, CRLF or CR; a byte order mark is passed over. One
 * thread.
 */
final class Lines {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int LONGEST = 1 << 20;
    private static final byte[] MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private int next;
    private int from;
    private int to;
    private long number;
    private byte ending;

    Lines(InputStream in) {
        this.in = in;
    }

    /** Goes to the next line; whether there is one. */
    boolean next() throws IOException {
        boolean afterReturn = ending == '\r';
        boolean there = advance();
        if (afterReturn && from == to && ending == '\n') {
            there = advance();
        }
        if (number == 0 && to - from >= MARK.length && Arrays.equals(buffer, from, from + MARK.length, MARK, 0, 3)) {
            from += MARK.length;
        }
        number++;
        return there;
    }

    private boolean advance() throws IOException {
        from = next;
        int length = 0;
        while (true) {
            to = end(from + length);
            if (to < filled) {
                ending = buffer[to];
                next = to + 1;
                return true;
            }
            length = to - from;
            if (!more()) {
                ending = 0;
                next = to;
                return length > 0;
            }
        }
    }

    private int end(int start) {
        byte[] bytes = buffer;
        int last = filled;
        int at = start;
        while (at < last && bytes[at] != '\n' && bytes[at] != '\r') {
            at++;
        }
        return at;
    }

    /** Reads on behind the line as far as it is there; whether anything came. */
    private boolean more() throws IOException {
        if (filled - from > LONGEST) {
            throw new ArrayFormatException("line " + (number + 1) + " is longer than " + LONGEST
                    + " bytes: write one row in a line, or send the array as .npy");
        }
        if (filled == buffer.length) {
            makeRoom();
        }
        int got = in.read(buffer, filled, buffer.length - filled);
        filled += Math.max(got, 0);
        return got > 0;
    }

    private void makeRoom() {
        int length = filled - from;
        byte[] room = length > buffer.length / 2 ? new byte[2 * buffer.length] : buffer;
        System.arraycopy(buffer, from, room, 0, length);
        buffer = room;
        filled = length;
        from = 0;
        to = length;
    }

    /** The memory that the line is in, until the next one is asked for. */
    byte[] buffer() {
        return buffer;
    }

    /** Where it begins there. */
    int from() {
        return from;
    }

    /** Where it ends, without its end of line. */
    int to() {
        return to;
    }

    /** Counted from 1. */
    long number() {
        return number;
    }
}

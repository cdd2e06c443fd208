package io.fanfold.deploy.compose;

import java.io.InputStream;

/** The bytes of an array in pieces, each of which comes when it is allowed: a job of it goes on for as long as a test needs. */
final class Trickle extends InputStream {
    private final byte[] bytes;
    private final int pieces;
    private int at;
    private int allowed;

    Trickle(byte[] bytes, int pieces) {
        this.bytes = bytes;
        this.pieces = pieces;
    }

    /** Lets some more pieces come. */
    synchronized void more(int count) {
        allowed = Math.min(pieces, allowed + count);
        notifyAll();
    }

    /** Lets all the others come. */
    void rest() {
        more(pieces);
    }

    /** How many pieces may have come. */
    synchronized int allowed() {
        return allowed;
    }

    @Override
    public synchronized int read() {
        return there() == 0 ? -1 : Byte.toUnsignedInt(bytes[at++]);
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length) {
        int read = Math.min(length, there());
        System.arraycopy(bytes, at, into, offset, read);
        at += read;
        return read == 0 ? -1 : read;
    }

    /** Waits until there are bytes; how many, 0 behind the last. */
    private int there() {
        while (at < bytes.length && at == end()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted at byte " + at + " of " + bytes.length, e);
            }
        }
        return end() - at;
    }

    private int end() {
        return (int) ((long) bytes.length * allowed / pieces);
    }
}

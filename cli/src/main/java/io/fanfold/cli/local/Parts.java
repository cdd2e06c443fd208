package io.fanfold.cli.local;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Things to be closed together, the last opened first. Closing twice is the same as once. Any thread. */
public final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Takes a part into care. */
    public synchronized <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    /** Closes all; one that fails is said and does not keep the others open. */
    @Override
    public synchronized void close() {
        for (AutoCloseable part = open.poll(); part != null; part = open.poll()) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("a part did not close cleanly", e);
            }
        }
    }
}

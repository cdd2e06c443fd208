package io.fanfold.worker.lane;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One assigned partition: its pool, its ledger, and how much of it may wait. The poll thread offers and asks; pool threads and
 * the producer's thread report. Closing it forgets the ledger: a chunk that ends later still emits, since a duplicate is
 * harmless, but only the current owner records a completion.
 */
public final class Lane {
    /** The offset to commit while nothing has been taken in. */
    private static final long NOTHING = -1;

    private final Workshop workshop;
    private final ThreadsExecution execution;
    private final Ledger ledger;
    private long waitingBytes;
    private int waiting;
    private int running;
    private boolean closed;
    private volatile boolean interrupting;

    /** A lane that has taken nothing in. */
    public Lane(Workshop workshop, ThreadsExecution execution) {
        this.workshop = workshop;
        this.execution = execution;
        this.ledger = new Ledger(NOTHING);
    }

    /** Takes records in, in the order of their offsets. Never blocks. */
    public void offer(List<ConsumerRecord<byte[], byte[]>> records) {
        synchronized (this) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                ledger.taken(record.offset());
                waiting++;
                waitingBytes += size(record);
            }
        }
        records.forEach(record -> execution.submit(() -> run(record)));
    }

    private void run(ConsumerRecord<byte[], byte[]> record) {
        synchronized (this) {
            if (closed) {
                return;
            }
            running++;
        }
        try {
            workshop.work(record, () -> interrupting, () -> done(record.offset()));
        } finally {
            synchronized (this) {
                running--;
                waiting--;
                waitingBytes -= size(record);
            }
        }
    }

    private synchronized void done(long offset) {
        ledger.done(offset);
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? 0 : record.value().length;
    }

    /** Bytes of chunks that are taken in and not yet worked. */
    public synchronized long waitingBytes() {
        return waitingBytes;
    }

    /** Chunks that are taken in and not yet worked. */
    public synchronized int waiting() {
        return waiting;
    }

    public synchronized int running() {
        return running;
    }

    /** The offset to commit now; negative while nothing has been taken in. */
    public synchronized long committable() {
        return ledger.committable();
    }

    public void resize(int threads) {
        execution.resize(threads);
    }

    /** Drops what waits; what runs goes on to its end. */
    public void close() {
        synchronized (this) {
            closed = true;
        }
        execution.close();
    }

    /** Interrupts what still runs. */
    public void interrupt() {
        interrupting = true;
        execution.interrupt();
    }
}

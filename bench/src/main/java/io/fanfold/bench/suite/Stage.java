package io.fanfold.bench.suite;

import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Shares;
import io.fanfold.cli.local.LocalWorkers;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One stage of the path alone: consume, do nothing, produce. All who stand in the middle read the same records, those of a {@link TinyJob},
 * from a topic with as many partitions, and one pair of {@link Ends} serves them all. One thread.
 *
 * <p>Each writes as it does by nature. The outcomes of a job go to the one partition that the job names and have headers; the others'
 * answers go to as many partitions as were read and have a key and a value. A hand-written loop that writes as Fanfold does is no slower for
 * it.
 */
final class Stage implements AutoCloseable {
    private static final int WORKERS = 2;

    private final Ends ends;
    private final int chunks;
    private final int maxValueBytes;

    /** @param chunks of each round */
    Stage(KafkaSettings kafka, int chunks) {
        this.ends = new Ends(kafka);
        this.chunks = chunks;
        this.maxValueBytes = kafka.maxValueBytes();
    }

    /** Starts workers as {@code fanfold run} does, without client and aggregator; returns when they share the partitions. */
    static Between workers(Lab lab, KafkaSettings kafka, int partitions) throws Exception {
        Lab.topics(kafka, partitions);
        Path logs = lab.directory();
        lab.opened(new LocalWorkers(kafka, WORKERS, List.of(), logs, false));
        Shares.awaitEven(kafka, Topics.DEFAULT_POOL, WORKERS, partitions);
        return new Between(
                kafka.topics().chunks(Topics.DEFAULT_POOL), kafka.topics().outcomes(), logs);
    }

    /** Seconds from the first record of a new job that is written to the last that is answered. */
    double seconds(Between between) throws IOException {
        TinyJob job = new TinyJob(chunks, maxValueBytes);
        ends.aim(between);
        long begin = System.nanoTime();
        ends.carry(between, chunks, (partition, i) -> job.chunk(between.in(), partition, i), job::answered);
        return (System.nanoTime() - begin) / 1e9;
    }

    @Override
    public void close() {
        ends.close();
    }
}

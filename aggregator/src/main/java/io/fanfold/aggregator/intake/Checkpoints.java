package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.store.Checkpoint;
import io.fanfold.aggregator.store.Mark;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Spools;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes growing jobs down, so that a restart on the same disk need not read all their outcomes again. A job is worth it when it has
 * grown enough, so that the cost of a byte depends neither on the job's size nor on how many there are. First the spool is synced, then
 * the job written down, then how far its partition is. One thread.
 */
final class Checkpoints {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
    /** Who leaves writes down what is so much smaller, too. */
    private static final long LEAVING_SHARE = 64;

    private final Spools spools;
    private final Background background;
    private final Moments moments;
    private final Collection<Live> live;
    private final long worthBytes;
    private final Map<Integer, String> topics = new HashMap<>();
    /** Of partitions that were given up, how many removals of their marks are still to come. */
    private final Map<Integer, Integer> leaving = new HashMap<>();

    /**
     * @param live the jobs that grow, as they are at any time
     * @param worthBytes how much a job grows before it is written down
     */
    Checkpoints(Spools spools, Background background, Moments moments, Collection<Live> live, long worthBytes) {
        this.spools = spools;
        this.background = background;
        this.moments = moments;
        this.live = live;
        this.worthBytes = worthBytes;
    }

    /**
     * Writes down, in the background, the jobs that are worth it.
     *
     * @param positions of each owned partition, the offset up to which all is done
     */
    void make(Map<Integer, Long> positions) {
        for (Live job : live) {
            Growing growing = job.growing;
            if (growing != null
                    && !job.publishing
                    && !job.checkpointing
                    && job.dirtyBytes >= worthBytes
                    && positions.containsKey(job.partition)) {
                make(job, growing, positions.get(job.partition), positions);
            }
        }
    }

    private void make(Live job, Growing growing, long position, Map<Integer, Long> positions) {
        Checkpoint checkpoint = growing.checkpoint(position);
        job.dirtyBytes = 0;
        job.checkpointing = true;
        background.run(
                () -> {
                    if (!job.abandoned) {
                        growing.spool.sync();
                        moments.reached(Moments.Moment.SYNCED);
                        spools.save(job.spec.job(), checkpoint);
                    }
                    return true;
                },
                _ -> {
                    job.checkpointing = false;
                    if (!job.abandoned) {
                        job.checkpointed = position;
                        mark(job.partition, positions);
                    }
                },
                e -> {
                    job.checkpointing = false;
                    LOG.atWarn()
                            .addKeyValue("job", job.spec.job())
                            .addKeyValue("error", e.toString())
                            .log("no checkpoint could be made: a restart reads the job's outcomes again");
                });
    }

    private void mark(int partition, Map<Integer, Long> positions) {
        Mark mark = markOf(partition, positions.getOrDefault(partition, 0L));
        background.run(
                () -> {
                    spools.mark(partition, mark);
                    return true;
                },
                _ -> {},
                e -> LOG.warn("no checkpoint could be made of partition {}: {}", partition, e.toString()));
    }

    private Mark markOf(int partition, long position) {
        List<Live> here =
                live.stream().filter(job -> job.partition == partition).toList();
        long all = Math.min(
                position, here.stream().mapToLong(Live::readAgainFrom).min().orElse(position));
        List<JobId> written = here.stream()
                .filter(job -> job.checkpointed >= 0)
                .map(job -> job.spec.job())
                .toList();
        return new Mark(topics.getOrDefault(partition, ""), all, written);
    }

    /** Writes down, now, what is worth it for one who comes back. */
    void makeAll(Map<Integer, Long> positions) {
        positions.forEach((partition, position) -> {
            try {
                for (Live job : live) {
                    Growing growing = job.growing;
                    boolean begun = job.checkpointing || job.checkpointed >= 0;
                    boolean worth = begun || job.dirtyBytes >= worthBytes / LEAVING_SHARE;
                    if (growing != null && job.partition == partition && worth && !job.publishing) {
                        growing.spool.sync();
                        spools.save(job.spec.job(), growing.checkpoint(position));
                        job.checkpointed = position;
                    }
                }
                spools.mark(partition, markOf(partition, position));
            } catch (IOException e) {
                LOG.atWarn()
                        .addKeyValue("partition", partition)
                        .addKeyValue("error", e.toString())
                        .log("no checkpoint could be made: outcomes are read again");
            }
        });
    }

    /**
     * Takes up what is written down of a partition.
     *
     * @param topic id of the outcomes topic as it is now; empty: not known
     * @param committed the offset that the partition's owners have agreed on
     * @param open whether a job has not ended: others need not be taken up
     * @param restore makes a job of its checkpoint, if that can be done
     * @return where to read on
     */
    long restore(
            int partition,
            String topic,
            long committed,
            Predicate<JobId> open,
            BiPredicate<JobId, Checkpoint> restore) {
        topics.put(partition, topic);
        if (leaving.containsKey(partition)) {
            return committed;
        }
        Optional<Mark> mark = spools.mark(partition);
        if (mark.isEmpty()
                || topic.isEmpty()
                || !mark.get().topic().equals(topic)
                || mark.get().position() < committed) {
            return committed;
        }
        long position = mark.get().position();
        boolean all = true;
        for (JobId job : mark.get().jobs()) {
            all &= !open.test(job)
                    || spools.checkpoint(job)
                            .filter(checkpoint -> checkpoint.position() >= position)
                            .filter(checkpoint -> restore.test(job, checkpoint))
                            .isPresent();
        }
        return all ? position : committed;
    }

    /** Forgets what is written down of a partition: another owns it now. */
    void forget(int partition) {
        topics.remove(partition);
        leaving.merge(partition, 1, Integer::sum);
        background.run(
                () -> {
                    spools.unmark(partition);
                    return true;
                },
                _ -> left(partition),
                e -> {
                    left(partition);
                    LOG.warn("a checkpoint could not be removed", e);
                });
    }

    private void left(int partition) {
        leaving.computeIfPresent(partition, (_, removals) -> removals == 1 ? null : removals - 1);
    }
}

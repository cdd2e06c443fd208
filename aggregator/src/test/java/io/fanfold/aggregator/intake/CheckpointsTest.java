package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.store.Moments;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written down, and what is taken up again. */
final class CheckpointsTest {
    private static final long WORTH = 6400;

    @TempDir
    private Path directory;

    private final Background background = new Background("test");
    private final List<Live> live = new ArrayList<>();
    private Desk desk;
    private Checkpoints checkpoints;

    @BeforeEach
    void open() {
        desk = new Desk(directory);
        checkpoints = new Checkpoints(desk.spools, background, Moments.NONE, live, WORTH);
        assertThat(restore("t1", 3)).isEqualTo(3);
    }

    @AfterEach
    void close() throws IOException {
        background.close();
        for (Live job : live) {
            job.growing.spool.discard();
        }
        desk.close();
    }

    /** A job in partition 0 whose first outcome was at that offset. */
    private Live begin(long seed, long firstOffset, long dirtyBytes) throws IOException {
        RandomJob job = new RandomJob(seed, Optional.empty(), List.of(DType.parse("<u2")));
        Live begun = new Live(job.spec, firstOffset, new Pace(0));
        begun.growing = desk.begin(job);
        begun.growing.accept(job.computed(0), firstOffset, 0);
        begun.dirtyBytes = dirtyBytes;
        live.add(begun);
        return begun;
    }

    private final List<JobId> restored = new ArrayList<>();

    private long restore(String topic, long committed) {
        restored.clear();
        return checkpoints.restore(0, topic, committed, _ -> true, (job, _) -> restored.add(job));
    }

    private void make(long position) {
        checkpoints.make(Map.of(0, position));
        await().pollInSameThread().until(() -> {
            background.drain();
            return desk.spools.mark(0).filter(mark -> mark.position() >= 0).isPresent()
                    && live.stream().noneMatch(job -> job.checkpointing);
        });
    }

    @Test
    void aJobThatHasGrownEnoughIsWrittenDownAndAnotherIsReadAgain() throws IOException {
        Live grown = begin(1, 10, WORTH);
        begin(2, 20, WORTH - 1);

        make(100);

        assertThat(grown.checkpointed).isEqualTo(100);
        assertThat(grown.dirtyBytes).isZero();
        assertThat(restore("t1", 10)).isEqualTo(20);
        assertThat(restored).containsExactly(grown.spec.job());
    }

    @Test
    void aTopicThatIsAnotherOrOffsetsThatAreGoneMakeWhatIsWrittenDownVoid() throws IOException {
        begin(1, 10, WORTH);
        make(100);

        assertThat(restore("t2", 10)).isEqualTo(10);
        assertThat(restored).isEmpty();
        assertThat(restore("t1", 101)).isEqualTo(101);
        assertThat(restored).isEmpty();
        assertThat(restore("t1", 100)).isEqualTo(100);
    }

    @Test
    void aJobThatCannotBeTakenUpIsReadFromItsFirstOutcome() throws IOException {
        Live job = begin(1, 10, WORTH);
        make(100);

        assertThat(checkpoints.restore(0, "t1", 10, _ -> true, (_, _) -> false)).isEqualTo(10);
        assertThat(checkpoints.restore(0, "t1", 10, _ -> false, (_, _) -> false))
                .isEqualTo(100);
        desk.spools.remove(job.spec.job());
        assertThat(restore("t1", 10)).isEqualTo(10);
    }

    /** As it may be after a power cut: its partition was written down after another checkpoint of it. */
    @Test
    void aJobThatWasWrittenDownBeforeItsPartitionsMarkWithoutWhatCameBetweenIsReadAgain() throws IOException {
        Live job = begin(1, 10, WORTH);
        make(100);
        desk.spools.save(job.spec.job(), job.growing.checkpoint(99));

        assertThat(restore("t1", 10)).isEqualTo(10);
        assertThat(restored).isEmpty();
        desk.spools.save(job.spec.job(), job.growing.checkpoint(130));
        assertThat(restore("t1", 10)).isEqualTo(100);
    }

    @Test
    void whoLeavesWritesDownSmallerJobsToo() throws IOException {
        Live small = begin(1, 10, WORTH / 64);
        Live smaller = begin(2, 20, WORTH / 64 - 1);

        checkpoints.makeAll(Map.of(0, 100L));

        assertThat(small.checkpointed).isEqualTo(100);
        assertThat(smaller.checkpointed).isEqualTo(-1);
        assertThat(restore("t1", 10)).isEqualTo(20);
        assertThat(restored).containsExactly(small.spec.job());
    }

    @Test
    void aJobThatIsBeingPublishedOrWhosePartitionIsAnothersIsNotWrittenDown() throws IOException {
        begin(1, 10, WORTH).publishing = true;
        Live other = begin(2, 20, WORTH);

        checkpoints.make(Map.of(7, 100L));
        live.remove(other);
        checkpoints.make(Map.of(0, 100L));
        checkpoints.makeAll(Map.of(0, 100L));

        assertThat(desk.spools.checkpoint(live.getFirst().spec.job())).isEmpty();
        assertThat(desk.spools.checkpoint(other.spec.job())).isEmpty();
        assertThat(restore("t1", 3)).isEqualTo(10);
        live.add(other);
    }

    @Test
    void aForgottenPartitionIsReadFromWhereItsOwnersHaveAgreed() throws IOException {
        begin(1, 10, WORTH);
        make(100);

        checkpoints.forget(0);

        assertThat(restore("t1", 10)).isEqualTo(10);
    }
}

package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.store.Checkpoint;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that go on from their last checkpoint, on a disk that has more. */
final class RestoredJobTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aJobThatWasKilledAtAnyPointsComesToTheSameFiles(boolean folds) throws IOException {
        Optional<FoldFunction> fold = folds ? Optional.of(new JoinedBytes()) : Optional.empty();
        int restored = 0;
        for (long seed = 0; seed < 80; seed++) {
            RandomJob job = new RandomJob(seed, fold, List.of(DType.parse("<u2"), DType.parse("<f8")));
            List<Outcome> outcomes = job.outcomes();
            List<String> undisturbed;
            try (Desk desk = new Desk(directory.resolve("calm-" + seed))) {
                desk.published(job, outcomes);
                undisturbed = files(desk, job.spec.job());
            }
            restored += killed(job, outcomes, directory.resolve("storm-" + seed), seed, undisturbed);
        }
        assertThat(restored).isGreaterThan(40);
    }

    /** The result, mask and errors of a job, as text. */
    private static List<String> files(Desk desk, JobId job) throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : List.of(Publisher.result(job), Publisher.mask(job), Publisher.errors(job))) {
            files.add(
                    name + (desk.results.find(name).isPresent() ? Arrays.toString(desk.file(name)) : " is not there"));
        }
        return files;
    }

    private static int killed(RandomJob job, List<Outcome> outcomes, Path place, long seed, List<String> undisturbed)
            throws IOException {
        Random random = new Random(seed);
        int restored = 0;
        Desk desk = new Desk(place);
        Growing growing = desk.begin(job);
        int kills = 1 + random.nextInt(4);
        for (int at = 0; !growing.assembly.complete(); at++) {
            growing.accept(outcomes.get(at), at, 1000 + at);
            if (random.nextInt(4) == 0 && !growing.assembly.complete()) {
                Checkpoint checkpoint = growing.checkpoint(at + 1);
                for (int more = random.nextInt(4); more > 0 && !growing.assembly.complete(); more--) {
                    growing.accept(outcomes.get(++at), at, 1000 + at); // written while the disk is synced
                }
                growing.spool.sync();
                desk.spools.save(job.spec.job(), checkpoint);
            }
            if (kills > 0 && random.nextInt(4) == 0 && !growing.assembly.complete()) {
                kills--;
                growing.spool.close();
                desk.close();
                desk = new Desk(place);
                Optional<Checkpoint> last = desk.spools.checkpoint(job.spec.job());
                growing = last.isPresent() ? goesOn(desk, job, last.get()) : desk.begin(job);
                restored += last.isPresent() ? 1 : 0;
                int from = last.isPresent() ? (int) last.get().position() : 0;
                at = Math.max(0, from - random.nextInt(4)) - 1; // some are read once more
            }
        }
        desk.publisher.publish(growing.whole());
        assertThat(files(desk, job.spec.job())).as("seed %d", seed).isEqualTo(undisturbed);
        growing.spool.discard();
        desk.close();
        return restored;
    }

    private static Growing goesOn(Desk desk, RandomJob job, Checkpoint checkpoint) throws IOException {
        return new Growing(
                job.spec,
                job.fold,
                checkpoint.firstOffset(),
                new Assembly(job.spec, checkpoint.assembly()),
                desk.spools.reopen(job.spec.job(), checkpoint),
                Moments.NONE);
    }

    @Test
    void aCheckpointSaysWhenTheBrokerHadTheLastOutcome() throws IOException {
        RandomJob job = new RandomJob(1, Optional.empty(), List.of(DType.parse("<u2")));
        try (Desk desk = new Desk(directory)) {
            Growing growing = desk.begin(job);
            growing.accept(job.failed(0), 7, 123_456);

            assertThat(growing.checkpoint(8).millis()).isEqualTo(123_456);
            growing.spool.discard();
        }
    }

    /** Files that are shorter than the checkpoint says are another disk's: to go on with them would lose what was there. */
    @ParameterizedTest
    @ValueSource(strings = {".list", ".failures"})
    void aSpoolThatLacksWhatItsCheckpointSpeaksOfIsNotTakenUp(String which) throws IOException {
        RandomJob job = new RandomJob(0, Optional.of(new JoinedBytes()), List.of(DType.parse("<u2")));
        for (long seed = 1; job.failing.isEmpty(); seed++) {
            job = new RandomJob(seed, Optional.of(new JoinedBytes()), List.of(DType.parse("<u2")));
        }
        try (Desk desk = new Desk(directory)) {
            Growing growing = desk.begin(job);
            growing.accept(job.failed(job.failing.nextSetBit(0)), 0, 0);
            growing.accept(job.computed(job.failing.nextClearBit(0)), 1, 0);
            Checkpoint checkpoint = growing.checkpoint(2);
            growing.spool.close();
            JobId id = job.spec.job();
            Path file = desk.spools.directory().resolve(id + ".a-1" + which);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(channel.size() - 1);
            }

            assertThatExceptionOfType(IOException.class).isThrownBy(() -> desk.spools.reopen(id, checkpoint));
            Files.delete(file);
            assertThatExceptionOfType(IOException.class).isThrownBy(() -> desk.spools.reopen(id, checkpoint));
        }
    }
}

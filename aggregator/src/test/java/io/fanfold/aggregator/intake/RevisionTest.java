package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Results whose holes are filled in later. */
final class RevisionTest {
    private static final List<DType> NUMBERS = List.of(DType.parse("<f4"), DType.parse(">f8"), DType.parse("<i4"));

    @TempDir
    private Path directory;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(directory);
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
    }

    @Test
    void aConcatenationWhoseHolesAreFilledInIsThatOfAllAnswers() throws IOException {
        int revised = 0;
        for (long seed = 0; seed < 100; seed++) {
            RandomJob job = new RandomJob(seed, Optional.empty(), RandomArrays.dtypes());
            BitSet holes = publishedWithHoles(job);
            if (!holes.isEmpty()) {
                byte[] whole = filledIn(job, job.spec, holes, new BitSet(), "r" + seed);
                assertThat(whole).as("seed %d", seed).isEqualTo(Concatenation.of(job, new BitSet()));
                revised++;
            }
        }
        assertThat(revised).isGreaterThan(30);
    }

    @Test
    void aRevisionMayLeaveHolesThatTheNextFillsIn() throws IOException {
        int revised = 0;
        for (long seed = 0; seed < 100; seed++) {
            RandomJob job = new RandomJob(seed, Optional.empty(), RandomArrays.dtypes());
            BitSet holes = publishedWithHoles(job);
            if (holes.cardinality() < 2) {
                continue;
            }
            BitSet left = new BitSet();
            holes.stream().filter(_ -> job.random().nextBoolean()).forEach(left::set);
            JobRecord.Spec second = SampleJobs.revision(job.spec, new JobId("s" + seed), SampleJobs.runs(holes));

            byte[] between = filledIn(job, job.spec, holes, left, "s" + seed);
            assertThat(between).as("seed %d", seed).isEqualTo(Concatenation.of(job, left));
            if (!left.isEmpty()) {
                byte[] whole = filledIn(job, second, left, new BitSet(), "t" + seed);
                assertThat(whole).as("seed %d", seed).isEqualTo(Concatenation.of(job, new BitSet()));
                revised++;
            }
        }
        assertThat(revised).isGreaterThan(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sum", "mean:all", "max", "joined"})
    void aFoldWhoseHolesAreFilledInHasTheBitsOfOneWithoutHoles(String name) throws IOException {
        FoldFunction fold = name.equals("joined")
                ? new JoinedBytes()
                : Folds.builtIn().find(new Fold(name)).orElseThrow();
        int revised = 0;
        for (long seed = 0; seed < 60; seed++) {
            RandomJob job = new RandomJob(seed, Optional.of(fold), NUMBERS);
            int first = job.failing.nextClearBit(0);
            if (job.failing.isEmpty() || job.answers.get(first).shape().size() == 0) {
                continue;
            }
            List<Outcome> all = new ArrayList<>();
            List<Outcome> some = new ArrayList<>();
            for (int chunk = 0; chunk < job.count(); chunk++) {
                all.add(job.computed(chunk));
                some.add(job.failing.get(chunk) ? job.failed(chunk) : job.computed(chunk));
            }
            byte[] undisturbed = desk.published(job, all);
            Collections.shuffle(some, job.random());
            desk.published(job, some);

            byte[] whole = filledIn(job, job.spec, job.failing, new BitSet(), "r" + seed);
            assertThat(whole).as("seed %d", seed).isEqualTo(undisturbed);
            revised++;
        }
        assertThat(revised).isGreaterThan(10);
    }

    private BitSet publishedWithHoles(RandomJob job) throws IOException {
        List<Outcome> outcomes = job.outcomes();
        desk.published(job, outcomes);
        return job.holes(outcomes);
    }

    /** The result of the revision that computes the holes, some of which fail again. */
    private byte[] filledIn(RandomJob job, JobRecord.Spec before, BitSet holes, BitSet failing, String id)
            throws IOException {
        JobRecord.Spec revision = SampleJobs.revision(before, new JobId(id), SampleJobs.runs(holes));
        Growing growing = desk.revise(revision, job.fold);
        List<Outcome> outcomes = new ArrayList<>();
        holes.stream().forEach(hole -> outcomes.add(failing.get(hole) ? job.failed(hole) : job.computed(hole)));
        IntStream.range(0, job.count())
                .filter(chunk -> !holes.get(chunk))
                .forEach(chunk -> outcomes.add(job.failed(chunk))); // they are there: this changes nothing
        Collections.shuffle(outcomes, job.random());
        Desk.feed(growing, outcomes);
        desk.publisher.publish(growing.whole());
        growing.spool.discard();
        return desk.result(revision.job());
    }

    private RandomJob withHoles() throws IOException {
        for (long seed = 0; ; seed++) {
            RandomJob job = new RandomJob(seed, Optional.empty(), NUMBERS);
            if (!job.failing.isEmpty()) {
                List<Outcome> outcomes = new ArrayList<>();
                for (int chunk = 0; chunk < job.count(); chunk++) {
                    outcomes.add(job.failing.get(chunk) ? job.failed(chunk) : job.computed(chunk));
                }
                desk.published(job, outcomes);
                return job;
            }
        }
    }

    @Test
    void aRevisionOfAResultThatIsNotInThisStoreIsRefused() throws IOException {
        RandomJob job = withHoles();
        desk.publisher.remove(job.spec.job());

        assertThatIllegalArgumentException()
                .isThrownBy(() -> desk.publisher.revise(
                        SampleJobs.revision(job.spec, new JobId("r1"), SampleJobs.runs(job.failing))))
                .withMessageContainingAll(job.spec.job().value(), desk.results.id());
    }

    @Test
    void aRevisionOfOtherHolesIsRefusedAndLeavesNothing() throws IOException {
        RandomJob job = withHoles();
        BitSet others = (BitSet) job.failing.clone();
        others.set(job.count() + 7);

        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        desk.publisher.revise(SampleJobs.revision(job.spec, new JobId("r1"), SampleJobs.runs(others))))
                .withMessageContaining(job.spec.job().value());
        assertThat(desk.spools.directory()).isDirectoryNotContaining("glob:**r1*");
    }

    @Test
    void aRevisionOfAResultWhoseHolesAreNotKnownForSureIsRefused() throws IOException {
        RandomJob job = withHoles();
        Path state = directory.resolve("store").resolve(job.spec.job() + ".state");
        byte[] bytes = Files.readAllBytes(state);
        for (int at = 0; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 4;
            Files.write(state, damaged);

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> desk.publisher.revise(
                            SampleJobs.revision(job.spec, new JobId("r1"), SampleJobs.runs(job.failing))))
                    .withMessageContainingAll(state.toString(), "damaged", "submit");
        }
    }

    @Test
    void everythingThatAResultWithHolesHasIsRemovedWithIt() throws IOException {
        RandomJob job = withHoles();

        desk.publisher.remove(job.spec.job());

        assertThat(directory.resolve("store")).isDirectoryNotContaining("glob:**" + job.spec.job() + ".*");
        assertThat(desk.publisher.has(job.spec.job(), Npy.encode(job.answers.getFirst()).length))
                .isFalse();
    }
}

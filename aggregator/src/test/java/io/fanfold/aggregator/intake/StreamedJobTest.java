package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.store.Checkpoint;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams come to the files that arrays of the same length come to, whenever they are sealed. */
final class StreamedJobTest {
    private static final List<DType> DTYPES = List.of(DType.parse("<u2"), DType.parse("<f8"));

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aStreamThatIsSealedAtAnyPointAndKilledAtAnyComesToTheSameFiles(boolean folds) throws IOException {
        Optional<FoldFunction> fold = folds ? Optional.of(new JoinedBytes()) : Optional.empty();
        long begin = System.nanoTime() % 1_000_000;
        System.out.println("StreamedJobTest seeds from " + begin);
        int streams = 0;
        for (long seed = begin; streams < 150; seed++) {
            RandomJob job = new RandomJob(seed, fold, DTYPES);
            if (job.spec.plan() instanceof Plan.Rows) {
                streams++;
                comesToTheSame(job, seed);
            }
        }
    }

    private void comesToTheSame(RandomJob job, long seed) throws IOException {
        List<Outcome> outcomes = job.outcomes();
        Random random = new Random(seed);
        int sealed = random.nextInt(outcomes.size() + 1);
        int end = sealed;
        List<String> expected;
        try (Desk desk = new Desk(directory.resolve("known-" + seed))) {
            Growing known = desk.begin(job);
            for (int at = 0; at < sealed || !known.assembly.complete(); at++) {
                known.accept(outcomes.get(at), at, at);
                end = Math.max(end, at + 1);
            }
            expected = published(desk, known);
        }
        try (Desk desk = new Desk(directory.resolve("stream-" + seed))) {
            Growing stream = desk.begin(SampleJobs.stream(job.spec), job.fold);
            for (int at = 0; at < end; at++) {
                if (at == sealed) {
                    seal(stream, job.spec);
                }
                stream.accept(outcomes.get(at), at, at);
                assertThat(stream.assembly.complete()).isEqualTo(at >= sealed && at == end - 1);
                if (random.nextInt(6) == 0) {
                    boolean known = at >= sealed || random.nextBoolean();
                    stream = reopened(desk, stream, job, at, known && at + 1 >= sealed);
                }
            }
            seal(stream, job.spec);
            assertThat(stream.assembly.complete()).isTrue();
            assertThat(published(desk, stream)).as("seed %d", seed).isEqualTo(expected);
        }
    }

    private static void seal(Growing stream, JobRecord.Spec sealed) {
        assertThat(Assembly.contradicts(sealed, stream.assembly.snapshot())).isFalse();
        stream.seal(sealed);
    }

    /** A new process goes on from what the one before has written down, and may know more. */
    private static Growing reopened(Desk desk, Growing stream, RandomJob job, int at, boolean sealed)
            throws IOException {
        Checkpoint checkpoint = stream.checkpoint(at + 1);
        stream.spool.sync();
        stream.spool.close();
        JobId id = job.spec.job();
        desk.spools.save(id, checkpoint);
        JobRecord.Spec spec = sealed ? job.spec : SampleJobs.stream(job.spec);
        Checkpoint last = desk.spools.checkpoint(id).orElseThrow();
        return new Growing(
                spec, job.fold, 0, new Assembly(spec, last.assembly()), desk.spools.reopen(id, last), Moments.NONE);
    }

    private static List<String> published(Desk desk, Growing whole) throws IOException {
        desk.publisher.publish(whole.whole());
        JobId id = whole.spec().job();
        List<String> files = new ArrayList<>(List.of(HexFormat.of().formatHex(desk.result(id))));
        if (whole.assembly.failures() > 0) {
            files.add(HexFormat.of().formatHex(desk.file(Publisher.mask(id))));
            files.add(new String(desk.file(Publisher.errors(id)), StandardCharsets.UTF_8));
        }
        whole.spool.discard();
        return files;
    }

    @Test
    void aRevisionAndAnArrayInSoManyChunksMustSayTheirRows() {
        RandomJob job = new RandomJob(1, Optional.empty(), DTYPES);
        Fit fit = new Fit(io.fanfold.protocol.fold.Folds.builtIn());
        int axis = job.spec.plan().axis();
        JobRecord.Spec even =
                SampleJobs.stream(SampleJobs.concat(job.spec.shape(), job.spec.order(), new Plan.Chunks(axis, 3)));
        JobRecord.Spec rows =
                SampleJobs.stream(SampleJobs.concat(job.spec.shape(), job.spec.order(), new Plan.Rows(axis, 3)));
        JobRecord.Spec revision = SampleJobs.revision(
                SampleJobs.concat(job.spec.shape(), job.spec.order(), new Plan.Rows(axis, 3)),
                new JobId("r2"),
                List.of());

        assertThat(fit.unfit(rows)).isEmpty();
        assertThat(fit.unfit(even).orElseThrow()).contains("rowsPerChunk");
        assertThat(fit.unfit(revision)).isEmpty();
        assertThat(fit.unfit(SampleJobs.stream(revision)).orElseThrow()).contains("revision", "rows");
    }
}

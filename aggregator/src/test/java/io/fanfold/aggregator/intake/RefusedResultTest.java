package io.fanfold.aggregator.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.StoreAddress;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Results that the store does not take at first. */
final class RefusedResultTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void whateverTheStoreRefusesItIsGivenAgainAndTakesTheSame(boolean folds, boolean taken) throws IOException {
        Optional<FoldFunction> fold = folds ? Optional.of(new JoinedBytes()) : Optional.empty();
        int refused = 0;
        for (long seed = 0; seed < 16; seed++) {
            RandomJob job = new RandomJob(seed, fold, List.of(DType.parse("<u2")));
            List<Outcome> outcomes = job.outcomes();
            Path place = directory.resolve("seed-" + seed);
            byte[] result;
            try (Desk desk = new Desk(place.resolve("undisturbed"))) {
                result = desk.published(job, outcomes);
            }
            boolean over = false;
            for (int call = 1; !over; call++) {
                over = publishedAtLast(job, outcomes, result, place.resolve("call-" + call), call, taken);
                refused += over ? 0 : 1;
            }
        }
        assertThat(refused).isGreaterThan(16);
    }

    /** @return whether the store takes fewer files than that */
    private static boolean publishedAtLast(
            RandomJob job, List<Outcome> outcomes, byte[] result, Path place, int call, boolean taken)
            throws IOException {
        RefusingResults.Refusal refusal = new RefusingResults.Refusal(call, taken);
        try (Desk desk = new Desk(
                place, new RefusingResults(new StoreAddress.Directory(place.resolve("store")).open(), refusal))) {
            Growing growing = desk.begin(job);
            Desk.feed(growing, outcomes);
            boolean refused = false;
            ResultInfo info;
            try {
                info = desk.publisher.publish(growing.whole());
            } catch (IOException e) {
                refused = true;
                info = desk.publisher.publish(growing.whole());
            }
            growing.spool.discard();
            assertThat(desk.result(job.spec.job()))
                    .as("seed of %s, file %d", job.spec.job(), call)
                    .isEqualTo(result);
            assertThat(desk.publisher.has(job.spec.job(), info.crc32c())).isTrue();
            assertThat(desk.spools.directory()).isDirectoryNotContaining("glob:**" + job.spec.job() + "*");
            if (refused) {
                makeWhole(desk, job, job.holes(outcomes));
            }
            return !refused;
        }
    }

    /** The holes can be filled in afterwards as if nothing had been refused. */
    private static void makeWhole(Desk desk, RandomJob job, BitSet holes) throws IOException {
        if (holes.isEmpty()) {
            return;
        }
        JobId id = new JobId("again");
        Growing growing = desk.revise(SampleJobs.revision(job.spec, id, SampleJobs.runs(holes)), job.fold);
        Desk.feed(
                growing,
                holes.stream().mapToObj(job::computed).map(Outcome.class::cast).toList());
        desk.publisher.publish(growing.whole());
        growing.spool.discard();
        byte[] revised = desk.result(id);
        assertThat(revised)
                .isEqualTo(job.fold.isEmpty() ? Concatenation.of(job, new BitSet()) : desk.published(job, all(job)));
        desk.publisher.remove(id);
        assertThat(desk.results.find(Publisher.result(id))).isEmpty();
    }

    private static List<Outcome> all(RandomJob job) {
        return IntStream.range(0, job.count())
                .mapToObj(job::computed)
                .map(Outcome.class::cast)
                .toList();
    }
}

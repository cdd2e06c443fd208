package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.aggregator.assemble.Arrival;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.assemble.Verdict;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results, whole from the moment their name is there. */
final class PublisherTest {
    private static final JobId JOB = SampleJobs.ID;

    @TempDir
    private Path directory;

    private Spools spools;
    private Results results;
    private Publisher publisher;

    @BeforeEach
    void open() {
        spools = new Spools(directory.resolve("spool"), "a-1", Moments.NONE);
        results = DirectoryResults.open(directory.resolve("store"));
        publisher = new Publisher(spools, results, "a-1", Optional.empty(), Moments.NONE);
    }

    @AfterEach
    void close() throws IOException {
        spools.close();
        results.close();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .filter(name -> !name.endsWith(".lock") && !name.contains(".fanfold"))
                    .sorted()
                    .toList();
        }
    }

    /** A job of bytes in one chunk. */
    private Whole whole(int bytes) throws IOException {
        JobRecord.Spec spec = SampleJobs.concat(Shape.of(bytes), Order.C, new Plan.Chunks(0, 1));
        Assembly assembly = new Assembly(spec);
        NpyHeader header = new NpyHeader(DType.parse("|u1"), Shape.of(bytes), Order.C);
        Arrival what = new Arrival(header, bytes, bytes, true);
        Verdict.Place place = (Verdict.Place) assembly.judge(0, what);
        Spool spool = spools.open(JOB);
        spool.begin(assembly.inFront(what, place).orElseThrow().encode());
        spool.write(0, ByteBuffer.wrap("x".repeat(bytes).getBytes(StandardCharsets.US_ASCII)));
        assembly.arrive(0, what, place);
        return new Whole(spec, assembly, spool, Optional.empty(), 3, 7);
    }

    private ResultInfo published(int bytes) throws IOException {
        Whole whole = whole(bytes);
        ResultInfo info = publisher.publish(whole);
        whole.spool().discard();
        return info;
    }

    @Test
    void theFinalNameIsNotThereBeforeTheResultIsWholeAndNothingElseIsAfter() throws IOException {
        Whole whole = whole(10);
        assertThat(files()).containsExactly("spool/j1.a-1.part");

        publisher.publish(whole);
        whole.spool().discard();

        assertThat(files()).containsExactly("store/j1.npy");
    }

    @Test
    void onlyASmallResultRidesInItsState() throws IOException {
        int most = ResultInfo.INLINE_BYTES - 128;

        assertThat(published(most).inline()).isPresent();
        assertThat(published(most + 1).inline()).isEmpty();
    }

    @Test
    void publishingAgainReplacesTheResultByTheSame() throws IOException {
        ResultInfo once = published(10);
        byte[] bytes = Files.readAllBytes(directory.resolve("store/j1.npy"));

        assertThat(published(10)).isEqualTo(once);
        assertThat(directory.resolve("store/j1.npy")).hasBinaryContent(bytes);
        assertThat(files()).containsExactly("store/j1.npy");
    }

    @Test
    void aResultIsThereAsItWasPublishedOrItIsNot() throws IOException {
        ResultInfo info = published(10);
        Path file = directory.resolve("store/j1.npy");
        byte[] bytes = Files.readAllBytes(file);

        assertThat(publisher.has(JOB, info.crc32c())).isTrue();
        for (int at = 0; at < bytes.length; at++) {
            byte[] flipped = bytes.clone();
            flipped[at] ^= 16;
            Files.write(file, flipped);
            assertThat(publisher.has(JOB, info.bytes())).isTrue();
            assertThat(publisher.has(JOB, info.crc32c())).as("byte %d", at).isFalse();
        }
        Files.write(file, new byte[] {1});
        assertThat(publisher.has(JOB, info.bytes())).isFalse();
        publisher.remove(JOB);
        assertThat(publisher.has(JOB, info.bytes())).isFalse();
        assertThat(files()).isEmpty();
    }

    @Test
    void aSmallResultIsPutBackFromItsState() throws IOException {
        ResultInfo info = published(10);
        publisher.remove(JOB);

        publisher.publishAgain(JOB, info.inline().orElseThrow());

        assertThat(publisher.has(JOB, info.crc32c())).isTrue();
        assertThat(info.inline().orElseThrow().remaining()).isEqualTo((int) info.bytes());
        assertThat(files()).containsExactly("store/j1.npy");
    }

    @Test
    void aResultIsKeptHereIfThisStoreOrThisAggregatorHasIt() {
        assertThat(publisher.keeps(Optional.of(new ResultInfo.Origin(results.id(), "other", 0, 0))))
                .isTrue();
        assertThat(publisher.keeps(Optional.of(new ResultInfo.Origin("another", "a-1", 0, 0))))
                .isTrue();
        assertThat(publisher.keeps(Optional.of(new ResultInfo.Origin("another", "other", 0, 0))))
                .isFalse();
        assertThat(publisher.keeps(Optional.empty())).isFalse();
    }
}

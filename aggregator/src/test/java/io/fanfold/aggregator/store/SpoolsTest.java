package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.assemble.Places;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An aggregator's own disk. */
final class SpoolsTest {
    private static final JobId JOB = new JobId("-job_1");

    @TempDir
    private Path directory;

    private Spools spools;

    @BeforeEach
    void open() {
        spools = new Spools(directory, "a-1", Moments.NONE);
    }

    @AfterEach
    void close() throws IOException {
        spools.close();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".lock"))
                    .sorted()
                    .toList();
        }
    }

    private static ByteBuffer data(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** One with data, list and failures, closed. */
    private static void leave(Spools spools, JobId job) throws IOException {
        try (Spool spool = spools.open(job)) {
            spool.write(0, data("data"));
            spool.list(3, new Places.Place(0, 4, 1));
            spool.fail(new byte[] {'{', '}'});
        }
    }

    private void restart() throws IOException {
        spools.close();
        spools = new Spools(directory, "a-1", Moments.NONE);
    }

    @Test
    void whatACrashLeftIsRemovedByTheSameOwnerAndNoOther() throws IOException {
        leave(spools, JOB);
        Files.writeString(spools.fresh(JOB.value(), "stitched"), "half");
        spools.openAside(JOB).close();
        for (String other : List.of("a-2", "a-11", "a", "1")) {
            try (Spools others = new Spools(directory, other, Moments.NONE)) {
                others.open(JOB).close();
                Files.writeString(others.fresh(JOB.value(), "mask"), "half");
            }
        }
        Files.writeString(directory.resolve("a-1.txt"), "a person's");

        restart();

        assertThat(files())
                .containsExactly(
                        "-job_1.1.mask",
                        "-job_1.1.part",
                        "-job_1.a-11.mask",
                        "-job_1.a-11.part",
                        "-job_1.a-2.mask",
                        "-job_1.a-2.part",
                        "-job_1.a.mask",
                        "-job_1.a.part",
                        "a-1.txt");
    }

    @Test
    void whatACheckpointSpeaksOfStaysAndNothingElse() throws IOException {
        JobId other = new JobId("other");
        leave(spools, JOB);
        leave(spools, other);
        spools.save(JOB, CheckpointTest.checkpoint(1));
        spools.mark(3, CheckpointTest.mark(1));
        Files.writeString(directory.resolve("-job_1.a-1.state.new"), "half");
        Files.writeString(spools.fresh(JOB.value(), "stitched"), "half");

        restart();

        assertThat(files())
                .containsExactly(
                        "-job_1.a-1.failures",
                        "-job_1.a-1.list",
                        "-job_1.a-1.part",
                        "-job_1.a-1.state",
                        "partition~3.a-1.state");
        assertThat(spools.checkpoint(JOB)).contains(CheckpointTest.checkpoint(1));
        assertThat(spools.mark(3)).contains(CheckpointTest.mark(1));
        assertThat(spools.checkpoint(other)).isEmpty();
        assertThat(spools.mark(4)).isEmpty();
    }

    @Test
    void aDamagedCheckpointIsNone() throws IOException {
        byte[] checkpoint = CheckpointTest.checkpoint(2).encode();
        byte[] mark = CheckpointTest.mark(2).encode();
        Random random = new Random(2);
        for (int at = 0; at < checkpoint.length; at += 7) {
            for (byte[] bad : CheckpointTest.damages(checkpoint, at, random)) {
                Files.write(directory.resolve("-job_1.a-1.state"), bad);
                assertThat(spools.checkpoint(JOB)).as("byte %d", at).isEmpty();
            }
        }
        for (int at = 0; at < mark.length; at += 7) {
            for (byte[] bad : CheckpointTest.damages(mark, at, random)) {
                Files.write(directory.resolve("partition~3.a-1.state"), bad);
                assertThat(spools.mark(3)).as("byte %d", at).isEmpty();
            }
        }
    }

    @Test
    void aSpoolThatIsBegunAnewHasNoCheckpointAndNothingOfTheOld() throws IOException {
        leave(spools, JOB);
        spools.save(JOB, CheckpointTest.checkpoint(1));

        spools.open(JOB).close();

        assertThat(files()).containsExactly("-job_1.a-1.part");
        assertThat(directory.resolve("-job_1.a-1.part")).isEmptyFile();
        assertThat(spools.checkpoint(JOB)).isEmpty();
    }

    @Test
    void aSpoolAsideLeavesThatOfTheJobAlone() throws IOException {
        leave(spools, JOB);

        Spool aside = spools.openAside(JOB);
        aside.write(0, data("other"));
        aside.discard();

        assertThat(files()).containsExactly("-job_1.a-1.failures", "-job_1.a-1.list", "-job_1.a-1.part");
        assertThat(directory.resolve("-job_1.a-1.part")).hasContent("data");
    }

    @Test
    void jobsThatNobodyNeedsAreSweptAndPartitionsAreNot() throws IOException {
        for (String id : List.of("a", "b", "c")) {
            leave(spools, new JobId(id));
            spools.save(new JobId(id), CheckpointTest.checkpoint(1));
        }
        spools.mark(3, CheckpointTest.mark(1));
        try (Spools others = new Spools(directory, "other", Moments.NONE)) {
            leave(others, new JobId("a"));
            others.save(new JobId("a"), CheckpointTest.checkpoint(1));
        }

        spools.sweep(new JobId("b")::equals);

        assertThat(files())
                .containsExactly(
                        "a.other.failures",
                        "a.other.list",
                        "a.other.part",
                        "a.other.state",
                        "b.a-1.failures",
                        "b.a-1.list",
                        "b.a-1.part",
                        "b.a-1.state",
                        "partition~3.a-1.state");
    }

    @Test
    void aRemovedJobAndAForgottenPartitionLeaveNothing() throws IOException {
        leave(spools, JOB);
        spools.save(JOB, CheckpointTest.checkpoint(1));
        spools.mark(3, CheckpointTest.mark(1));

        spools.remove(JOB);
        spools.unmark(3);
        spools.remove(JOB);

        assertThat(files()).isEmpty();
    }

    @Test
    void anOwnersNameThatIsNoFileNameIsMadeOne() throws IOException {
        String name = "../[*] ü/x";
        try (Spools odd = new Spools(directory, name, Moments.NONE)) {
            leave(odd, JOB);
        }
        assertThat(files()).hasSize(3).allMatch(file -> file.startsWith("-job_1."));

        new Spools(directory, name, Moments.NONE).close();

        assertThat(files()).isEmpty();
    }

    @Test
    void twoAggregatorsOfOneNameDoNotShareADirectory() throws IOException {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> new Spools(directory, "a-1", Moments.NONE))
                .withMessageContainingAll("a-1", directory.toString(), "--name");

        restart(); // one after the other, they do
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefusedWithTheRemedy() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> new Spools(file, "a-1", Moments.NONE))
                .withMessageContainingAll(file.toString(), "--spool");
    }
}

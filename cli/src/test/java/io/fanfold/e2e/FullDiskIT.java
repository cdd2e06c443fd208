package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.testkit.BrokerKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system that is full, in earnest: a small one is mounted. Where that is not allowed the tests are skipped. */
final class FullDiskIT {
    private static final int DISK_BYTES = 4 << 20;

    @TempDir
    private Path directory;

    private Path disk;
    private Fleet fleet;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString()),
                "mounting a file system is not allowed here");
        fleet = Fleet.on(BrokerKind.IN_JVM);
    }

    @AfterEach
    void unmount() throws Exception {
        if (fleet != null) {
            fleet.close();
            assertThat(run("umount", "-l", disk.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
    }

    private Path ballast(int bytes) throws IOException {
        return Files.write(disk.resolve("ballast"), new byte[bytes]);
    }

    /** 1.1 MB in 34 chunks. */
    private HandJob job(HandJob.Form form) {
        return HandJob.of(form, 7, 0, 34, 8, 500);
    }

    private <T extends JobState> List<T> said(HandJob job, Class<T> kind) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().states()).stream()
                .filter(record -> record.value() != null)
                .flatMap(record -> Records.state(record).stream())
                .filter(state -> state.job().equals(job.id()) && kind.isInstance(state))
                .map(kind::cast)
                .toList();
    }

    private void untilWaiting(HandJob job) {
        await().atMost(Fleet.LONG)
                .untilAsserted(() -> assertThat(said(job, JobState.Progress.class))
                        .anySatisfy(p -> assertThat(p.waiting().orElse(""))
                                .contains("cannot write", "No space left on device")));
    }

    private void untilWhole(HandJob job, Path store) throws IOException {
        await().atMost(Fleet.LONG)
                .until(() -> !said(job, JobState.Terminal.class).isEmpty());
        assertThat(said(job, JobState.Terminal.class))
                .singleElement()
                .satisfies(end -> assertThat(end.end()).as(end.toString()).isEqualTo(JobState.End.COMPLETED));
        byte[] bytes = new byte[job.result().remaining()];
        job.result().duplicate().get(bytes);
        assertThat(Files.readAllBytes(store.resolve(job.id() + ".npy"))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @EnumSource(names = {"ALIGNED", "RAGGED", "HOLES"})
    void whereThereIsNoRoomForOutcomesTheJobWaitsSaysSoAndGoesOnWhenThereIs(HandJob.Form form) throws IOException {
        Path store = disk.resolve("store");
        Aggregator aggregator = fleet.aggregator("only", store);
        Path ballast = ballast(DISK_BYTES - (300 << 10));
        HandJob job = job(form);
        job.write(fleet.kafka());

        untilWaiting(job);
        assertThat(aggregator.live()).isTrue();
        assertThat(said(job, JobState.Terminal.class)).isEmpty();
        Files.delete(ballast);

        untilWhole(job, store);
    }

    @Test
    void whereThereIsNoRoomForTheResultTheJobWaitsAndIsPublishedWhenThereIs() throws IOException {
        Path store = disk.resolve("store");
        Aggregator aggregator = fleet.aggregator("only", store);
        HandJob job = job(HandJob.Form.STITCHED);
        int outer = job.result().remaining();
        Path ballast = ballast(DISK_BYTES - outer - outer / 2);
        job.write(fleet.kafka());

        untilWaiting(job);
        assertThat(aggregator.live()).isTrue();
        assertThat(said(job, JobState.Progress.class).getLast().done())
                .isEqualTo(job.outcomes().size());
        Files.delete(ballast);

        untilWhole(job, store);
    }

    @Test
    void aJobThatWaitsCanBeCancelledAndTheNextOneGoesOn() throws IOException {
        Path store = disk.resolve("store");
        Aggregator aggregator = fleet.aggregator("only", store);
        ballast(DISK_BYTES - (1300 << 10));
        HandJob large = HandJob.of(HandJob.Form.ALIGNED, 8, 0, 34, 8, 1000);
        HandJob next = job(HandJob.Form.ALIGNED);
        large.write(fleet.kafka());
        untilWaiting(large);
        next.write(fleet.kafka());

        Raw.write(fleet.kafka(), List.of(Records.cancel(fleet.kafka().topics(), new Cancel(large.id(), "no room"))));

        untilWhole(next, store);
        assertThat(said(large, JobState.Terminal.class))
                .singleElement()
                .satisfies(end -> assertThat(end.end()).isEqualTo(JobState.End.CANCELLED));
        assertThat(aggregator.failure()).isEmpty();
    }

    /** Not even an empty file can be made: there are no inodes left. */
    @Test
    void aJobWhoseSpoolCannotBeginWaitsAndSaysSo() throws Exception {
        Path store = disk.resolve("store");
        Aggregator aggregator = fleet.aggregator("only", store);
        await().atMost(Fleet.LONG).until(aggregator::ready);
        assertThat(run("mount", "-o", "remount,nr_inodes=60", disk.toString())).isTrue();
        List<Path> files = new ArrayList<>();
        assertThatThrownBy(() -> {
                    for (int i = 0; ; i++) {
                        files.add(Files.createFile(disk.resolve("file-" + i)));
                    }
                })
                .isInstanceOf(IOException.class);
        HandJob job = job(HandJob.Form.STITCHED);
        job.write(fleet.kafka());

        untilWaiting(job);
        assertThat(aggregator.live()).isTrue();
        for (Path file : files) {
            Files.delete(file);
        }

        untilWhole(job, store);
    }

    /** The last outcome is a failure and needs no room; what comes then needs some here and some there. */
    @ParameterizedTest
    @EnumSource(names = {"HOLES", "STITCHED_HOLES", "RAGGED_HOLES", "SUM_HOLES"})
    void whereverInTheMiddleOfPublishingTheRoomEndsTheResultIsWholeInTheEnd(HandJob.Form form) throws IOException {
        Path store = disk.resolve("store");
        Aggregator aggregator = fleet.aggregator("only", store);
        for (int pages = 0; pages <= 3; pages++) {
            HandJob job = HandJob.of(form, 7, 0, 14, form.axis() == 1 ? 400 : 8, 500);
            job.accept(fleet.kafka());
            job.write(fleet.kafka(), 0, 13);
            await().atMost(Fleet.LONG)
                    .until(() -> said(job, JobState.Progress.class).stream().anyMatch(p -> p.done() == 13));
            Path ballast = allBut(pages);
            job.write(fleet.kafka(), 13, 14);
            await().atMost(Fleet.LONG)
                    .until(() -> !said(job, JobState.Terminal.class).isEmpty()
                            || said(job, JobState.Progress.class)
                                    .getLast()
                                    .waiting()
                                    .isPresent());
            assertThat(aggregator.failure())
                    .as("%s, %s pages of room", form, pages)
                    .isEmpty();
            Files.delete(ballast);

            untilWhole(job, store);
            assertThat(store.resolve(job.id() + ".mask.npy")).isRegularFile();
            assertThat(store.resolve(job.id() + ".errors.json")).content().contains("\"index\":13");
        }
    }

    /** Fills the disk, all but so many of its pages. */
    private Path allBut(int pages) throws IOException {
        Path ballast = disk.resolve("ballast");
        int page = 4096;
        try (FileChannel file = FileChannel.open(ballast, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThatThrownBy(() -> {
                        while (true) {
                            file.write(ByteBuffer.allocate(page));
                        }
                    })
                    .isInstanceOf(IOException.class);
            file.truncate(file.size() / page * page - (long) pages * page);
        }
        return ballast;
    }
}

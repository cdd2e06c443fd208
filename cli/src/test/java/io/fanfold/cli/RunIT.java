package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code run}, {@code demo} and {@code up} as a person uses them: processes, files, signals. */
final class RunIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    @Test
    void identityAlongTheLastAxisOfAFortranArrayGivesTheSameFile() throws Exception {
        ArraySlice array = new RandomArrays(7).of(DType.parse(">f8"), Shape.of(30, 20, 11), Order.FORTRAN);
        Path in = Command.save(directory.resolve("x.npy"), array);

        Command.Ended ended = run("identity", in, "--axis", "-1", "--chunks", "13");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("13 chunks, 2 workers");
        assertThat(out()).hasSameBinaryContentAs(in);
        assertThat(names()).containsExactlyInAnyOrder("x.npy", "y.npy");
    }

    @Test
    void aWorkerThatIsKilledInTheMiddleLosesNothing() throws Exception {
        Path in = Command.save(directory.resolve("x.npy"), numbers(1000));
        String words = "run --function sleep --param ms=2000 --strategy threads --out y.npy --chunks 64 --workers 2"
                + " --verbose --in " + in;
        Command command = Command.start(directory, words.split(" "));
        await().atMost(LONG).until(() -> command.workers().size() == 2 && spoolGrows());
        ProcessHandle victim = command.workers().getFirst();

        victim.destroyForcibly();

        Command.Ended ended = command.await();
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("1 worker died and was replaced");
        assertThat(out()).hasSameBinaryContentAs(in);
    }

    /** Whether there is an outcome in the spool of the command that runs. */
    private boolean spoolGrows() throws IOException {
        try (DirectoryStream<Path> works = Files.newDirectoryStream(directory, ".fanfold-*")) {
            for (Path work : works) {
                if (grows(work.resolve("store").resolve("spool"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean grows(Path spool) throws IOException {
        try (DirectoryStream<Path> growing = Files.newDirectoryStream(spool, "*.part")) {
            return growing.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return false; // not yet
        }
    }

    @Test
    void ctrlCLeavesNothingBehind() throws Exception {
        Command command = Command.start(directory, fourMinutes());
        await().atMost(LONG).until(() -> command.workers().size() == 2 && spoolGrows());
        List<ProcessHandle> workers = command.workers();

        command.interrupt();

        assertThat(command.await().code()).isEqualTo(130);
        await().atMost(LONG).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(names()).containsExactly("x.npy");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void ctrlCOnATerminalWithItsBarDoesTheSame() throws Exception {
        Command command = Command.startOnTerminal(directory, fourMinutes());
        await().atMost(LONG).until(() -> command.said().contains("/100 chunks") && spoolGrows());
        List<ProcessHandle> all = command.descendants();

        command.type(3);

        assertThat(command.await().code()).isEqualTo(130);
        await().atMost(LONG).until(() -> all.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(names()).containsExactly("x.npy");
    }

    @Test
    void workersEndWithACommandThatIsKilledAndTheNextClearsUp() throws Exception {
        Command command = Command.start(directory, fourMinutes());
        await().atMost(LONG).until(() -> command.workers().size() == 2);
        List<ProcessHandle> workers = command.workers();

        command.kill();

        await().atMost(LONG).until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(names()).hasSize(2).contains("x.npy");

        assertThat(run("identity", directory.resolve("x.npy")).code()).isZero();
        assertThat(names())
                .as("what was killed is cleared away by the next")
                .containsExactlyInAnyOrder("x.npy", "y.npy");
    }

    @Test
    void aJobThatFailsSaysWhichChunkAndWhyAndWritesNothing() throws Exception {
        Path in = Command.save(directory.resolve("x.npy"), numbers(100));

        Command.Ended ended = run("clip", in, "--chunks", "4");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines()).hasSize(1);
        assertThat(ended.err()).contains("chunk ").contains("rows ").contains("clip");
        assertThat(names()).containsExactly("x.npy");
    }

    @Test
    void theDemoDrawsChecksAndTells() throws Exception {
        Command.Ended ended = Command.run(directory, "demo", "--size", "256", "--iterations", "100");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("every point is equal").contains("Try next");
        assertThat(directory.resolve("fanfold-demo/mandelbrot.png")).isNotEmptyFile();
        assertThat(directory.resolve("fanfold-demo/mandelbrot.npy")).isNotEmptyFile();
    }

    @Test
    void anArrayGoesThroughTheFleetOfUp() throws Exception {
        Path in = Command.save(directory.resolve("x.npy"), numbers(200_000));
        Command up = Command.start(directory, "up", "--workers", "1", "--work-dir", directory.toString());
        await().atMost(LONG).until(() -> up.said().contains("Try, in another terminal") || !up.running());
        String broker = up.said()
                .lines()
                .filter(l -> l.strip().startsWith("broker"))
                .map(l -> l.strip().replaceFirst("broker\\s+", ""))
                .findFirst()
                .orElseThrow();
        assertThat(up.workers()).hasSize(1);

        Command.Ended ended = Command.run(
                directory,
                "run",
                "--function",
                "identity",
                "--in",
                in.toString(),
                "--out",
                "y.npy",
                "--bootstrap-server",
                broker);
        up.interrupt();

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(out()).hasSameBinaryContentAs(in);
        assertThat(up.await().code()).isEqualTo(130);
        assertThat(names()).containsExactlyInAnyOrder("x.npy", "y.npy");
    }

    /** Two gigabytes through JVMs of 256 MB; it needs 8 GB of disk for a minute. */
    @Test
    @EnabledIfEnvironmentVariable(named = "FANFOLD_TEST_LARGE", matches = "1")
    void twoGigabytesRunInAQuarterOfAGigabyteOfHeap() throws Exception {
        long count = 250_000_000;
        Path in = directory.resolve("x.npy");
        NpyHeader header = new NpyHeader(DType.parse("<f8"), Shape.of(count), Order.C);
        byte[] block = new byte[8_000_000];
        ByteBuffer numbers = ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN);
        try (OutputStream file = Files.newOutputStream(in)) {
            file.write(header.encode());
            for (long i = 0; i < count; i++) {
                numbers.putDouble(i * 0.37);
                if (!numbers.hasRemaining()) {
                    file.write(block);
                    numbers.clear();
                }
            }
        }

        Command.Ended ended = run("sqrt", in);

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(NumPy.here().run("""
            import sys, numpy as np
            x, y = (np.load(p, mmap_mode="r") for p in sys.argv[1:])
            step = 10_000_000
            ok = y.shape == x.shape and y.dtype == x.dtype and all(
                np.array_equal(np.sqrt(x[i:i + step]), y[i:i + step]) for i in range(0, len(x), step))
            print("equal" if ok else "different")
            """, in.toString(), out().toString()).strip())
                .isEqualTo("equal");
    }

    /** A run that will not be over before it is stopped: 100 chunks that wait two seconds each. */
    private String[] fourMinutes() throws IOException {
        Path in = Command.save(directory.resolve("x.npy"), numbers(1000));
        String words = "run --function sleep --param ms=2000 --strategy threads --out y.npy --chunks 100 --in " + in;
        return words.split(" ");
    }

    private Command.Ended run(String function, Path in, String... more) throws InterruptedException {
        List<String> arguments = Stream.concat(
                        Stream.of("run", "--function", function, "--in", in.toString(), "--out", "y.npy"),
                        Stream.of(more))
                .toList();
        return Command.run(directory, arguments.toArray(String[]::new));
    }

    private Path out() {
        return directory.resolve("y.npy");
    }

    private static ArraySlice numbers(int count) {
        byte[] bytes = new byte[8 * count];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            buffer.putDouble(i);
        }
        return new ArraySlice(DType.parse("<f8"), Shape.of(count), Order.C, MemorySegment.ofArray(bytes));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void aCopyOfAnArrayIsReadAsNumPyWroteIt() throws Exception {
        Path in = Command.save(directory.resolve("x.npy"), numbers(1001));

        Command.Ended ended = run("negate", in, "--chunks", "2000");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(Npy.decode(MemorySegment.ofArray(Files.readAllBytes(out())), "y")
                        .shape())
                .isEqualTo(Shape.of(1001));
        NumPy.here();
    }
}

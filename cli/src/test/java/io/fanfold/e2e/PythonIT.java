package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.dispatch.Limits;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.lane.RetryPolicy;
import io.fanfold.worker.process.PythonFunctions;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions in Python see the chunks that NumPy would cut, and whatever they do has a defined end. */
final class PythonIT {
    private static final String WORK = """
        import os, signal, sys, time, uuid
        import numpy as np

        def keep(x, directory: str):
            np.save(os.path.join(directory, uuid.uuid4().hex + ".npy"), x)
            return x

        def misbehave(x, how: str):
            if x.flat[0] != 2:
                return x
            if how == "raises":
                raise KeyError("no such row")
            if how == "exits":
                sys.exit(3)
            if how == "leaves":
                os._exit(7)
            if how == "kills":
                os.kill(os.getpid(), signal.SIGKILL)
            if how == "hangs":
                time.sleep(3600)
            if how == "dtype":
                return x.astype("<f4")
            if how == "list":
                return x.tolist()
            if how == "none":
                return None
            if how == "objects":
                return x.astype(object)
            if how == "prints":
                print("x" * 3_000_000)
                sys.stderr.write("y" * 3_000_000)
                os.system("echo from a shell")
            return x
        """;

    /** Compares chunks that were kept, in any order, with those of array_split. */
    private static final String COMPARE = """
        import glob, sys
        import numpy as np
        x, axis, count = np.load(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
        def known(a): return (a.shape, a.dtype.str, a.tobytes())
        want = sorted(known(c) for c in np.array_split(x, count, axis))
        have = sorted(known(np.load(f)) for f in glob.glob(sys.argv[4] + "/*.npy"))
        if want != have:
            print([w[0] for w in want], [h[0] for h in have])
        """;

    @TempDir
    private static Path directory;

    private static Fleet fleet;

    @BeforeAll
    static void start() throws Exception {
        String python = NumPy.here().python();
        String work = Files.writeString(directory.resolve("work.py"), WORK).toString();
        fleet = Fleet.on(BrokerKind.IN_JVM);
        WorkerSettings s = fleet.settings("worker-1");
        WorkerSettings impatient = new WorkerSettings(
                s.kafka(),
                s.name(),
                s.pool(),
                s.pools(),
                s.patience(),
                new RetryPolicy(2, 2, Duration.ofMillis(10), Duration.ofMillis(10), Set.of("KeyError")),
                s.keepCompletions(),
                s.purgeEvery());
        fleet.worker(
                impatient,
                FunctionRegistry.builtIn()
                        .with(List.of(
                                PythonFunctions.describe(python, work + ":keep"),
                                PythonFunctions.describe(python, work + ":misbehave"))));
        fleet.aggregator("aggregator-1", fleet.store("results"));
    }

    @AfterAll
    static void stop() {
        if (fleet != null) {
            fleet.close();
        }
    }

    private record Cut(ArraySlice array, int axis, int count) {}

    @Test
    void aFunctionSeesExactlyTheChunksOfArraySplit() throws Exception {
        RandomArrays random = new RandomArrays(20260310);
        List<Cut> cuts = List.of(
                new Cut(random.of(DType.parse("<f8"), Shape.of(10, 7), Order.C), 0, 3),
                new Cut(random.of(DType.parse(">i2"), Shape.of(10, 7), Order.FORTRAN), 1, 4),
                new Cut(random.of(DType.parse("<u4"), Shape.of(5, 4, 3), Order.C), -1, 2),
                new Cut(random.of(DType.parse("|b1"), Shape.of(5), Order.C), 0, 9));
        List<NumPy.Pair> pairs = new ArrayList<>();
        for (Cut cut : cuts) {
            Path here = Files.createTempDirectory(directory, "cut");
            Path kept = Files.createDirectory(here.resolve("kept"));
            Path in = Files.write(here.resolve("x.npy"), Npy.encode(cut.array()));
            JobHandle job = fleet.submit(
                    fleet.function("work:keep"),
                    Map.of("directory", kept.toString()),
                    cut.array(),
                    cut.axis(),
                    new ChunkSize.Count(cut.count()));
            pairs.add(new NumPy.Pair(in, Fleet.result(job)));
            String different = NumPy.here()
                    .run(
                            COMPARE,
                            in.toString(),
                            Integer.toString(cut.axis()),
                            Integer.toString(cut.count()),
                            kept.toString());
            assertThat(different).as(cut.toString()).isEmpty();
        }
        NumPy.here().assertEqual(pairs);
    }

    private static JobHandle misbehaving(String how) {
        byte[] rows = {0, 0, 1, 1, 2, 2, 3, 3};
        ArraySlice array = new ArraySlice(DType.parse("|i1"), Shape.of(8), Order.C, MemorySegment.ofArray(rows));
        return fleet.submit(
                Fleet.request(
                        fleet.function("work:misbehave"),
                        Map.of("how", how),
                        0,
                        new ChunkSize.Count(4),
                        Strategy.AUTO,
                        new Limits(OptionalLong.empty(), OptionalLong.of(how.equals("hangs") ? 1000 : 60_000))),
                array);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        raises  | KeyError: 'no such row'
        exits   | Crashed: it killed the process that ran it 2 times, the last time: exit code 3: sys.exit(3) in work.py
        leaves  | Crashed: it killed the process that ran it 2 times, the last time: exit code 7
        kills   | Crashed: it killed the process that ran it 2 times, the last time: killed by SIGKILL
        hangs   | TimedOut: it ran longer than its 1.0 s; give it more time (--chunk-timeout)
        dtype   | float32
        list    | TypeError: misbehave returned list, not an ndarray
        none    | TypeError: misbehave returned None, not an ndarray
        objects | TypeError: misbehave returned an ndarray of dtype object
        """)
    void whateverAFunctionDoesIsSaidInOneLineThatNamesTheChunk(String how, String named) {
        JobState.Terminal end = Fleet.end(misbehaving(how));

        assertThat(end.end()).isEqualTo(JobState.End.FAILED);
        assertThat(end.error().orElseThrow()).contains("chunk 2", named).hasLineCount(1);
    }

    @Test
    void aFunctionMayPrintAsMuchAsItLikes() {
        assertThat(Fleet.end(misbehaving("prints")).end()).isEqualTo(JobState.End.COMPLETED);
    }
}

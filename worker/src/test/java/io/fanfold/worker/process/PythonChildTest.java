package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.NumPy;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.process.Nursery.Started;
import io.fanfold.worker.strategy.Ending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions in Python, with a real Python and a real NumPy. */
final class PythonChildTest {
    private static String python = "";

    private final Nursery nursery = new Nursery(2, 0);

    @TempDir
    private Path files;

    /** Asks once what command serves a function. */
    @BeforeAll
    static void python(@TempDir Path any) throws IOException {
        Path file = Files.writeString(any.resolve("any.py"), "def f(x): return x\n");
        python = PythonFunctions.describe(NumPy.here().python(), file + ":f")
                .command()
                .getFirst();
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(files.resolve("neighbour.py"), "FACTOR = 2.0\n");
        Files.writeString(files.resolve("work.py"), """
            import os, signal, subprocess, sys, time
            import numpy as np
            import neighbour

            started = []

            def initializer():
                started.append(os.getpid())
                open(os.path.join(os.path.dirname(__file__), "started-%d" % os.getpid()), "x").close()

            class Busy(Exception):
                fanfold_lasting = True

            class Odd(ValueError):
                fanfold_lasting = False

            class Mute(Exception):
                def __str__(self):
                    raise RuntimeError("no")

            def f(x):
                return x * neighbour.FACTOR

            def power(x, exponent: float, *, offset=1.0, name=None, negate=False):
                assert type(exponent) is float and name in (None, "n") and type(negate) is bool
                return (x ** exponent + offset) * (-1 if negate else 1)

            def pids(x):
                return np.full(len(x), os.getpid(), dtype=np.int64)

            def inits(x):
                return np.full(len(x), len(started))

            def own(x):
                x += 1
                assert x.flags.writeable and x.flags.aligned
                return x[::-1]

            def hexed(x):
                order = "F" if x.flags.f_contiguous and not x.flags.c_contiguous else "C"
                said = "%s %s %s %s" % (x.dtype.str if not x.dtype.names else x.dtype.descr, x.shape, order, x.tobytes("A").hex())
                return np.frombuffer(said.encode(), dtype=np.uint8)

            def prints(x):
                print("to stdout")
                sys.stdout.write("more")
                os.write(1, b"from C")
                subprocess.run(["echo", "from a child"])
                print("to stderr", file=sys.stderr)
                return x

            def helper(x):
                raise KeyError("no such row %s" % x[0])

            def raises(x): return helper(x)
            def value(x): raise ValueError("two\\nlines")
            def busy(x): raise Busy("later")
            def odd(x): raise Odd("odd")
            def mute(x): raise Mute()
            def long(x): raise OSError("x" * 10_000_000)
            def deep(x): return deep(x)
            def exits(x): sys.exit(4)
            def says(x): sys.exit("enough")
            def interrupted(x): raise KeyboardInterrupt
            def gone(x): os._exit(3)
            def killed(x): os.kill(os.getpid(), signal.SIGKILL)
            def aborts(x): os.abort()
            def asked(x): os.kill(os.getpid(), signal.SIGTERM); return 2 * x

            def ends_its_own(x):
                there, here = os.pipe()
                child = os.fork()
                if child == 0:
                    os.write(here, b"!")
                    time.sleep(600)
                os.read(there, 1)
                os.kill(child, signal.SIGTERM)
                return x * 0 + os.WTERMSIG(os.waitpid(child, 0)[1])
            def narrower(x): return x.astype(">i2")
            def shorter(x): return x[:1]
            def transposed(x): return np.asfortranarray(np.zeros((2, 3)))
            def structured(x): return np.zeros(2, dtype=[("a", "<f8"), ("b", "S3")])

            def a_list(x): return [1, 2]
            def nothing(x): x + 1
            def a_number(x): return x.sum()
            def a_point(x): return np.array(1.0)
            def objects(x): return np.array([{}, None], dtype=object)
            def texts(x): return np.array(["a"], dtype=np.dtypes.StringDType()) if hasattr(np.dtypes, "StringDType") else [1]
            def masked(x): return np.ma.masked_less(x, 0)
            def frame(x): return {"a": x}

            def hangs(x, file):
                open(file, "x").close()
                while True: pass

            def meets(x, mine, yours):
                open(mine, "x").close()
                while not os.path.exists(yours): time.sleep(0.01)
                return x

            def loud(x):
                sys.stderr.write("x" * 5_000_000 + "\\n")
                for i in range(100_000): print("line", i)
                return x

            def leaves_a_process(x):
                pid = os.fork()
                if pid == 0:
                    time.sleep(600)
                with open(os.path.join(os.path.dirname(__file__), "left"), "w") as f: f.write(str(pid))
                os._exit(6)

            class Tools:
                @staticmethod
                def half(x): return x / 2
            """);
    }

    @AfterEach
    void close() {
        nursery.close();
    }

    private ChildFunction python(String function) {
        return python(files.resolve("work.py"), function);
    }

    private static ChildFunction python(Path file, String function) {
        try {
            return Nursery.command("work:" + function, python, "-u", Harness.file(), file.toString(), function);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Ending run(String function, double... rows) {
        return nursery.run(python(function), Map.of(), rows);
    }

    private Ending.Raised raised(String function) {
        return assertThat(run(function, 1, 2))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Ending.Raised.class))
                .actual();
    }

    private Ending.Crashed crashed(String function) {
        return assertThat(run(function, 1, 2))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Ending.Crashed.class))
                .actual();
    }

    @Test
    void aFunctionComputesChunksWithItsNeighboursInReach() {
        Ending ending = run("f", 1, 2.5);

        assertThat(Nursery.doubles(ending)).containsExactly(2, 5);
        assertThat(((Ending.Answered) ending).cpuNanos()).isPresent();
        assertThat(Nursery.doubles(run("Tools.half", 3))).containsExactly(1.5);
    }

    @Test
    void parametersAreKeywordArguments() {
        ChildFunction power = python("power");

        assertThat(Nursery.doubles(nursery.run(power, Map.of("exponent", 2L), 3)))
                .containsExactly(10);
        assertThat(Nursery.doubles(
                        nursery.run(power, Map.of("exponent", 0.5, "offset", 0L, "name", "n", "negate", true), 9)))
                .containsExactly(-3);
    }

    @Test
    void aChunkIsAWritableArrayOfTheFunctionsOwn() {
        byte[] npy = Nursery.npy(1, 2);
        byte[] before = npy.clone();

        assertThat(Nursery.doubles(nursery.run(python("own"), npy))).containsExactly(3, 2);
        assertThat(npy).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(Order.class)
    void aFunctionSeesExactlyTheBytesThatWereSent(Order order) {
        Random random = new Random(17);
        ChildFunction hexed = python("hexed");
        for (String descr : List.of(
                "|b1", "|i1", "<u2", ">i4", "<i8", ">f2", "<f4", ">f8", "<c8", ">c16", "|S3", "<U2", ">U1", "<M8[us]",
                ">m8[s]", "|V5")) {
            DType dtype = DType.parse(descr);
            byte[] data = new byte[6 * dtype.itemSize()];
            random.nextBytes(data);
            if (descr.contains("b1") || descr.contains("U")) {
                java.util.Arrays.fill(data, (byte) 0);
            }
            ArraySlice array = new ArraySlice(dtype, Shape.of(2, 3), order, MemorySegment.ofArray(data));

            String seen = new String(
                    Nursery.array(nursery.run(hexed, Npy.encode(array))).data().toArray(ValueLayout.JAVA_BYTE),
                    java.nio.charset.StandardCharsets.UTF_8);

            assertThat(seen)
                    .isEqualTo(
                            "%s (2, 3) %s %s",
                            descr, order == Order.C ? "C" : "F", HexFormat.of().formatHex(data));
        }
    }

    @Test
    void aChunkWithoutRowsAndOneOfRecordsArrive() {
        ArraySlice empty =
                new ArraySlice(DType.parse("<f4"), Shape.of(0, 3), Order.C, MemorySegment.ofArray(new byte[0]));

        assertThat(Nursery.array(nursery.run(python("f"), Npy.encode(empty))).shape())
                .isEqualTo(Shape.of(0, 3));
        assertThat(Nursery.array(run("structured", 1)).dtype().itemSize()).isEqualTo(11);
    }

    @Test
    void anAnswerMayHaveAnotherDtypeAnotherLengthAndAnotherOrder() {
        assertThat(Nursery.array(run("narrower", 1, 2)).dtype()).isEqualTo(DType.parse(">i2"));
        assertThat(Nursery.doubles(run("shorter", 7, 8, 9))).containsExactly(7);
        assertThat(Nursery.array(run("transposed", 1)).order()).isEqualTo(Order.FORTRAN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a_list   | a_list returned list, not an ndarray: return np.asarray(...)",
                "frame    | frame returned dict, not an ndarray: return np.asarray(...)",
                "nothing  | nothing returned None, not an ndarray: does it end without return?",
                "a_number | a_number returned a single float64, not an ndarray with rows: keep the axis",
                "a_point  | a_point returned a single float64, not an ndarray with rows: keep the axis",
                "objects  | objects returned an ndarray of dtype object: objects cannot be sent",
                "masked   | masked returned a masked array, whose mask would be lost"
            })
    void whatIsNoArrayIsRefusedByNameWithTheRemedy(String function, String message) {
        Ending.Raised raised = raised(function);

        assertThat(raised.error()).isEqualTo("TypeError");
        assertThat(raised.message()).startsWith(message);
        assertThat(raised.lasting()).isTrue();
    }

    @Test
    void textsOfAnyWidthAreRefused() {
        assertThat(raised("texts").lasting()).isTrue();
    }

    @Test
    void whatIsPrintedIsNoAnswer() {
        assertThat(Nursery.doubles(run("prints", 1))).containsExactly(1);
    }

    @Test
    void anErrorHasTypeMessageAndATraceOfTheFunctionAlone() {
        Ending.Raised raised = raised("raises");

        assertThat(raised.error()).isEqualTo("KeyError");
        assertThat(raised.message()).isEqualTo("'no such row 1.0'");
        assertThat(raised.trace()).contains("work.py", "in raises", "in helper").doesNotContain("fanfold_child.py");
        assertThat(raised.lasting()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "value,ValueError,two lines,true",
        "busy,work.Busy,later,true",
        "odd,work.Odd,odd,false",
        "mute,work.Mute,its message cannot be shown: RuntimeError,false"
    })
    void anErrorSaysWhetherItLasts(String function, String error, String message, boolean lasting) {
        Ending.Raised raised = raised(function);

        assertThat(raised.error()).isEqualTo(error);
        assertThat(raised.message()).isEqualTo(message);
        assertThat(raised.lasting()).isEqualTo(lasting);
    }

    @Test
    void aRequestToStopIsForTheWorkerYetEndsWhatAFunctionHasForked() {
        assertThat(Nursery.doubles(run("asked", 1))).containsExactly(2);
        assertThat(Nursery.doubles(run("ends_its_own", 1))).containsExactly(15);
    }

    @Test
    void anErrorOfAnyLengthIsCut() {
        assertThat(raised("long").message()).hasSize(1000).endsWith("...");
        assertThat(raised("deep").error()).isEqualTo("RecursionError");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exits       | exit code 4: sys.exit(4) in work.py, line",
                "says        | exit code 1: sys.exit('enough') in work.py, line",
                "interrupted | killed by SIGINT: KeyboardInterrupt in work.py, line",
                "gone        | exit code 3",
                "killed      | killed by SIGKILL",
                "aborts      | killed by SIGABRT"
            })
    void aFunctionThatEndsItsProcessCrashesItsChunkAndNothingElse(String function, String how) {
        Ending.Crashed crashed = crashed(function);

        assertThat(crashed.how()).startsWith(how);
        assertThat(crashed.alone()).isTrue();
        assertThat(Nursery.doubles(run("f", 1))).containsExactly(2);
    }

    @Test
    void aProcessThatIsLeftBehindHoldsNothingUp() throws IOException {
        assertThat(crashed("leaves_a_process").how()).isEqualTo("exit code 6");

        long left = Long.parseLong(Files.readString(files.resolve("left")));
        ProcessHandle.of(left).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void aFunctionThatHangsIsKilledWhenItsTimeIsOver() {
        Path begun = files.resolve("begun");
        Duration timeout = Duration.ofSeconds(5); // time enough to begin, on a machine that has other work too

        assertThat(nursery.runFor(timeout, python("hangs"), Nursery.file(begun)))
                .isEqualTo(new Ending.TimedOut(timeout));
        assertThat(begun).exists();
        assertThat(Nursery.doubles(run("f", 1))).containsExactly(2);
    }

    @Test
    void twoChunksAreComputedAtOnce() {
        String a = files.resolve("a").toString();
        String b = files.resolve("b").toString();
        ChildFunction meets = python("meets");

        Started one = nursery.start(meets, Map.of("mine", a, "yours", b), 1);
        Started two = nursery.start(meets, Map.of("mine", b, "yours", a), 2);

        assertThat(Nursery.doubles(one.end())).containsExactly(1);
        assertThat(Nursery.doubles(two.end())).containsExactly(2);
    }

    @Test
    void theInitializerRunsOnceInEachChild() {
        try (Nursery recycling = new Nursery(1, 2)) {
            ChildFunction inits = python("inits");
            ChildFunction pids = python("pids");
            for (int i = 0; i < 3; i++) {
                long seen = recycling.run(inits, Map.of(), 0) instanceof Ending.Answered a
                        ? Nursery.array(a).data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0)
                        : -1;
                assertThat(seen).isEqualTo(1);
            }
            assertThat(recycling.count("fanfold.children.started")).isEqualTo(2);
            assertThat(Nursery.array(recycling.run(pids, Map.of(), 0, 0)).shape())
                    .isEqualTo(Shape.of(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raise RuntimeError('no licence')", "import sys; sys.exit(2)"})
    void anInitializerThatFailsFailsTheChunkForGood(String body) throws IOException {
        Path file = files.resolve("unready.py");
        Files.writeString(file, "def initializer():\n    " + body + "\ndef f(x): return x\n");

        assertThat(nursery.run(python(file, "f"), Map.of(), 1)).isInstanceOfSatisfying(Ending.Raised.class, raised -> {
            assertThat(raised.error()).isIn("RuntimeError", "SystemExit");
            assertThat(raised.trace()).contains("unready.py").doesNotContain("fanfold_child.py");
            assertThat(raised.lasting()).isTrue();
        });
    }

    @Test
    void aCleanerOfTemporaryFilesDoesNoHarm() throws IOException {
        ChildFunction f = python("f");
        Files.delete(Path.of(Harness.file()));

        assertThat(Nursery.doubles(nursery.run(f, Map.of(), 4))).containsExactly(8);
    }

    @Test
    void aFloodOfOutputHoldsNothingUp() {
        assertThat(Nursery.doubles(run("loud", 1))).containsExactly(1);
    }

    @Test
    void aChildEndsWithItsWorkerEvenWhileItComputes() throws Exception {
        Path begun = files.resolve("begun");
        Process child = new ProcessBuilder(python("hangs").command())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(new FrameReader(child.getInputStream()).head()).contains(new Head.Ready(1));
        new FrameWriter(child.getOutputStream())
                .write(
                        new Head.Request(
                                1,
                                io.fanfold.protocol.wire.JobId.generate(),
                                0,
                                new io.fanfold.protocol.wire.FunctionId("work:hangs", "1"),
                                Nursery.file(begun),
                                false),
                        Nursery.npy(1));
        await().atMost(Nursery.PATIENCE).until(() -> Files.exists(begun));

        child.getOutputStream().close();

        assertThat(child.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    }
}

package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.testkit.NumPy;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --keep-going}, and {@code replay} against a fleet, as a person uses them. */
final class KeepGoingIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String WORK = """
        def f(x, limit: float = 50.0):
            if x[0] >= limit:
                raise ValueError(f"{x[0]} is too much")
            return x + 1
        """;

    @TempDir
    private Path directory;

    private final NumPy numPy = NumPy.here();
    private String in = "";
    private String work = "";

    /** 0 to 99; in ten chunks, those from 50 on are too much. */
    @BeforeEach
    void write() throws Exception {
        double[] numbers = DoubleStream.iterate(0, x -> x + 1).limit(100).toArray();
        ArraySlice array = new ArraySlice(DType.parse("<f8"), Shape.of(100), Order.C, MemorySegment.ofArray(numbers));
        in = Command.save(directory.resolve("x.npy"), array).toString();
        work = Files.writeString(directory.resolve("work.py"), WORK).toString();
    }

    private Command.Ended run(String... more) throws InterruptedException {
        List<String> words = Stream.concat(
                        Stream.of("run", "--in", in, "--out", "y.npy", "--chunks", "10"), Stream.of(more))
                .toList();
        return Command.run(directory, words.toArray(String[]::new));
    }

    private String python(String expression) {
        return numPy.run(
                        "import sys, json, numpy as np; d = sys.argv[1]; y = np.load(d + '/y.npy'); print(" + expression
                                + ")",
                        directory.toString())
                .strip();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> !name.startsWith("__"))
                    .toList();
        }
    }

    @Test
    void theResultComesWithAMaskAndTheErrorsAndWithoutThemOnceItIsWhole() throws Exception {
        Command.Ended ended = run("--python", work + ":f", "--keep-going", "-p", "limit=70");

        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.err().lines())
                .filteredOn(line -> line.startsWith("fanfold:"))
                .singleElement()
                .asString()
                .contains("3 of 10 chunks failed and are missing in y.npy", "y.mask.npy", "y.errors.json")
                .doesNotContain("replay");
        assertThat(names()).containsExactlyInAnyOrder("x.npy", "work.py", "y.npy", "y.mask.npy", "y.errors.json");
        assertThat(python("np.ma.array(y, mask=np.load(d + '/y.mask.npy')).sum()"))
                .isEqualTo("2485.0");
        assertThat(python("sorted(e['index'] for e in json.load(open(d + '/y.errors.json'))['errors'])"))
                .isEqualTo("[7, 8, 9]");

        Command.Ended again = run("--python", work + ":f", "--keep-going", "-p", "limit=100");

        assertThat(again.code()).as(again.err()).isZero();
        assertThat(names()).containsExactlyInAnyOrder("x.npy", "work.py", "y.npy");
    }

    @Test
    void moreThanTheBudgetIsAFailureThatWritesNothing() throws Exception {
        Command.Ended ended = run("--python", work + ":f", "--keep-going", "--error-budget", "2");

        assertThat(ended.code()).as(ended.err()).isEqualTo(1);
        assertThat(names()).containsExactlyInAnyOrder("x.npy", "work.py");
    }

    @Test
    void againstAFleetTheHolesAreFilledLater() throws Exception {
        Command up = Command.start(
                directory, "up", "--workers", "1", "--work-dir", directory.toString(), "--python", work + ":f");
        await().atMost(LONG).until(() -> up.said().contains("Try, in another terminal") || !up.running());
        String broker = first("broker +(\\S+)", up.said());

        Command.Ended ended = run("--function", "work:f", "--keep-going", "--bootstrap-server", broker);

        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        String job = first("fanfold replay (\\S+)", ended.err());
        assertThat(directory.resolve("y.mask.npy")).isNotEmptyFile();
        Command.Ended replayed = Command.run(
                directory, "replay", job, "-p", "limit=100", "--out", "y.npy", "--bootstrap-server", broker);
        Command.Ended jobs = Command.run(directory, "jobs", "--bootstrap-server", broker);
        up.interrupt();

        assertThat(replayed.code()).as(replayed.err()).isZero();
        assertThat(replayed.out()).contains("job " + job + "-r2: 5 chunks of " + job, "all computed");
        assertThat(python("bool((y == np.arange(100) + 1).all())")).isEqualTo("True");
        assertThat(directory.resolve("y.mask.npy")).doesNotExist();
        assertThat(jobs.out().lines()).hasSize(3);
        assertThat(up.await().code()).isEqualTo(130);
    }

    private static String first(String pattern, String text) {
        Matcher m = Pattern.compile(pattern).matcher(text);
        assertThat(m.find()).as(text).isTrue();
        return m.group(1);
    }
}

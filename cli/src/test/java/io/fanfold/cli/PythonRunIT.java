package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.testkit.TestBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions in Python through the command, as a person uses it. */
final class PythonRunIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final String WORK = """
        import os
        import numpy as np

        def smooth(x, width: int = 2):
            \"""Each row, smoothed.\"""
            return np.apply_along_axis(lambda row: np.convolve(row, np.ones(width) / width, "same"), 1, x)

        def leaves(x):
            os._exit(7) if x.flat[0] > 1e9 else None
            return x
        """;

    @TempDir
    private Path directory;

    private final NumPy numPy = NumPy.here();
    private String work;
    private Path in;

    @BeforeEach
    void write() throws Exception {
        work = Files.writeString(directory.resolve("work.py"), WORK).toString();
        ArraySlice array = new RandomArrays(20260311).of(DType.parse("<f4"), Shape.of(40, 30), Order.C);
        in = Command.save(directory.resolve("x.npy"), array);
    }

    private Command.Ended run(String... options) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("run", "--in", in.toString(), "--out", "y.npy"));
        all.addAll(Arrays.asList(options));
        return Command.run(directory, all.toArray(String[]::new));
    }

    private void isSmoothed(int width) {
        numPy.run(
                "import sys, numpy as np; sys.path[0] = sys.argv[1]; import work;"
                        + " np.save('" + directory.resolve("e.npy") + "', work.smooth(np.load(sys.argv[2]), "
                        + width + "))",
                directory.toString(),
                in.toString());
        numPy.assertEqual(List.of(new NumPy.Pair(directory.resolve("e.npy"), directory.resolve("y.npy"))));
    }

    @Test
    void aFileIsAllThatIsNeeded() throws Exception {
        Command.Ended ended = run("--python", work + ":smooth", "--param", "width=5", "--chunks", "7");

        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("7 chunks, 2 workers");
        isSmoothed(5);
    }

    @Test
    void whatItAnswersCanBeFolded() throws Exception {
        Command.Ended ended = run("--python", work + ":smooth", "--fold", "mean", "--axis", "0", "--chunks", "7");

        assertThat(ended.code()).as(ended.err()).isZero();
        String near =
                "import sys, warnings, numpy as np; warnings.simplefilter('ignore'); sys.path[0] = sys.argv[1]; import"
                        + " work; y, m = work.smooth(np.load(sys.argv[2])), np.load(sys.argv[3]); print(m.dtype =="
                        + " y.dtype, np.allclose(np.mean(y, axis=0), m, equal_nan=True))";
        assertThat(numPy.run(
                                near,
                                directory.toString(),
                                in.toString(),
                                directory.resolve("y.npy").toString())
                        .strip())
                .isEqualTo("True True");
    }

    @Test
    void aFunctionThatEndsItsProcessEndsTheCommandWithOneLine() throws Exception {
        numPy.run("import sys, numpy as np; np.save(sys.argv[1], np.array([1, 1, 2e9, 1.]))", in.toString());

        Command.Ended ended = run("--python", work + ":leaves", "--chunks", "4", "--workers", "1");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err().lines().toList()).last().asString().contains("chunk 2", "Crashed", "exit code 7");
        assertThat(directory.resolve("y.npy")).doesNotExist();
    }

    @Test
    void aFleetOfOthersLendsItsBrokerAndKeepsNothing() throws Exception {
        KafkaSettings kafka = TestBroker.of(BrokerKind.IN_JVM).freshFleet();
        String[] fleet = {
            "--bootstrap-server",
            kafka.bootstrapServers(),
            "--topic-prefix",
            kafka.topics().prefix()
        };
        Command aggregator = Command.start(
                directory,
                with(fleet, "aggregator", "--store", directory.resolve("store").toString()));
        try {
            Set<String> before = topics(kafka);
            Command.Ended ended = run(with(fleet, "--python", work + ":smooth", "--chunks", "7"));
            assertThat(ended.code()).as(ended.err()).isZero();
            isSmoothed(2);
            await().atMost(LONG).until(() -> topics(kafka).equals(before));
            assertThat(Command.run(directory, with(fleet, "functions")).out())
                    .as("what a pool that is gone could compute")
                    .doesNotContain("work:smooth", "(pool run-");

            Command worker = Command.start(directory, with(fleet, "worker", "--python", work + ":smooth"));
            try {
                await().atMost(LONG)
                        .until(() -> Command.run(directory, with(fleet, "functions"))
                                .out()
                                .contains("work:smooth"));
                Files.delete(directory.resolve("y.npy"));
                ended = run(with(fleet, "--function", "work:smooth", "--param", "width=3"));
                assertThat(ended.code()).as(ended.err()).isZero();
                isSmoothed(3);
            } finally {
                worker.terminate();
                worker.await();
            }
        } finally {
            aggregator.terminate();
            aggregator.await();
        }
    }

    /** Words, and then how the fleet is reached. */
    private static String[] with(String[] fleet, String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(Arrays.asList(fleet));
        return all.toArray(String[]::new);
    }

    private static Set<String> topics(KafkaSettings kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            return admin.listTopics().names().get().stream()
                    .filter(name -> name.startsWith(kafka.topics().prefix() + "."))
                    .collect(Collectors.toSet());
        }
    }
}

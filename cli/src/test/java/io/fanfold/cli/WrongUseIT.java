package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.TestBroker;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Whatever is wrong: one line that names it with its value and the remedy, exit code 1 or 2, and no output file. */
final class WrongUseIT {
    private static final String FLOATS = "{'descr': '<f8', 'fortran_order': False, 'shape': (100,), }";

    @TempDir
    Path directory;

    private Path good = Path.of("");

    private record Said(int code, String out, String err) {}

    @BeforeEach
    void anArray() throws Exception {
        good = npy("x.npy", FLOATS, 800);
    }

    private Path npy(String name, String header, int dataBytes) throws Exception {
        byte[] text = (header + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] file = new byte[10 + text.length + dataBytes];
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, (byte) (text.length >> 8)};
        System.arraycopy(magic, 0, file, 0, 10);
        System.arraycopy(text, 0, file, 10, text.length);
        return Files.write(directory.resolve(name), file);
    }

    private static Said fanfold(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Said(code, out.toString(), err.toString());
    }

    private static void assertRefused(Said said, int code, String... named) {
        assertThat(said.err().lines()).as(said.err()).hasSize(1);
        assertThat(said.err()).contains(named).doesNotContain("\tat ");
        assertThat(said.code()).isEqualTo(code);
    }

    private Said run(Path in, String... more) {
        Path out = directory.resolve("y.npy");
        Said said =
                fanfold(Stream.concat(Stream.of("run", "--in", in.toString(), "--out", out.toString()), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(out).doesNotExist();
        return said;
    }

    @Test
    void aFileThatIsNoNpyIsNamed() throws Exception {
        Path text = Files.writeString(directory.resolve("notes.txt"), "hello");
        assertRefused(run(text, "--function", "sqrt"), 2, "notes.txt", "hello", "np.save");
    }

    @Test
    void truncatedDataAreToldFromTooMany() throws Exception {
        assertRefused(run(npy("t.npy", FLOATS, 799), "--function", "sqrt"), 2, "t.npy", "800", "799", "truncated");
        assertRefused(run(npy("l.npy", FLOATS, 808), "--function", "sqrt"), 2, "l.npy", "800", "808");
    }

    @Test
    void objectsAreNeverUnpickled() throws Exception {
        Path objects = npy("o.npy", FLOATS.replace("<f8", "|O"), 800);
        assertRefused(run(objects, "--function", "identity"), 2, "o.npy", "'|O'", "never unpickled");
    }

    @Test
    void anUnknownDtypeIsNamed() throws Exception {
        Path odd = npy("q.npy", FLOATS.replace("<f8", "<q9"), 900);
        assertRefused(run(odd, "--function", "identity"), 2, "q.npy", "<q9");
    }

    @Test
    void anArrayWithoutAxesIsToReshape() throws Exception {
        Path scalar = npy("s.npy", FLOATS.replace("(100,)", "()"), 8);
        assertRefused(run(scalar, "--function", "sqrt"), 2, "0-dimensional", "reshape");
    }

    @Test
    void aMissingFileIsNamed() {
        assertRefused(run(directory.resolve("gone.npy"), "--function", "sqrt"), 2, "gone.npy", "no such file");
    }

    static Stream<Arguments> wrongWords() {
        return Stream.of(
                Arguments.of(List.of("--function", "sqrtt"), "sqrtt"),
                Arguments.of(List.of("--function", "sqrt", "--param", "k=1"), "\"k\""),
                Arguments.of(List.of("--function", "scale"), "factor"),
                Arguments.of(List.of("--function", "scale", "--param", "factor=two"), "\"two\""),
                Arguments.of(List.of("--function", "sleep", "--param", "ms=-1"), "\"-1\""),
                Arguments.of(List.of("--function", "sqrt", "--axis", "1"), "axis 1"),
                Arguments.of(List.of("--function", "sqrt", "--chunks", "0"), "chunks is 0"),
                Arguments.of(List.of("--function", "sqrt", "--chunk-bytes", "0"), "chunk-bytes is 0"),
                Arguments.of(List.of("--function", "sqrt", "--chunks", "2", "--chunk-bytes", "9"), "--chunks"),
                Arguments.of(List.of("--function", "sqrt", "--strategy", "magic"), "\"magic\""),
                Arguments.of(List.of("--function", "sqrt", "--workers", "0"), "--workers is 0"),
                Arguments.of(List.of("--function", "sqrt", "--workers", "many"), "many"),
                Arguments.of(List.of("--function", "sqrt", "--time-to-live", "0"), "time-to-live is \"0\""),
                Arguments.of(List.of("--function", "sqrt", "--chunk-timeout", "soon"), "chunk-timeout is \"soon\""),
                Arguments.of(List.of("--function", "sqrt", "--fold", "Sum"), "there are concat, sum, sum:all"),
                Arguments.of(List.of("--function", "sqrt", "--fold", "sum:axis"), "no fold \"sum:axis\""),
                Arguments.of(List.of("--function", "sqrt", "--fold", "median"), "no fold \"median\""),
                Arguments.of(List.of("--python", "work.py:f"), "no such file"),
                Arguments.of(List.of("--function", "sqrt", "--error-budget", "3"), "--keep-going"),
                Arguments.of(List.of("--function", "sqrt", "--keep-going", "--error-budget", "-3"), "error budget -3"),
                Arguments.of(List.of("--function", "sqrt", "--nonsense"), "--nonsense"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongWords")
    void aWrongWordIsNamed(List<String> words, String named) {
        assertRefused(run(good, words.toArray(String[]::new)), 2, named);
    }

    @Test
    void anOutputThatCannotBeWrittenIsFoundBeforeAnyWork() {
        String in = good.toString();
        assertRefused(fanfold("run", "--function", "sqrt", "--in", in, "--out", "/no/such/y.npy"), 2, "/no/such");
        assertRefused(fanfold("run", "--function", "sqrt", "--in", in, "--out", "/proc/y.npy"), 2, "/proc");
        assertRefused(
                fanfold("run", "--function", "sqrt", "--in", in, "--out", directory.toString()), 2, "is a directory");
    }

    @Test
    void aBrokerThatDoesNotAnswerIsSaidWithinFifteenSeconds() {
        assertThat(Integer.parseInt(String.valueOf(
                        KafkaSettings.at("127.0.0.1:1").admin("test").get("default.api.timeout.ms"))))
                .isLessThanOrEqualTo(15_000);
        for (String[] command : new String[][] {
            {
                "run",
                "--function",
                "sqrt",
                "--in",
                good.toString(),
                "--out",
                directory.resolve("y.npy").toString()
            },
            {"topics", "check"}
        }) {
            String[] there = Stream.concat(Stream.of(command), Stream.of("--bootstrap-server", "127.0.0.1:1"))
                    .toArray(String[]::new);
            long begin = System.nanoTime();
            assertRefused(fanfold(there), 1, "127.0.0.1:1", "no Kafka broker answers");
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("that setting is the limit, not Kafka's own of 60 s, however busy the machine is")
                    .isLessThan(Duration.ofSeconds(45));
        }
    }

    @Test
    void anAddressThatIsNoneIsNamed() {
        assertRefused(fanfold("topics", "check", "--bootstrap-server", "nonsense"), 1, "\"nonsense\"", "host:port");
    }

    @Test
    void aKafkaSettingThatWouldBreakThePromisesIsRefused() throws Exception {
        Path config = Files.writeString(directory.resolve("client.properties"), "enable.auto.commit=true\n");
        assertRefused(
                fanfold("topics", "check", "--bootstrap-server", "localhost:1", "--kafka-config", config.toString()),
                2,
                "enable.auto.commit=true");
    }

    @Test
    void aWayToFormAGroupThatKafkaDoesNotHaveIsNamed() throws Exception {
        Path config = Files.writeString(directory.resolve("client.properties"), "session.timeout.ms=6000\n");
        assertRefused(
                fanfold("worker", "--bootstrap-server", "localhost:1", "--group-protocol", "share"),
                2,
                "\"share\"",
                "consumer or classic");
        assertRefused(
                fanfold("aggregator", "--bootstrap-server", "localhost:1", "--kafka-config", config.toString()),
                2,
                "session.timeout.ms=6000",
                "group.protocol=classic");
    }

    @Test
    void optionsOutOfRangeAreNamed() {
        assertRefused(fanfold("worker", "--bootstrap-server", "localhost:1", "--http-port", "70000"), 2, "70000");
        assertRefused(fanfold("worker", "--bootstrap-server", "localhost:1", "--threads", "-3"), 2, "-3");
        assertRefused(
                fanfold("topics", "check", "--bootstrap-server", "localhost:1", "--max-message-bytes", "100"),
                2,
                "100");
        assertRefused(
                run(good, "--function", "sqrt", "--topic-prefix", "x"), 2, "--topic-prefix", "--bootstrap-server");
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Command.Ended up = Command.run(directory, "up", "--port", port);
            assertThat(up.code()).isEqualTo(1);
            assertThat(up.err().lines()).hasSize(1);
            assertThat(up.err()).contains(port).contains("--port");
        }
    }

    @OnEveryBroker
    void aPortInUseForARoleIsNamed(BrokerKind kind) throws Exception {
        KafkaSettings kafka = TestBroker.of(kind).freshFleet();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Command.Ended worker = Command.run(
                    directory,
                    "worker",
                    "--bootstrap-server",
                    kafka.bootstrapServers(),
                    "--topic-prefix",
                    kafka.topics().prefix(),
                    "--http-port",
                    port);
            assertThat(worker.code()).isEqualTo(1);
            assertThat(worker.err())
                    .contains("port " + port)
                    .contains("--http-port")
                    .doesNotContain("\tat ");
        }
    }

    @OnEveryBroker
    void aTopicThatIsTooSmallOrMissingIsNamedWithTheRemedy(BrokerKind kind) throws Exception {
        KafkaSettings kafka = TestBroker.of(kind).freshFleet();
        String small = kafka.topics().chunks("small");
        Properties connection = kafka.admin("test");
        try (Admin admin = Admin.create(connection)) {
            admin.createTopics(
                            List.of(new NewTopic(small, 1, (short) 1).configs(Map.of("max.message.bytes", "1048588"))))
                    .all()
                    .get();
        }
        String[] at = {
            "--bootstrap-server",
            kafka.bootstrapServers(),
            "--topic-prefix",
            kafka.topics().prefix(),
            "--pool"
        };

        assertRefused(role(at, "small"), 1, small, "max.message.bytes is 1048588", "16777216", "kafka-configs");
        assertRefused(role(at, "nowhere"), 1, kafka.topics().chunks("nowhere"), "does not exist", "topics create");
        assertThat(fanfold("topics", "check", at[0], at[1], at[2], at[3], at[4], "small")
                        .code())
                .isEqualTo(1);
        assertThat(fanfold("topics", "check", at[0], at[1], at[2], at[3]).code())
                .isZero();
    }

    private static Said role(String[] at, String pool) {
        return fanfold(Stream.concat(Stream.of("worker"), Stream.concat(Stream.of(at), Stream.of(pool)))
                .toArray(String[]::new));
    }
}

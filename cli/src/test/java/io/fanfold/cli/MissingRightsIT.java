package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.http.HttpSettings;
import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.rights.AclCommands;
import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.Purge;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.SecuredBroker;
import io.fanfold.testkit.SecuredBroker.Way;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.lane.RetryPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Of all rights that a role has, one is taken away: it says which. */
final class MissingRightsIT {
    private static final Topics TOPICS = new Topics("m");
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String RUNNING = "jRuns";

    @TempDir
    static Path directory;

    private static SecuredBroker broker;
    private static int pools;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeAll
    static void start() throws Exception {
        broker = SecuredUsers.broker(Files.createDirectories(directory.resolve("broker")));
        KafkaSettings mighty = broker.mighty(TOPICS);
        try (TopicSetup setup = new TopicSetup(mighty)) {
            setup.create(new TopicLayout(Set.of(Topics.DEFAULT_POOL), 1, 1, 1));
        }
        for (Role role : Role.values()) {
            broker.grant(SecuredUsers.of(role), SecuredUsers.rights(role, TOPICS));
        }
        Command.save(directory.resolve("x.npy"), ArraySlice.of(new double[] {1, 4}));
        new Holed(mighty).accepted(RUNNING);
        worker(mighty).close(); // what it has offered stays, and so does its group
        member(mighty, TOPICS.aggregatorGroup(), TOPICS.outcomes());
        member(mighty, TOPICS.producerGroup(), TOPICS.submissions());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void listen() {
        log.start();
        logger().setLevel(Level.INFO); // commands that ran in this JVM before may have switched logging off
        logger().addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        logger().setLevel(null);
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger("io.fanfold");
    }

    private static void member(KafkaSettings kafka, String group, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.consumer("member", group))) {
            consumer.subscribe(Set.of(topic));
            await().atMost(LONG).until(() -> {
                consumer.poll(Duration.ofMillis(100));
                return !consumer.assignment().isEmpty();
            });
        }
    }

    static Stream<Arguments> all() {
        return Arrays.stream(Role.values())
                .flatMap(role -> SecuredUsers.rights(role, TOPICS).stream().map(right -> Arguments.of(role, right)));
    }

    @ParameterizedTest(name = "{0} without {1}")
    @MethodSource("all")
    void whoLacksARightSaysWhich(Role role, Right right) throws Exception {
        String user = SecuredUsers.of(role);
        broker.revoke(user, Set.of(right));
        try {
            KafkaSettings kafka = broker.as(user, Way.SASL_SSL, TOPICS);
            String said = switch (right.need()) {
                case WORK -> refused(role, right, kafka);
                case PURGE -> warned(role, kafka);
            };
            assertThat(said)
                    .contains((role == Role.TOPICS ? "the user for topics" : "the " + role.word())
                            + " lacks a right at " + kafka.bootstrapServers() + ": " + right)
                    .contains(AclCommands.grant(kafka.bootstrapServers(), "User:" + user, List.of(right)));
        } finally {
            broker.grant(user, Set.of(right));
        }
    }

    /** What it says instead of doing its work. */
    private static String refused(Role role, Right right, KafkaSettings kafka) throws Exception {
        return switch (role) {
            case PRODUCER, WORKER, AGGREGATOR -> {
                List<AutoCloseable> started = new ArrayList<>();
                try {
                    started.add(start(role, kafka));
                } catch (FanfoldException e) {
                    yield e.getMessage();
                } finally {
                    close(started);
                }
                throw new AssertionError("it started without " + right);
            }
            case CLIENT -> refused(kafka, command(right));
            case TOPICS ->
                refused(kafka, "topics", "create", "--pool", "p" + pools++, "--partitions", "1", "--replication", "1");
        };
    }

    /** What it logs while it works. */
    private String warned(Role role, KafkaSettings kafka) throws Exception {
        close(List.of(start(role, kafka)));
        return log.list.stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(line -> line.startsWith("nothing is purged: "))
                .findFirst()
                .orElse("nothing");
    }

    private static void close(Collection<AutoCloseable> started) throws Exception {
        for (AutoCloseable one : started) {
            one.close();
        }
    }

    /** A command that needs it. */
    private static String[] command(Right right) {
        String topic = right.resource().name();
        String in = directory.resolve("x.npy").toString();
        if (right.operation() == AclOperation.WRITE) {
            return topic.equals(TOPICS.control())
                    ? new String[] {"cancel", RUNNING}
                    : new String[] {"submit", "--function", "sqrt", "--in", in};
        }
        if (topic.equals(TOPICS.deadLetters())) {
            return new String[] {"dead-letters", "list"};
        }
        return topic.equals(TOPICS.chunks(Topics.DEFAULT_POOL))
                ? new String[] {"submit", "--function", "sqrt", "--in", in}
                : new String[] {"jobs"};
    }

    private static String refused(KafkaSettings kafka, String... words) throws Exception {
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(new StringWriter()));
        line.setErr(new PrintWriter(err));
        String user = AclCommands.principal(kafka).substring("User:".length());
        int code = line.execute(Stream.concat(
                        Stream.of(words),
                        Stream.of(
                                "--bootstrap-server",
                                kafka.bootstrapServers(),
                                "--topic-prefix",
                                TOPICS.prefix(),
                                "--kafka-config",
                                broker.config(user, Way.SASL_SSL).toString()))
                .toArray(String[]::new));
        assertThat(code).as(err.toString()).isEqualTo(1);
        assertThat(err.toString().lines()).hasSize(1);
        return err.toString();
    }

    private static AutoCloseable start(Role role, KafkaSettings kafka) throws Exception {
        return switch (role) {
            case WORKER -> worker(kafka);
            case AGGREGATOR ->
                Aggregator.start(
                        new AggregatorSettings(
                                kafka, "a", directory.resolve("store"), Optional.of("http://127.0.0.1:1")),
                        new SimpleMeterRegistry());
            default ->
                RoleServer.start(
                        new HttpAddress("127.0.0.1", 0),
                        HttpSettings.DEFAULT,
                        List.of(new ProducerSettings(
                                kafka, "p", Set.of(Topics.DEFAULT_POOL), directory.resolve("uploads"))),
                        List.of(ParallelMap.class));
        };
    }

    private static Worker worker(KafkaSettings kafka) {
        Worker worker = Worker.start(
                new WorkerSettings(
                        kafka,
                        "w",
                        Topics.DEFAULT_POOL,
                        new WorkerSettings.Pools(1, 1, 0, List.of()),
                        new WorkerSettings.Patience(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(10)),
                        RetryPolicy.DEFAULT,
                        true,
                        Optional.of(Purge.EVERY)),
                FunctionRegistry.builtIn(),
                new SimpleMeterRegistry());
        return worker;
    }

    @Test
    void aWorkerThatLosesARightWhileItRunsStopsAndSaysWhich() throws Exception {
        String user = SecuredUsers.of(Role.WORKER);
        List<Right> right = rightTo(Role.WORKER, AclOperation.READ, TOPICS.workerGroup(Topics.DEFAULT_POOL));
        try (Worker worker = worker(broker.as(user, Way.MTLS, TOPICS))) {
            await().atMost(LONG).until(worker::ready);
            broker.revoke(user, right);
            await().atMost(LONG).until(() -> worker.ended().isDone());
            assertThat(worker.failure())
                    .hasValueSatisfying(
                            e -> assertThat(MissingRights.refusal(e)).isPresent());
            assertThat(said())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("the worker lacks a right")
                            .contains(right.getFirst().toString()));
        } finally {
            broker.grant(user, right);
        }
    }

    @Test
    void anAggregatorThatMayNotSayEndsStopsAndSaysWhy() throws Exception {
        String user = SecuredUsers.of(Role.AGGREGATOR);
        List<Right> right = rightTo(Role.AGGREGATOR, AclOperation.READ, TOPICS.outcomes());
        KafkaSettings kafka = broker.as(user, Way.MTLS, TOPICS);
        try (Aggregator aggregator = (Aggregator) start(Role.AGGREGATOR, kafka)) {
            await().atMost(LONG).until(aggregator::ready);
            broker.revoke(user, right);
            await().atMost(LONG).until(() -> aggregator.ended().isDone());
            assertThat(said())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("the aggregator lacks a right")
                            .contains(right.getFirst().toString()));
        } finally {
            broker.grant(user, right);
        }
    }

    @Test
    void aProducerThatMayNotReadSubmissionsSaysSoUntilItMay() throws Exception {
        String user = SecuredUsers.of(Role.PRODUCER);
        List<Right> right = rightTo(Role.PRODUCER, AclOperation.READ, TOPICS.producerGroup());
        KafkaSettings kafka = broker.as(user, Way.MTLS, TOPICS);
        try (RoleServer _ = (RoleServer) start(Role.PRODUCER, kafka)) {
            await().atMost(LONG).until(() -> said().stream().anyMatch(line -> line.contains("assignment changed")));
            broker.revoke(user, right);
            await().atMost(LONG)
                    .until(() -> said().stream()
                            .anyMatch(line -> line.startsWith("submissions cannot be read")
                                    && line.contains(right.getFirst().toString())));
            log.list.clear();
            broker.grant(user, right);
            await().atMost(LONG).until(() -> said().stream().anyMatch(line -> line.contains("assignment changed")));
        } finally {
            broker.grant(user, right);
        }
    }

    private static List<Right> rightTo(Role role, AclOperation operation, String name) {
        return SecuredUsers.rights(role, TOPICS).stream()
                .filter(right -> right.operation() == operation
                        && right.resource().name().equals(name))
                .toList();
    }

    private List<String> said() {
        return List.copyOf(log.list).stream()
                .map(event -> event.getFormattedMessage()
                        + (event.getKeyValuePairs() == null ? "" : " " + event.getKeyValuePairs()))
                .toList();
    }
}

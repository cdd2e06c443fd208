package io.fanfold.protocol.topics;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.MissingRights;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicLayout.Wanted;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Makes a fleet's topics and checks them against what the contract needs. Any thread. */
public final class TopicSetup implements AutoCloseable {
    /** Who is not there is missed soon. */
    private static final int FIRST_ANSWER_WITHIN_MS = 10_000;
    /** Brokers that have answered are there: they may be slow. */
    private static final int ANSWER_WITHIN_MS = 60_000;

    private final KafkaSettings kafka;
    private final Admin admin;
    /** What the brokers were last asked for. */
    private volatile AclOperation asked = AclOperation.DESCRIBE;

    /**
     * Connects.
     *
     * @throws FanfoldException if the bootstrap servers are not of the form host:port, or no broker answers within ten seconds
     */
    public TopicSetup(KafkaSettings kafka) {
        this.kafka = kafka;
        try {
            this.admin = Admin.create(kafka.admin("fanfold-topics"));
        } catch (KafkaException e) {
            String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new FanfoldException(
                    "bootstrap server \"" + kafka.bootstrapServers() + "\" cannot be used: " + why
                            + "; give host:port, for instance localhost:9092",
                    e);
        }
        try {
            reach();
        } catch (FanfoldException e) {
            close();
            throw e;
        }
    }

    private void reach() {
        String _ = ask(admin.describeCluster(new DescribeClusterOptions().timeoutMs(FIRST_ANSWER_WITHIN_MS))
                .clusterId());
    }

    /**
     * Makes the topics that are missing and says of each what was done; an existing topic is never changed. Returns when the broker shows
     * them all.
     */
    public List<Finding> create(TopicLayout layout) {
        return named(Role.TOPICS, layout.pools(), () -> made(layout));
    }

    private List<Finding> made(TopicLayout layout) {
        short replication = replication(layout.replication());
        List<Finding> findings = new ArrayList<>();
        List<Wanted> wanted = layout.wanted(kafka);
        Set<String> made = createMissing(wanted, replication);
        awaitSeen(wanted.stream().map(Wanted::name).collect(Collectors.toSet()));
        for (Wanted topic : wanted) {
            if (made.contains(topic.name())) {
                findings.add(new Finding(
                        topic.name(),
                        true,
                        "created: partitions " + topic.partitions() + ", replication " + replication));
            } else {
                findings.add(check(topic, layout));
            }
        }
        return findings;
    }

    /** Makes the chunks topic of one more pool. */
    public void createPool(String pool, int partitions) {
        named(Role.TOPICS, Set.of(pool), () -> {
            makePool(pool, partitions);
            return pool;
        });
    }

    private void makePool(String pool, int partitions) {
        TopicLayout layout = new TopicLayout(Set.of(pool), partitions, 1, 0);
        String name = kafka.topics().chunks(pool);
        List<Wanted> wanted = layout.wanted(kafka).stream()
                .filter(topic -> topic.name().equals(name))
                .toList();
        Set<String> _ = createMissing(wanted, replication(0));
        awaitSeen(Set.of(name));
    }

    /** Removes the chunks topic of a pool, and the chunks that are in it. */
    public void removePool(String pool) {
        ask(admin.deleteTopics(
                        List.of(kafka.topics().chunks(pool)), new DeleteTopicsOptions().timeoutMs(ANSWER_WITHIN_MS))
                .all());
    }

    /** A broker shows a topic a little after the controller has made it. */
    private void awaitSeen(Set<String> topics) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_WITHIN_MS);
        while (!topics.stream().allMatch(this::exists)) {
            if (System.nanoTime() > deadline) {
                throw new FanfoldException("the topics are made, and the broker at " + kafka.bootstrapServers()
                        + " does not show them yet: look at its log");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Looks at every topic of the layout without changing anything. */
    public List<Finding> check(TopicLayout layout) {
        return check(layout.wanted(kafka), layout, Role.TOPICS);
    }

    private List<Finding> check(List<Wanted> wanted, TopicLayout layout, Role role) {
        return named(
                role,
                layout.pools(),
                () -> wanted.stream().map(t -> check(t, layout)).toList());
    }

    /** What brokers refuse for want of a right comes with the name of that right. */
    private <T> T named(Role role, Set<String> pools, Supplier<T> doing) {
        try {
            return doing.get();
        } catch (FanfoldException e) {
            throw new MissingRights(kafka, role, pools)
                    .behind(e, asked)
                    .<FanfoldException>map(why -> why)
                    .orElse(e);
        }
    }

    /**
     * Makes sure that a role can work with the topics that it has to do with.
     *
     * @param pools those whose chunks it computes or writes
     * @throws FanfoldException with the first thing that is wrong
     */
    public void require(Role role, Set<String> pools) {
        TopicLayout layout = new TopicLayout(pools, 1, 1, 0);
        Set<String> needed = Grants.topicsOf(role, kafka.topics(), pools);
        List<Wanted> wanted = layout.wanted(kafka).stream()
                .filter(topic -> needed.contains(topic.name()))
                .toList();
        check(wanted, layout, role).stream().filter(f -> !f.ok()).findFirst().ifPresent(f -> {
            throw new FanfoldException("topic " + f.topic() + " at " + kafka.bootstrapServers() + ": " + f.detail());
        });
    }

    /** How many partitions a topic has. */
    public int partitions(String topic) {
        return described(topic).partitions().size();
    }

    /** The id of a topic, as Kafka writes it: of a topic made anew it is another. */
    public String id(String topic) {
        return described(topic).topicId().toString();
    }

    private TopicDescription described(String topic) {
        return ask(admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs(ANSWER_WITHIN_MS))
                .topicNameValues()
                .get(topic));
    }

    private short replication(int wanted) {
        int brokers = ask(admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_WITHIN_MS))
                        .nodes())
                .size();
        if (wanted > brokers) {
            throw new FanfoldException("replication " + wanted + " needs as many brokers; the cluster at "
                    + kafka.bootstrapServers() + " has " + brokers);
        }
        return (short) (wanted > 0 ? wanted : brokers >= 3 ? 3 : 1);
    }

    /** Asks for all of them in one request; returns the names of those that were not there before. */
    private Set<String> createMissing(List<Wanted> wanted, short replication) {
        asked = AclOperation.CREATE;
        List<NewTopic> request =
                wanted.stream().map(topic -> request(topic, replication)).toList();
        return admin
                .createTopics(request, new CreateTopicsOptions().timeoutMs(ANSWER_WITHIN_MS))
                .values()
                .entrySet()
                .stream()
                .filter(answer -> created(answer.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static NewTopic request(Wanted topic, short replication) {
        Map<String, String> config = new HashMap<>(topic.config());
        if (replication >= 3) {
            config.put("min.insync.replicas", "2");
        }
        return new NewTopic(topic.name(), topic.partitions(), replication).configs(config);
    }

    private boolean created(KafkaFuture<Void> answer) {
        try {
            answer.get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw failed(e);
        }
    }

    private Finding check(Wanted topic, TopicLayout layout) {
        if (!exists(topic.name())) {
            return new Finding(topic.name(), false, "does not exist: make it with: " + createCommand(kafka, layout));
        }
        Config config = config(topic.name());
        Optional<String> wrong = topic.config().entrySet().stream()
                .filter(e -> !fits(config, e.getKey(), e.getValue()))
                .map(e -> e.getKey() + " is " + value(config, e.getKey()) + ", Fanfold needs " + e.getValue()
                        + ": change it with: kafka-configs.sh --bootstrap-server " + kafka.bootstrapServers()
                        + " --alter --topic " + topic.name() + " --add-config " + e.getKey() + "=" + e.getValue())
                .findFirst();
        return new Finding(
                topic.name(), wrong.isEmpty(), wrong.orElseGet(() -> "partitions " + partitions(topic.name())));
    }

    private boolean exists(String topic) {
        asked = AclOperation.DESCRIBE;
        try {
            TopicDescription _ = described(topic);
            return true;
        } catch (FanfoldException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    /** The command that makes the topics of this layout. */
    private static String createCommand(KafkaSettings kafka, TopicLayout layout) {
        StringBuilder command =
                new StringBuilder("fanfold topics create --bootstrap-server ").append(kafka.bootstrapServers());
        if (!kafka.topics().equals(Topics.DEFAULT)) {
            command.append(" --topic-prefix ").append(kafka.topics().prefix());
        }
        layout.pools().stream()
                .filter(pool -> !layout.pools().equals(Set.of(Topics.DEFAULT_POOL)))
                .sorted()
                .forEach(pool -> command.append(" --pool ").append(pool));
        return command.toString();
    }

    private Config config(String topic) {
        asked = AclOperation.DESCRIBE_CONFIGS;
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return ask(admin.describeConfigs(Set.of(resource), new DescribeConfigsOptions().timeoutMs(ANSWER_WITHIN_MS))
                .values()
                .get(resource));
    }

    /** Whether a topic can be worked with as it is: it may hold more than is needed, but never forget by time or size. */
    private static boolean fits(Config config, String key, String wanted) {
        return switch (key) {
            case "max.message.bytes" -> number(config, key) >= Long.parseLong(wanted);
            case "retention.ms" ->
                wanted.equals("-1")
                        ? value(config, key).equals(wanted)
                        : number(config, key) < 0 || number(config, key) >= Long.parseLong(wanted);
            case "segment.bytes" -> true;
            default -> value(config, key).equals(wanted);
        };
    }

    private static String value(Config config, String key) {
        return config.entries().stream()
                .filter(e -> e.name().equals(key))
                .map(e -> String.valueOf(e.value()))
                .collect(Collectors.joining());
    }

    private static long number(Config config, String key) {
        String value = value(config, key);
        return value.isEmpty() ? Long.MAX_VALUE : Long.parseLong(value);
    }

    private <T> T ask(@Nullable KafkaFuture<T> answer) {
        try {
            return Objects.requireNonNull(answer).get(); // the admin client ends it in time
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        } catch (InterruptedException e) {
            throw failed(e);
        }
    }

    private FanfoldException failed(@Nullable Throwable e) {
        if (e instanceof TimeoutException) {
            return new FanfoldException(
                    "no Kafka broker answers at " + kafka.bootstrapServers()
                            + ": check the address and that the broker runs (fanfold up starts one on this machine)",
                    e);
        }
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return new FanfoldException(
                "the broker at " + kafka.bootstrapServers() + " refused: "
                        + (e == null ? "for no known reason" : e.getMessage()),
                e);
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ZERO);
    }
}

package io.fanfold.cli.doctor;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** The cluster that is looked at, and how it is asked. */
record Cluster(KafkaSettings kafka, Admin admin, Set<String> pools) {
    private static final long ANSWER_WITHIN_SECONDS = 15;

    /**
     * The cluster, with these pools and all others that have a topic.
     *
     * @throws FanfoldException if no broker answers
     */
    static Cluster of(KafkaSettings kafka, Admin admin, Set<String> given) {
        Set<String> pools = new TreeSet<>(given);
        ask(admin.listTopics().names())
                .forEach(topic -> kafka.topics().poolOf(topic).ifPresent(pools::add));
        return new Cluster(kafka, admin, pools.isEmpty() ? Set.of(Topics.DEFAULT_POOL) : pools);
    }

    Topics topics() {
        return kafka.topics();
    }

    /** All topics of the fleet. */
    Set<String> names() {
        return Stream.concat(
                        Stream.of(
                                topics().submissions(),
                                topics().jobs(),
                                topics().outcomes(),
                                topics().states(),
                                topics().functions(),
                                topics().control(),
                                topics().deadLetters()),
                        pools.stream().map(topics()::chunks))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Collection<Node> nodes() {
        return ask(admin.describeCluster().nodes());
    }

    /** The configuration of a topic or a broker. */
    Config config(ConfigResource.Type type, String name) {
        ConfigResource resource = new ConfigResource(type, name);
        return ask(admin.describeConfigs(Set.of(resource)).values().get(resource));
    }

    /** A number of a configuration, where it has it. */
    static Optional<Long> number(Config config, String name) {
        ConfigEntry entry = config.get(name);
        return entry == null || entry.value() == null ? Optional.empty() : Optional.of(Long.valueOf(entry.value()));
    }

    /** How a tool of Kafka's is called on it. */
    String tool(String name) {
        return name + " --bootstrap-server " + kafka.bootstrapServers();
    }

    /** How a command of ours is called on it. */
    String command(String words) {
        String prefix = topics().prefix();
        return "fanfold " + words + " --bootstrap-server " + kafka.bootstrapServers()
                + (prefix.equals(Topics.DEFAULT.prefix()) ? "" : " --topic-prefix " + prefix);
    }

    /**
     * Waits for an answer.
     *
     * @throws KafkaException what the broker refused it with
     */
    static <T> T ask(@Nullable KafkaFuture<T> answer) {
        try {
            if (answer == null) {
                throw new KafkaException("the broker did not say");
            }
            return answer.get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : new KafkaException(e);
        } catch (TimeoutException e) {
            throw new KafkaException("no answer within " + ANSWER_WITHIN_SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

package io.fanfold.protocol.rights;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers what the user of an admin client may do. They tell it of topics, of groups that exist and of the cluster; of
 * transactional ids, and of groups and topics that do not exist, only whether they may be seen. Nothing is changed. Any thread; it
 * waits for the brokers.
 */
public final class RightsCheck {
    private final Admin admin;
    private final int patienceMs;

    /**
     * @param admin the caller's to close
     * @param patience how long to wait for an answer: brokers that are asked for the first time after they were set up have to make
     *     the topics of groups and of transactions before they can give one
     */
    public RightsCheck(Admin admin, Duration patience) {
        this.admin = admin;
        this.patienceMs = Math.toIntExact(patience.toMillis());
    }

    /**
     * Those of these rights that the user certainly does not have.
     *
     * @throws KafkaException if the brokers do not answer; {@link org.apache.kafka.common.errors.TimeoutException} if not in time
     */
    public List<Right> missing(Collection<Right> rights) {
        Map<ResourcePattern, Answer> answers = new HashMap<>();
        rights.forEach(right -> answers.computeIfAbsent(right.resource(), this::ask));
        List<Right> missing = new ArrayList<>();
        for (Right right : rights) {
            Answer answer = answers.get(right.resource());
            if (answer != null && answer.refuses(right.operation())) {
                missing.add(right);
            }
        }
        return missing;
    }

    /** A question that is on its way. */
    private interface Answer {
        boolean refuses(AclOperation operation);
    }

    private Answer ask(ResourcePattern resource) {
        String name = name(resource);
        return switch (resource.resourceType()) {
            case TOPIC -> topic(name);
            case GROUP -> group(name);
            case TRANSACTIONAL_ID -> transactions(name);
            case CLUSTER -> cluster();
            default -> throw new IllegalArgumentException("no right is about " + resource);
        };
    }

    /** Of many that begin alike, one that is not there stands for all. */
    private static String name(ResourcePattern resource) {
        String any = "fanfold-rights-" + UUID.randomUUID();
        if (resource.name().equals(ResourcePattern.WILDCARD_RESOURCE)) {
            return any;
        }
        return resource.patternType() == PatternType.PREFIXED ? resource.name() + any : resource.name();
    }

    private Answer topic(String name) {
        KafkaFuture<TopicDescription> asked = future(admin.describeTopics(
                        Set.of(name),
                        new DescribeTopicsOptions()
                                .includeAuthorizedOperations(true)
                                .timeoutMs(patienceMs))
                .topicNameValues()
                .get(name));
        return operation -> {
            try {
                return refuses(await(asked).authorizedOperations(), operation);
            } catch (AuthorizationException e) {
                return hidden(name, operation);
            } catch (UnknownTopicOrPartitionException e) {
                return false;
            }
        };
    }

    /** Who may not see a topic has none of the operations that make it seen. */
    private boolean hidden(String topic, AclOperation operation) {
        if (operation != AclOperation.DESCRIBE_CONFIGS) {
            return operation != AclOperation.CREATE;
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Object _ = await(
                    future(admin.describeConfigs(Set.of(resource), new DescribeConfigsOptions().timeoutMs(patienceMs))
                            .values()
                            .get(resource)));
            return false;
        } catch (AuthorizationException e) {
            return true;
        } catch (UnknownTopicOrPartitionException e) {
            return false;
        }
    }

    private Answer group(String name) {
        KafkaFuture<ConsumerGroupDescription> asked = future(admin.describeConsumerGroups(
                        Set.of(name),
                        new DescribeConsumerGroupsOptions()
                                .includeAuthorizedOperations(true)
                                .timeoutMs(patienceMs))
                .describedGroups()
                .get(name));
        return operation -> {
            try {
                return refuses(await(asked).authorizedOperations(), operation);
            } catch (AuthorizationException e) {
                return true;
            } catch (GroupIdNotFoundException e) {
                return false;
            }
        };
    }

    /** Who may write under an id may see it. */
    private Answer transactions(String name) {
        KafkaFuture<?> asked =
                future(admin.describeTransactions(Set.of(name), new DescribeTransactionsOptions().timeoutMs(patienceMs))
                        .description(name));
        return _ -> {
            try {
                Object _ = await(asked);
                return false;
            } catch (AuthorizationException e) {
                return true;
            } catch (TransactionalIdNotFoundException e) {
                return false;
            }
        };
    }

    private Answer cluster() {
        KafkaFuture<Set<AclOperation>> asked = admin.describeCluster(new DescribeClusterOptions()
                        .includeAuthorizedOperations(true)
                        .timeoutMs(patienceMs))
                .authorizedOperations();
        return operation -> refuses(await(asked), operation);
    }

    /** A broker that says nothing of what is allowed is believed to allow it. */
    private static boolean refuses(@Nullable Set<AclOperation> allowed, AclOperation operation) {
        return allowed != null
                && !allowed.contains(operation)
                && !allowed.contains(AclOperation.ALL)
                && !allowed.contains(AclOperation.UNKNOWN);
    }

    private static <T> KafkaFuture<T> future(@Nullable KafkaFuture<T> future) {
        return Objects.requireNonNull(future);
    }

    private static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(); // the admin client ends it in time
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : new KafkaException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

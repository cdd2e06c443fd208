package io.fanfold.protocol.rights;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which rights a role lacks, and the commands that grant them. Any thread; it waits for the brokers. */
public final class MissingRights {
    private static final Logger LOG = LoggerFactory.getLogger(MissingRights.class);
    private static final String CLIENT = "fanfold-rights";
    /** A cluster that was just set up, on a slow disk, takes its time to make the topics of groups and of transactions. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final KafkaSettings kafka;
    private final Role role;
    private final Set<String> pools;

    /** @param pools those that the role has to do with, where it is known */
    public MissingRights(KafkaSettings kafka, Role role, Collection<String> pools) {
        this.kafka = kafka;
        this.role = role;
        this.pools = new TreeSet<>(pools);
    }

    /**
     * Makes sure that a role that starts has what its work needs. What only its purge needs and is missing, it says in the log.
     *
     * @param purges whether it deletes what is done from the broker
     * @throws LackingRightException that names all that is missing
     * @throws FanfoldException if the brokers do not tell within a minute
     */
    public void require(boolean purges) {
        List<Right> missing = told();
        List<Right> work =
                missing.stream().filter(r -> r.need() == Right.Need.WORK).toList();
        if (!work.isEmpty()) {
            throw new LackingRightException(text(work), null);
        }
        if (purges && !missing.isEmpty()) {
            LOG.atWarn().log("nothing is purged: {}; or switch purging off (--purge-every 0)", text(missing));
        }
    }

    private List<Right> told() {
        try {
            return missing(rights());
        } catch (TimeoutException e) {
            throw new FanfoldException(
                    "the brokers at " + kafka.bootstrapServers() + " do not tell within " + PATIENCE.toSeconds()
                            + " s what " + role.who() + " may do (" + e.getMessage()
                            + "): what keeps groups or transactions may not be there, as where"
                            + " offsets.topic.replication.factor or transaction.state.log.replication.factor is more"
                            + " than there are brokers; fanfold doctor says so",
                    e);
        }
    }

    /** What is missing where the brokers have refused something for want of a right; empty where that was not the reason. */
    public Optional<LackingRightException> behind(Throwable failure) {
        return behind(failure, right -> right.operation() != AclOperation.DESCRIBE_CONFIGS);
    }

    /** The same, where it is known for what the brokers were asked. */
    public Optional<LackingRightException> behind(Throwable failure, AclOperation asked) {
        return behind(failure, right -> right.operation() == asked);
    }

    private Optional<LackingRightException> behind(Throwable failure, Predicate<Right> likely) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof LackingRightException said) {
                return Optional.of(said);
            }
        }
        return refusal(failure).map(refused -> new LackingRightException(explained(refused, likely), failure));
    }

    /** The refusal for want of a right that a failure comes of, if it does. */
    public static Optional<AuthorizationException> refusal(@Nullable Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof AuthorizationException refused) {
                return Optional.of(refused);
            }
        }
        return Optional.empty();
    }

    private String explained(AuthorizationException refused, Predicate<Right> likely) {
        if (refused instanceof TopicAuthorizationException topics) {
            topics.unauthorizedTopics()
                    .forEach(topic -> kafka.topics().poolOf(topic).ifPresent(pools::add));
        }
        List<Right> missing = askedAgain();
        if (missing.isEmpty()) {
            missing = rights().stream()
                    .filter(likely)
                    .filter(right -> about(right, refused))
                    .toList();
        }
        return missing.isEmpty()
                ? role.who() + " lacks a right at " + kafka.bootstrapServers() + ": " + refused.getMessage()
                : text(missing);
    }

    private List<Right> askedAgain() {
        try {
            return missing(rights().stream()
                    .filter(right -> right.need() == Right.Need.WORK)
                    .toList());
        } catch (KafkaException e) {
            LOG.debug("what is missing cannot be asked", e);
            return List.of();
        }
    }

    /** Whether a role's right is one that a refusal may be about, as far as that tells. */
    private static boolean about(Right right, AuthorizationException refused) {
        return switch (refused) {
            case TopicAuthorizationException e ->
                e.unauthorizedTopics().isEmpty()
                        ? right.resource().resourceType() == ResourceType.TOPIC
                        : e.unauthorizedTopics().stream().anyMatch(topic -> right.covers(ResourceType.TOPIC, topic));
            case GroupAuthorizationException e -> right.covers(ResourceType.GROUP, String.valueOf(e.groupId()));
            case TransactionalIdAuthorizationException _ ->
                right.resource().resourceType() == ResourceType.TRANSACTIONAL_ID;
            case ClusterAuthorizationException _ -> right.resource().resourceType() == ResourceType.CLUSTER;
            default -> false;
        };
    }

    private List<Right> rights() {
        return Grants.of(role, kafka.topics(), pools);
    }

    private List<Right> missing(List<Right> rights) {
        try (Admin admin = Admin.create(kafka.admin(CLIENT))) {
            return new RightsCheck(admin, PATIENCE).missing(rights);
        }
    }

    private String text(List<Right> missing) {
        String named = missing.stream().map(Right::toString).collect(Collectors.joining(", "));
        String commands =
                String.join(" && ", AclCommands.grant(kafka.bootstrapServers(), AclCommands.principal(kafka), missing));
        return role.who() + " lacks "
                + (missing.size() == 1 ? "a right" : missing.size() + " rights") + " at " + kafka.bootstrapServers()
                + ": " + named + "; grant " + (missing.size() == 1 ? "it" : "them") + " with: " + commands;
    }
}

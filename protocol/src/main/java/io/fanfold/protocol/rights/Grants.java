package io.fanfold.protocol.rights;

import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.fanfold.protocol.wire.Topics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.Resource;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** The least that each role has to be allowed: with it all works, and without any of it something does not. */
public final class Grants {
    private final Topics topics;
    private final List<Right> rights = new ArrayList<>();

    private Grants(Topics topics) {
        this.topics = topics;
    }

    /**
     * The rights of a role.
     *
     * @param pools those whose chunks it computes or writes; an aggregator has none
     */
    public static List<Right> of(Role role, Topics topics, Collection<String> pools) {
        Grants grants = new Grants(topics);
        Set<String> sorted = new TreeSet<>(pools);
        switch (role) {
            case PRODUCER -> grants.producer(sorted);
            case WORKER -> grants.worker(sorted);
            case AGGREGATOR -> grants.aggregator();
            case CLIENT -> grants.client(sorted);
            case TOPICS -> grants.makesTopics();
        }
        return List.copyOf(grants.rights);
    }

    /** The topics that a role has to do with, by name. */
    public static Set<String> topicsOf(Role role, Topics topics, Collection<String> pools) {
        Set<String> names = new TreeSet<>();
        of(role, topics, pools).stream()
                .filter(right -> right.operation() == DESCRIBE_CONFIGS)
                .forEach(right -> names.add(right.resource().name()));
        return names;
    }

    private void producer(Set<String> pools) {
        writesJobs(pools);
        topic(topics.submissions(), READ);
        topic(topics.outcomes(), READ);
        topic(topics.deadLetters(), WRITE);
        group(topics.producerGroup());
        purges(Set.of(topics.submissions()));
    }

    private void client(Set<String> pools) {
        writesJobs(pools);
        topic(topics.outcomes(), READ);
        topic(topics.deadLetters(), READ);
    }

    private void writesJobs(Set<String> pools) {
        topic(topics.jobs(), READ, WRITE);
        topic(topics.states(), READ);
        topic(topics.functions(), READ);
        topic(topics.control(), WRITE);
        pools.forEach(pool -> topic(topics.chunks(pool), WRITE));
    }

    private void worker(Set<String> pools) {
        pools.forEach(pool -> {
            topic(topics.chunks(pool), READ);
            group(topics.workerGroup(pool));
        });
        topic(topics.outcomes(), WRITE);
        topic(topics.functions(), READ, WRITE);
        topic(topics.control(), READ);
        topic(topics.deadLetters(), WRITE);
        Set<String> chunks = new TreeSet<>();
        pools.forEach(pool -> chunks.add(topics.chunks(pool)));
        purges(chunks);
    }

    private void aggregator() {
        topic(topics.outcomes(), READ);
        topic(topics.jobs(), READ, WRITE);
        topic(topics.states(), READ, WRITE);
        topic(topics.control(), READ, WRITE);
        group(topics.aggregatorGroup());
        rights.add(Right.prefixed(ResourceType.TRANSACTIONAL_ID, topics.ownersOf(), WRITE, Right.Need.WORK));
        purges(Set.of(topics.outcomes()));
    }

    private void makesTopics() {
        for (AclOperation operation : new AclOperation[] {CREATE, DESCRIBE, DESCRIBE_CONFIGS}) {
            rights.add(Right.prefixed(ResourceType.TOPIC, topics.prefix() + ".", operation, Right.Need.WORK));
        }
    }

    /** What is done with a topic; and it is looked whether records of the fleet fit into it. */
    private void topic(String name, AclOperation... operations) {
        for (AclOperation operation : operations) {
            rights.add(Right.topic(name, operation));
        }
        rights.add(Right.topic(name, DESCRIBE_CONFIGS));
    }

    private void group(String name) {
        rights.add(Right.literal(ResourceType.GROUP, name, READ, Right.Need.WORK));
    }

    /** Who deletes must see all who may still read: all groups, and the topics that they read. */
    private void purges(Set<String> names) {
        names.forEach(name -> rights.add(Right.literal(ResourceType.TOPIC, name, DELETE, Right.Need.PURGE)));
        rights.add(Right.literal(ResourceType.CLUSTER, Resource.CLUSTER_NAME, DESCRIBE, Right.Need.PURGE));
        rights.add(Right.literal(ResourceType.GROUP, ResourcePattern.WILDCARD_RESOURCE, DESCRIBE, Right.Need.PURGE));
        rights.add(Right.prefixed(ResourceType.TOPIC, topics.prefix() + ".", DESCRIBE, Right.Need.PURGE));
    }
}

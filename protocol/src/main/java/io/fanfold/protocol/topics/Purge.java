package io.fanfold.protocol.topics;

import static io.fanfold.protocol.topics.GroupNeeds.ask;

import io.fanfold.protocol.wire.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the disk of the brokers back: deletes the records of partitions that no group needs any more, in rounds on a virtual thread
 * of its own, one every so often, where there is something to delete. A round deletes below the lowest of
 *
 * <ul>
 *   <li>the offset that its owner has called safe;
 *   <li>what the owner's own group has committed, by the word of the broker: without a commit nothing is deleted, so that a topic made
 *       anew keeps its records;
 *   <li>what each other group still needs, {@link GroupNeeds}.
 * </ul>
 *
 * <p>It deletes nothing where it does not see all groups. What goes wrong is logged, once as long as it stays the same, and tried again
 * with the next round; nothing is thrown. Any thread may call; no method waits for a broker.
 */
public final class Purge implements AutoCloseable {
    /** The time from one round to the next, unless told otherwise. */
    public static final Duration EVERY = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

    private static final String GROUPS = "groups";

    private final Admin admin;
    private final String group;
    private final Duration every;
    private final GroupNeeds groups;
    private final Map<TopicPartition, Long> safe = new ConcurrentHashMap<>();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread rounds;

    private final Map<TopicPartition, Long> begins = new HashMap<>();
    private final Set<String> said = new HashSet<>();
    private Set<String> holding = Set.of();
    private boolean troubled;

    /**
     * Begins to purge what will be called safe.
     *
     * @param group the consumer group whose commits say that records are no longer needed
     * @param every the time from one round to the next
     */
    public Purge(KafkaSettings kafka, String clientId, String group, Duration every) {
        this.admin = Admin.create(kafka.admin(clientId));
        this.group = group;
        this.every = every;
        this.groups = new GroupNeeds(admin);
        this.rounds = Thread.ofVirtual().name("purge").start(this::run);
    }

    /**
     * Records below these offsets are not needed by the own group any more, whoever of it owns their partitions next: its commits of
     * them are acknowledged. Partitions that are not named stay as they were; an offset below one that was called safe before
     * changes nothing.
     */
    public void upTo(Map<TopicPartition, Long> offsets) {
        offsets.forEach((p, offset) -> safe.merge(p, offset, Math::max));
    }

    /** These partitions are somebody else's: no round that begins from now on looks at them, until they are called safe again. */
    public void forget(Collection<TopicPartition> partitions) {
        safe.keySet().removeAll(partitions);
    }

    private void run() {
        while (!stopsWithin(every)) {
            try {
                round();
            } catch (RuntimeException e) {
                trouble(GROUPS, e);
            }
        }
    }

    private boolean stopsWithin(Duration time) {
        try {
            return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
        }
    }

    private void round() {
        troubled = false;
        Map<TopicPartition, Long> due = due();
        if (due.isEmpty()) {
            return;
        }
        Map<String, Map<TopicPartition, Long>> needs = groups.of(due.keySet());
        sayWhoHolds(due, needs);
        Map<TopicPartition, Long> own = needs.getOrDefault(group, Map.of());
        due.keySet().retainAll(own.keySet());
        needs.values().forEach(need -> need.forEach((p, from) -> due.computeIfPresent(p, (_, o) -> Math.min(o, from))));
        due.entrySet().removeIf(e -> e.getValue() <= begin(e.getKey()));
        delete(due);
        if (!troubled) {
            said.clear();
        }
    }

    /** What is safe and, as far as is known here, still there. */
    private Map<TopicPartition, Long> due() {
        Map<TopicPartition, Long> due = new HashMap<>(safe);
        begins.keySet().retainAll(due.keySet());
        due.entrySet().removeIf(e -> e.getValue() <= begin(e.getKey()));
        return due;
    }

    private long begin(TopicPartition p) {
        return begins.getOrDefault(p, 0L);
    }

    private void delete(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> asked = offsets.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> RecordsToDelete.beforeOffset(e.getValue())));
        admin.deleteRecords(asked).lowWatermarks().forEach((p, low) -> {
            try {
                begins.put(p, ask(low).lowWatermark());
                LOG.atDebug()
                        .addKeyValue("partition", p)
                        .addKeyValue("begin", begin(p))
                        .log("purged");
            } catch (RuntimeException e) {
                trouble(p.topic(), e);
            }
        });
    }

    private void sayWhoHolds(Map<TopicPartition, Long> due, Map<String, Map<TopicPartition, Long>> needs) {
        Map<String, List<String>> holders = new HashMap<>();
        needs.forEach((name, need) -> {
            List<String> held = need.entrySet().stream()
                    .filter(e -> e.getValue() < due.getOrDefault(e.getKey(), 0L))
                    .map(e -> e.getKey() + " from " + e.getValue())
                    .sorted()
                    .toList();
            if (!held.isEmpty()) {
                holders.put(name, held);
            }
        });
        holders.forEach((name, held) -> {
            if (!holding.contains(name)) {
                LOG.atInfo()
                        .addKeyValue("group", name)
                        .addKeyValue("needs", held)
                        .log("a group holds the purge back: these records stay until it has committed that it read"
                                + " them; if nobody uses it any more, delete it (kafka-consumer-groups.sh --delete"
                                + " --group)");
            }
        });
        holding.stream()
                .filter(name -> !holders.containsKey(name))
                .forEach(name -> LOG.atInfo().addKeyValue("group", name).log("a group no longer holds the purge back"));
        holding = Set.copyOf(holders.keySet());
    }

    private void trouble(String where, RuntimeException e) {
        troubled = true;
        if (stopping.getCount() == 0 || !said.add(where + " " + e.getClass())) {
            return;
        }
        if (e instanceof AuthorizationException refused) {
            LOG.atWarn()
                    .addKeyValue("of", where)
                    .addKeyValue("error", e.toString())
                    .log(
                            "nothing is purged: {} is missing: grant it (fanfold topics rights prints how), or switch"
                                    + " purging off (--purge-every 0)",
                            right(where, refused));
        } else {
            LOG.atInfo()
                    .addKeyValue("of", where)
                    .addKeyValue("error", e.toString())
                    .log("not purged: tried again with the next round");
        }
    }

    /** What a round was refused: it sees groups, then it deletes. */
    private static String right(String where, AuthorizationException refused) {
        return switch (refused) {
            case ClusterAuthorizationException _ -> "DESCRIBE on the cluster";
            case GroupAuthorizationException e -> "DESCRIBE on all groups, " + e.groupId() + " among them,";
            case TopicAuthorizationException e
            when where.equals(GROUPS) -> "DESCRIBE on topics " + e.unauthorizedTopics();
            default -> "DELETE on topic " + where;
        };
    }

    /** Ends at once; what a round has asked for may still be done. */
    @Override
    public void close() {
        stopping.countDown();
        rounds.interrupt();
        admin.close(Duration.ZERO);
    }
}

package io.fanfold.protocol.topics;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/**
 * What the groups of a cluster still need of partitions, as its brokers say: records from what a group has committed on, whether it
 * has members or not; all records, where its members may have the partition and have committed nothing yet; from its
 * start offset on, where it is a share group. One thread; it waits for the brokers.
 */
final class GroupNeeds {
    /** Protocols whose groups commit offsets; a group without members that never had any has none. */
    private static final Set<String> COMMITTING = Set.of("consumer", "streams", "");

    private static final String SHARE = "share";
    /** States in which it is open which member gets which partition. */
    private static final Set<GroupState> UNDECIDED =
            Set.of(GroupState.PREPARING_REBALANCE, GroupState.COMPLETING_REBALANCE, GroupState.ASSIGNING);

    private final Admin admin;
    /** What needed something when last asked: asked by name again, since a group whose coordinator is away is not listed. */
    private Set<String> known = Set.of();

    GroupNeeds(Admin admin) {
        this.admin = admin;
    }

    /**
     * By group, the lowest offset that it needs of each of these partitions; what is not there, is not needed.
     *
     * @throws KafkaException if the brokers do not tell of all groups, whatever the reason
     */
    Map<String, Map<TopicPartition, Long>> of(Set<TopicPartition> partitions) {
        requireSightOfAll();
        Collection<GroupListing> listed = ask(admin.listGroups().all());
        Set<String> names = new HashSet<>(known);
        listed.stream()
                .filter(group -> COMMITTING.contains(group.protocol()))
                .map(GroupListing::groupId)
                .forEach(names::add);
        Map<String, Map<TopicPartition, Long>> needs = new HashMap<>();
        assigned(names, partitions, needs); // before the commits: whoever leaves in between has committed
        committed(names, partitions, needs);
        known = Set.copyOf(needs.keySet());
        shared(listed, partitions, needs);
        return needs;
    }

    /** A broker says nothing of groups that it does not show. */
    private void requireSightOfAll() {
        Set<AclOperation> allowed =
                ask(admin.describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                        .authorizedOperations());
        if (allowed == null || !allowed.contains(AclOperation.DESCRIBE)) {
            throw new ClusterAuthorizationException("without DESCRIBE on the cluster not all groups are seen");
        }
    }

    private void assigned(
            Set<String> names, Set<TopicPartition> partitions, Map<String, Map<TopicPartition, Long>> needs) {
        admin.describeConsumerGroups(names).describedGroups().forEach((name, answer) -> {
            Set<TopicPartition> assigned = assigned(answer, partitions);
            if (!assigned.isEmpty()) {
                needs.put(name, new HashMap<>(assigned.stream().collect(Collectors.toMap(p -> p, _ -> 0L))));
            }
        });
    }

    private static Set<TopicPartition> assigned(
            KafkaFuture<ConsumerGroupDescription> answer, Set<TopicPartition> partitions) {
        try {
            ConsumerGroupDescription group = ask(answer);
            boolean undecided = !group.members().isEmpty() && UNDECIDED.contains(group.groupState());
            return undecided
                    ? partitions
                    : group.members().stream()
                            .flatMap(GroupNeeds::partitions)
                            .filter(partitions::contains)
                            .collect(Collectors.toSet());
        } catch (GroupIdNotFoundException e) {
            return Set.of(); // gone, or of another kind: its commits are all there is
        } catch (TopicAuthorizationException e) {
            return partitions; // it reads topics that are hidden from us, and perhaps these as well
        }
    }

    private static Stream<TopicPartition> partitions(MemberDescription member) {
        return Stream.concat(
                member.assignment().topicPartitions().stream(),
                member.targetAssignment().stream().flatMap(target -> target.topicPartitions().stream()));
    }

    private void committed(
            Set<String> names, Set<TopicPartition> partitions, Map<String, Map<TopicPartition, Long>> needs) {
        if (names.isEmpty()) {
            return;
        }
        var answers = admin.listConsumerGroupOffsets(names.stream()
                .collect(Collectors.toMap(
                        Function.identity(), _ -> new ListConsumerGroupOffsetsSpec().topicPartitions(partitions))));
        for (String name : names) {
            try {
                add(needs, name, ask(answers.partitionsToOffsetAndMetadata(name)), o -> o.offset());
            } catch (GroupIdNotFoundException e) {
                // deleted meanwhile: it needs nothing
            }
        }
    }

    private void shared(
            Collection<GroupListing> listed,
            Set<TopicPartition> partitions,
            Map<String, Map<TopicPartition, Long>> needs) {
        Map<String, ListShareGroupOffsetsSpec> asked = listed.stream()
                .filter(group -> group.protocol().equals(SHARE))
                .collect(Collectors.toMap(
                        GroupListing::groupId, _ -> new ListShareGroupOffsetsSpec().topicPartitions(partitions)));
        if (!asked.isEmpty()) {
            ask(admin.listShareGroupOffsets(asked).all())
                    .forEach((name, begun) -> add(needs, name, begun, info -> info.startOffset()));
        }
    }

    private static <T> void add(
            Map<String, Map<TopicPartition, Long>> needs,
            String name,
            Map<TopicPartition, ? extends @Nullable T> said,
            Function<T, Long> offset) {
        said.forEach((p, of) -> {
            if (of != null) {
                needs.computeIfAbsent(name, _ -> new HashMap<>()).put(p, offset.apply(of));
            }
        });
    }

    /**
     * Waits for an answer.
     *
     * @throws RuntimeException what the broker refused it with
     */
    static <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException why ? why : new KafkaException(e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

package io.fanfold.cli.doctor;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** What the user that this command runs as may do, of what roles do. */
record Rights(Cluster cluster) implements Examination {
    @Override
    public String what() {
        return "rights";
    }

    @Override
    public List<Check> look() {
        List<Check> wrong = new ArrayList<>();
        ofCluster(wrong);
        ofTopics(wrong);
        ofGroups(wrong);
        ofTransactions(wrong);
        return wrong.isEmpty()
                ? List.of(Check.ok(
                        what(),
                        "this user may do what roles do; whether it may write under transactional ids, and what other"
                                + " users may, cannot be asked"))
                : wrong;
    }

    private void ofCluster(List<Check> wrong) {
        Set<AclOperation> allowed = Cluster.ask(cluster.admin()
                .describeCluster(new DescribeClusterOptions().includeAuthorizedOperations(true))
                .authorizedOperations());
        if (lacking(allowed, EnumSet.of(AclOperation.DESCRIBE)).isEmpty()) {
            return;
        }
        wrong.add(Check.warning(
                what(),
                "this user may not DESCRIBE the cluster: workers and aggregators that run as it purge nothing",
                grant("--cluster", EnumSet.of(AclOperation.DESCRIBE))));
    }

    private void ofTopics(List<Check> wrong) {
        Map<String, TopicDescription> topics = new TreeMap<>(Cluster.ask(cluster.admin()
                .describeTopics(cluster.names(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames()));
        topics.forEach((name, topic) -> {
            Set<AclOperation> lacking = lacking(topic.authorizedOperations(), wanted(name));
            if (!lacking.isEmpty()) {
                wrong.add(Check.warning(
                        what(), "this user may not " + lacking + " topic " + name, grant("--topic " + name, lacking)));
            }
        });
    }

    private Set<AclOperation> wanted(String topic) {
        Set<AclOperation> wanted = EnumSet.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE_CONFIGS);
        if (topic.equals(cluster.topics().outcomes())
                || cluster.topics().poolOf(topic).isPresent()) {
            wanted.add(AclOperation.DELETE);
        }
        return wanted;
    }

    private void ofGroups(List<Check> wrong) {
        List<String> groups = new ArrayList<>(
                cluster.pools().stream().map(cluster.topics()::workerGroup).toList());
        groups.add(cluster.topics().aggregatorGroup());
        var answers = cluster.admin()
                .describeConsumerGroups(groups, new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                .describedGroups();
        answers.forEach((group, answer) -> {
            try {
                Set<AclOperation> lacking =
                        lacking(Cluster.ask(answer).authorizedOperations(), EnumSet.of(AclOperation.READ));
                if (!lacking.isEmpty()) {
                    wrong.add(forbidden(group));
                }
            } catch (GroupAuthorizationException e) {
                wrong.add(forbidden(group));
            } catch (GroupIdNotFoundException e) {
                // it is made by its first member
            }
        });
    }

    private Check forbidden(String group) {
        return Check.warning(
                what(),
                "this user may not READ group " + group,
                grant("--group " + group, EnumSet.of(AclOperation.READ)));
    }

    private void ofTransactions(List<Check> wrong) {
        String id = cluster.topics().ownerOf(0);
        try {
            Object _ = Cluster.ask(
                    cluster.admin().describeTransactions(List.of(id)).description(id));
        } catch (TransactionalIdAuthorizationException e) {
            wrong.add(Check.warning(
                    what(),
                    "this user may not see transactional id " + id + ": no aggregator can run as it",
                    grant(
                            "--transactional-id " + cluster.topics().prefix()
                                    + ".aggregator. --resource-pattern-type prefixed",
                            EnumSet.of(AclOperation.DESCRIBE, AclOperation.WRITE))));
        } catch (TransactionalIdNotFoundException e) {
            // it is made by its first owner
        }
    }

    private static Set<AclOperation> lacking(@Nullable Set<AclOperation> allowed, Set<AclOperation> wanted) {
        if (allowed == null || allowed.contains(AclOperation.ALL)) {
            return Set.of();
        }
        Set<AclOperation> lacking = EnumSet.copyOf(wanted);
        lacking.removeAll(allowed);
        return lacking;
    }

    private String grant(String resource, Set<AclOperation> operations) {
        StringBuilder command =
                new StringBuilder(cluster.tool("kafka-acls.sh")).append(" --add --allow-principal User:NAME");
        operations.forEach(o -> command.append(" --operation ").append(o));
        return command.append(' ').append(resource).toString();
    }
}

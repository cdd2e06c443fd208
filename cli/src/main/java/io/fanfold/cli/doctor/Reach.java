package io.fanfold.cli.doctor;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;

/** Whether the brokers answer, and can do what Fanfold asks of them. */
record Reach(Cluster cluster) implements Examination {
    private static final String GROUPS = "group.version";
    /** Topics that Kafka makes by itself when they are first needed, and cannot where it has too few brokers. */
    private static final Map<String, String> INTERNAL = Map.of(
            "offsets.topic.replication.factor", "no group can commit",
            "transaction.state.log.replication.factor", "no aggregator can start, each needs a transactional id");

    @Override
    public String what() {
        return "broker";
    }

    @Override
    public List<Check> look() {
        DescribeClusterResult described = cluster.admin().describeCluster();
        int brokers = Cluster.ask(described.nodes()).size();
        Node controller = Cluster.ask(described.controller());
        String id = Cluster.ask(described.clusterId());
        return List.of(Check.ok(
                what(),
                brokers + (brokers == 1 ? " broker" : " brokers") + " at "
                        + cluster.kafka().bootstrapServers() + ", cluster " + id + ", controller " + controller.id()));
    }

    /** What the brokers can do. */
    record Features(Cluster cluster) implements Examination {
        @Override
        public String what() {
            return "features";
        }

        @Override
        public List<Check> look() {
            Map<String, FinalizedVersionRange> features = Cluster.ask(
                            cluster.admin().describeFeatures().featureMetadata())
                    .finalizedFeatures();
            String all = features.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(e -> e.getKey() + " " + e.getValue().maxVersionLevel())
                    .collect(Collectors.joining(", "));
            boolean groups =
                    features.containsKey(GROUPS) && features.get(GROUPS).maxVersionLevel() >= 1;
            boolean classic =
                    "classic".equalsIgnoreCase(cluster.kafka().overrides().get("group.protocol"));
            if (groups || classic) {
                return List.of(Check.ok(
                        what(), (groups ? "groups by KIP-848" : "groups by the classic protocol") + "; " + all));
            }
            return List.of(Check.problem(
                    what(),
                    "the group protocol \"consumer\" (KIP-848) is not enabled: workers and aggregators cannot join; "
                            + all,
                    cluster.tool("kafka-features.sh") + " upgrade --feature " + GROUPS
                            + "=1, or start workers and aggregators with --group-protocol classic"));
        }
    }

    /** What the brokers are told that is in our way. */
    record Brokers(Cluster cluster) implements Examination {
        @Override
        public String what() {
            return "limits";
        }

        @Override
        public List<Check> look() {
            List<Node> nodes = List.copyOf(cluster.nodes());
            List<Check> wrong = new java.util.ArrayList<>();
            for (Node node : nodes) {
                Config config = cluster.config(ConfigResource.Type.BROKER, node.idString());
                request(node, config, wrong);
                INTERNAL.forEach((name, harm) -> Cluster.number(config, name)
                        .filter(factor -> factor > nodes.size())
                        .ifPresent(factor -> wrong.add(Check.problem(
                                what(),
                                "broker " + node.idString() + ": " + name + " is " + factor + " and there are "
                                        + nodes.size() + " brokers: " + harm,
                                "set " + name + "=" + nodes.size() + " in the broker's server.properties"))));
            }
            return wrong.isEmpty()
                    ? List.of(Check.ok(
                            what(),
                            "requests and internal topics are not in the way of records of "
                                    + cluster.kafka().maxMessageBytes() + " bytes"))
                    : wrong;
        }

        private void request(Node node, Config config, List<Check> wrong) {
            int ours = cluster.kafka().deadLetterBytes();
            Cluster.number(config, "socket.request.max.bytes")
                    .filter(most -> most < ours)
                    .ifPresent(most -> wrong.add(Check.problem(
                            what(),
                            "broker " + node.idString() + ": socket.request.max.bytes is " + most
                                    + ", and a record may have " + ours,
                            "set it to " + 2L * ours + " or more in server.properties, or make records smaller"
                                    + " (--max-message-bytes)")));
        }
    }
}

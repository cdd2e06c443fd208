package io.fanfold.cli.doctor;

import io.fanfold.protocol.topics.Finding;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/** Whether the topics are there, and as they must be. */
record Layout(Cluster cluster) implements Examination {
    @Override
    public String what() {
        return "topics";
    }

    @Override
    public List<Check> look() {
        try (TopicSetup setup = new TopicSetup(cluster.kafka())) {
            List<Finding> all = setup.check(new TopicLayout(cluster.pools(), 1, 1, 0));
            List<Check> wrong =
                    all.stream().filter(f -> !f.ok()).map(this::wrong).toList();
            return wrong.isEmpty()
                    ? List.of(Check.ok(what(), all.size() + " topics are there, large enough, kept as they must be"))
                    : wrong;
        }
    }

    /** A finding is what is wrong, a colon and what to do. */
    private Check wrong(Finding finding) {
        int colon = finding.detail().indexOf(": ");
        String detail = colon < 0 ? finding.detail() : finding.detail().substring(0, colon);
        String remedy =
                colon < 0 ? cluster.command("topics check") : finding.detail().substring(colon + 2);
        return Check.problem(what(), finding.topic() + " " + detail, remedy);
    }

    /** How many copies there are of what is promised to be kept. */
    record Replication(Cluster cluster) implements Examination {
        private static final int COPIES = 3;

        @Override
        public String what() {
            return "replication";
        }

        @Override
        public List<Check> look() {
            int brokers = cluster.nodes().size();
            Map<String, TopicDescription> topics = new TreeMap<>(
                    Cluster.ask(cluster.admin().describeTopics(cluster.names()).allTopicNames()));
            List<Check> seen = new ArrayList<>();
            state(
                    topics,
                    "have no leader",
                    p -> p.leader() == null || p.leader().isEmpty(),
                    seen,
                    true);
            state(
                    topics,
                    "lack copies for now",
                    p -> p.isr().size() < p.replicas().size(),
                    seen,
                    false);
            if (brokers < COPIES) {
                seen.add(Check.warning(
                        what(),
                        brokers + (brokers == 1 ? " broker" : " brokers")
                                + ": what is promised holds as long as no disk of a broker is lost",
                        "run three brokers or more where results matter, then make the topics there"));
            } else {
                copies(topics, seen);
            }
            return seen.isEmpty() ? List.of(Check.ok(what(), "three copies or more, two of them acknowledged")) : seen;
        }

        private void state(
                Map<String, TopicDescription> topics,
                String how,
                Predicate<TopicPartitionInfo> bad,
                List<Check> seen,
                boolean stops) {
            List<String> those = topics.values().stream()
                    .flatMap(t -> t.partitions().stream().filter(bad).map(p -> t.name() + "-" + p.partition()))
                    .toList();
            if (!those.isEmpty()) {
                seen.add(new Check(
                        what(),
                        stops ? Check.Level.PROBLEM : Check.Level.WARNING,
                        those.size() + " partitions " + how + ", " + those.getFirst() + " among them",
                        java.util.Optional.of("look at the brokers: " + cluster.tool("kafka-topics.sh") + " --describe"
                                + (stops ? " --unavailable-partitions" : " --under-replicated-partitions"))));
            }
        }

        private void copies(Map<String, TopicDescription> topics, List<Check> seen) {
            String few = topics.values().stream()
                    .filter(t -> t.partitions().stream()
                                    .map(TopicPartitionInfo::replicas)
                                    .mapToInt(List<Node>::size)
                                    .min()
                                    .orElse(0)
                            < COPIES)
                    .map(TopicDescription::name)
                    .collect(Collectors.joining(", "));
            if (!few.isEmpty()) {
                seen.add(Check.warning(
                        what(),
                        "fewer than " + COPIES + " copies: " + few,
                        "add copies with kafka-reassign-partitions.sh, or make the topics again with --replication 3"));
            }
            topics.keySet().stream()
                    .filter(t -> Cluster.number(cluster.config(ConfigResource.Type.TOPIC, t), "min.insync.replicas")
                                    .orElse(1L)
                            < 2)
                    .forEach(t -> seen.add(Check.warning(
                            what(),
                            t + ": min.insync.replicas is 1, one lost disk can lose what was acknowledged",
                            cluster.tool("kafka-configs.sh") + " --alter --topic " + t
                                    + " --add-config min.insync.replicas=2")));
        }
    }
}

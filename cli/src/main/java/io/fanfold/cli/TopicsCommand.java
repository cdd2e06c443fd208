package io.fanfold.cli;

import io.fanfold.cli.show.Colours;
import io.fanfold.cli.show.Table;
import io.fanfold.protocol.topics.Finding;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes and checks the topics of a fleet. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description = "Make or check the topics of a fleet; say which rights it needs.",
        subcommands = {TopicsCommand.Create.class, TopicsCommand.Check.class, RightsCommand.class})
final class TopicsCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "topics create, topics check or topics rights?");
    }

    /** What both have in common: which broker, which pools, and how the answer looks. */
    abstract static class OnTopics implements Callable<Integer> {
        @Option(
                names = "--pool",
                paramLabel = "POOL",
                description = "A pool that shall have a chunks topic; may be repeated (default: default).")
        Set<String> pools = new TreeSet<>();

        @Mixin
        @SuppressWarnings("NullAway.Init") // set by picocli
        BrokerOptions broker;

        @Mixin
        @SuppressWarnings("NullAway.Init") // set by picocli
        Verbosity verbosity;

        @Spec
        @SuppressWarnings("NullAway.Init") // set by picocli
        CommandSpec spec;

        abstract List<Finding> findings(TopicSetup setup);

        Set<String> pools() {
            return pools.isEmpty() ? Set.of(Topics.DEFAULT_POOL) : pools;
        }

        @Override
        public Integer call() throws IOException {
            Logs.people(verbosity.verbose);
            KafkaSettings kafka = broker.kafka();
            try (TopicSetup setup = new TopicSetup(kafka)) {
                List<Finding> findings = findings(setup);
                Table table = new Table("TOPIC", "", "STATE")
                        .styled(1, Colours.by(word -> word.equals("WRONG") ? Colours.RED : Colours.GREEN));
                findings.forEach(f -> table.row(f.topic(), f.ok() ? "ok" : "WRONG", f.detail()));
                PrintWriter out = spec.commandLine().getOut();
                table.print(out);
                out.flush();
                return findings.stream().allMatch(Finding::ok) ? 0 : 1;
            }
        }
    }

    /** Makes the topics that are missing. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Make the topics that are missing; those that are there are checked and left as they are.")
    static final class Create extends OnTopics {
        @Option(
                names = "--partitions",
                paramLabel = "N",
                defaultValue = "12",
                description = "Partitions of each chunks topic: the most workers a pool can use (default: 12).")
        int partitions;

        @Option(
                names = "--outcome-partitions",
                paramLabel = "N",
                defaultValue = "4",
                description = "Partitions of outcomes: the most aggregators that can share jobs (default: 4).")
        int outcomePartitions;

        @Option(
                names = "--replication",
                paramLabel = "N",
                defaultValue = "0",
                description = "Copies of each record (default: 3 where there are three brokers, else 1).")
        int replication;

        @Override
        List<Finding> findings(TopicSetup setup) {
            if (partitions < 1 || outcomePartitions < 1 || replication < 0) {
                throw new ParameterException(
                        spec.commandLine(), "partitions must be at least 1, replication 0 or more");
            }
            return setup.create(new TopicLayout(pools(), partitions, outcomePartitions, replication));
        }
    }

    /** Looks at the topics. */
    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = "Check that the topics are there and large enough. Changes nothing; exit code 1 if not.")
    static final class Check extends OnTopics {
        @Override
        List<Finding> findings(TopicSetup setup) {
            return setup.check(new TopicLayout(pools(), 1, 1, 0));
        }
    }
}

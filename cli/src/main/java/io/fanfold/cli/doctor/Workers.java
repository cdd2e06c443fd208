package io.fanfold.cli.doctor;

import io.fanfold.protocol.wire.FunctionOffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Whether somebody computes, and keeps up. */
record Workers(Cluster cluster, Supplier<List<FunctionOffer>> offers) implements Examination {
    /** Between two looks at how much waits. */
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    @Override
    public String what() {
        return "workers";
    }

    @Override
    public List<Check> look() {
        List<Check> seen = new ArrayList<>();
        cluster.pools().forEach(pool -> seen.add(pool(pool)));
        return seen;
    }

    private Check pool(String pool) {
        Groups groups = new Groups(cluster);
        String topic = cluster.topics().chunks(pool);
        String group = cluster.topics().workerGroup(pool);
        int members = groups.members(group);
        int partitions = groups.partitions(topic);
        long lag = groups.lag(group, topic);
        String detail = "pool " + pool + ": " + members + (members == 1 ? " worker, " : " workers, ") + lag
                + (lag == 1 ? " chunk is" : " chunks are") + " not done";
        String more = cluster.command("worker --pool " + pool);
        if (members == 0) {
            return lag > 0
                    ? Check.problem(what(), detail + ", and nobody computes them", more)
                    : Check.warning(what(), detail + ": nobody would compute one", more);
        }
        if (members > partitions) {
            return Check.warning(
                    what(),
                    detail + "; there are " + partitions + " partitions, " + (members - partitions)
                            + " of the workers idle",
                    cluster.tool("kafka-topics.sh") + " --alter --topic " + topic + " --partitions " + members);
        }
        return lag > 0 && grows(groups, group, topic, lag)
                ? Check.warning(what(), detail + ", and more come than are computed", "start more workers: " + more)
                : Check.ok(what(), detail + functions(pool));
    }

    private static boolean grows(Groups groups, String group, String topic, long lag) {
        LockSupport.parkNanos(BETWEEN.toNanos());
        return groups.lag(group, topic) > lag;
    }

    private String functions(String pool) {
        return "; they offer "
                + offers.get().stream()
                        .filter(offer -> offer.pool().equals(pool))
                        .map(offer -> offer.function().id().toString())
                        .collect(Collectors.joining(", "));
    }

    /** Whether there is anything that could be computed. */
    record Functions(Cluster cluster, Supplier<List<FunctionOffer>> offers) implements Examination {
        @Override
        public String what() {
            return "functions";
        }

        @Override
        public List<Check> look() {
            List<FunctionOffer> all = offers.get();
            long pools = all.stream().map(FunctionOffer::pool).distinct().count();
            return List.of(
                    all.isEmpty()
                            ? Check.problem(
                                    what(), "no worker has ever said what it can compute", cluster.command("worker"))
                            : Check.ok(what(), all.size() + " in " + pools + (pools == 1 ? " pool" : " pools")));
        }
    }
}

package io.fanfold.cli.doctor;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.ResultInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Whether somebody puts results together, and where they lie. */
record Aggregators(Cluster cluster, Supplier<List<JobReport>> jobs) implements Examination {
    @Override
    public String what() {
        return "aggregators";
    }

    @Override
    public List<Check> look() {
        Groups groups = new Groups(cluster);
        String group = cluster.topics().aggregatorGroup();
        int members = groups.members(group);
        if (members == 0) {
            return List.of(Check.problem(
                    what(),
                    "there is none: no job is put together, none ends",
                    cluster.command("aggregator --store DIR")));
        }
        List<Check> seen = new ArrayList<>();
        int partitions = groups.partitions(cluster.topics().outcomes());
        seen.add(
                members > partitions
                        ? Check.warning(
                                what(),
                                members + " share " + partitions + " partitions: " + (members - partitions) + " idle",
                                "stop some, or make a fleet with more (fanfold topics create --outcome-partitions)")
                        : Check.ok(what(), members + (members == 1 ? " is there" : " are there")));
        if (members > 1) {
            seen.add(stores(members));
        }
        return seen;
    }

    /** Those that have a directory each lose what a partition's former owner has. */
    private Check stores(int members) {
        List<ResultInfo> results =
                jobs.get().stream().flatMap(job -> job.result().stream()).toList();
        List<String> ids = results.stream()
                .flatMap(r -> r.origin().stream())
                .map(ResultInfo.Origin::store)
                .distinct()
                .toList();
        boolean directory = results.stream().anyMatch(r -> r.uri().startsWith("file:"));
        String remedy = "give all of them one store: a directory on a shared volume, or s3://BUCKET/PREFIX (--store);"
                + " /health of each says resultsElsewhere";
        if (ids.size() > 1) {
            return Check.problem(
                    "stores",
                    members + " aggregators, and results in " + ids.size()
                            + " stores: one that takes over from another does not have its results",
                    remedy);
        }
        return directory
                ? Check.warning(
                        "stores",
                        members + " aggregators, and results in a directory: whether that is a shared volume cannot be"
                                + " seen from here",
                        remedy)
                : Check.ok("stores", results.isEmpty() ? "no results yet" : "all results are in one store");
    }

    /** Whether results can be fetched from here. */
    record Results(Cluster cluster, Supplier<List<JobReport>> jobs) implements Examination {
        @Override
        public String what() {
            return "results";
        }

        @Override
        public List<Check> look() {
            Optional<String> address = jobs.get().reversed().stream()
                    .flatMap(job -> job.result().stream())
                    .findFirst()
                    .flatMap(ResultInfo::http);
            return List.of(address.map(this::seen)
                    .orElseGet(() ->
                            Check.unknown(what(), "there is no result yet, or the last one is not served over HTTP")));
        }

        private Check seen(String address) {
            return Ping.answers(address)
                    ? Check.ok(what(), "the last one is served at " + address)
                    : Check.warning(
                            what(),
                            "the last one is said to be at " + address + ", and is not had there from here",
                            "start the aggregator, with an address that is reached from here (--http-advertised)");
        }
    }
}

package io.fanfold.cli.doctor;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.JobRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Jobs that do not get on, and what was set aside. */
record Ailing(Cluster cluster, Supplier<List<JobReport>> jobs, Supplier<List<JobRecord.Refusal>> refusals)
        implements Examination {
    private static final int NAMED = 5;

    @Override
    public String what() {
        return "jobs";
    }

    @Override
    public List<Check> look() {
        List<JobReport> all = jobs.get();
        List<Check> seen = new ArrayList<>();
        all.stream()
                .filter(job -> job.waiting().isPresent())
                .limit(NAMED)
                .forEach(job -> seen.add(Check.warning(
                        what(),
                        "job " + job.job() + " waits: " + job.waiting().orElse(""),
                        cluster.command("status " + job.job()))));
        long lost =
                all.stream().filter(job -> job.state() == JobReport.State.LOST).count();
        if (lost > 0) {
            seen.add(Check.warning(
                    what(), "the results of " + lost + " are LOST", cluster.command("jobs --state lost")));
        }
        seen.add(Check.ok(what(), counts(all)));
        return seen;
    }

    private String counts(List<JobReport> all) {
        Map<JobReport.State, Long> states = new EnumMap<>(JobReport.State.class);
        all.forEach(job -> states.merge(job.state(), 1L, Long::sum));
        int refused = refusals.get().size();
        String said = states.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        return (said.isEmpty() ? "none" : said) + (refused == 0 ? "" : "; " + refused + " submissions refused");
    }

    /** Records that were set aside. */
    record Letters(Cluster cluster) implements Examination {
        @Override
        public String what() {
            return "dead letters";
        }

        @Override
        public List<Check> look() {
            TopicPartition letters = new TopicPartition(cluster.topics().deadLetters(), 0);
            Groups groups = new Groups(cluster);
            long first = groups.offsets(Set.of(letters), OffsetSpec.earliest()).getOrDefault(letters, 0L);
            long end = groups.offsets(Set.of(letters), OffsetSpec.latest()).getOrDefault(letters, 0L);
            return List.of(
                    first == end
                            ? Check.ok(what(), "none")
                            : Check.warning(
                                    what(),
                                    end - first + (end - first == 1 ? " record was" : " records were") + " set aside",
                                    cluster.command("dead-letters list")));
        }
    }
}

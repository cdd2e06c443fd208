package io.fanfold.cli.doctor;

import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.wire.JobRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/** The room on the brokers' disks, beside what jobs that go on may put there. */
record Disk(Cluster cluster, Supplier<List<JobReport>> jobs) implements Examination {
    private static final double LITTLE = 0.10;
    private static final double ALMOST_NONE = 0.02;

    @Override
    public String what() {
        return "disk";
    }

    @Override
    public List<Check> look() {
        List<Integer> brokers = cluster.nodes().stream().map(Node::id).toList();
        Map<Integer, Map<String, LogDirDescription>> all =
                Cluster.ask(cluster.admin().describeLogDirs(brokers).allDescriptions());
        long coming = coming();
        List<Check> seen = new ArrayList<>();
        all.forEach((broker, directories) ->
                directories.forEach((path, directory) -> seen.add(seen(broker + ":" + path, directory, coming))));
        return seen;
    }

    private Check seen(String where, LogDirDescription directory, long coming) {
        if (directory.error() != null) {
            return Check.problem(
                    what(),
                    where + " is offline: " + directory.error().getMessage(),
                    "look at the broker's log and its disk");
        }
        OptionalLong usable = directory.usableBytes();
        OptionalLong total = directory.totalBytes();
        if (usable.isEmpty() || total.isEmpty()) {
            return Check.unknown(what(), where + " does not say how much room it has");
        }
        double share = (double) usable.getAsLong() / Math.max(1, total.getAsLong());
        String detail = where + ": " + Bytes.text(usable.getAsLong()) + " of " + Bytes.text(total.getAsLong())
                + " usable, this fleet holds " + Bytes.text(held(directory)) + ", jobs that go on may bring "
                + Bytes.text(coming);
        String remedy =
                "free some, add a disk or a broker, or wait with new jobs; what workers and aggregators have done"
                        + " with they delete (--purge-every, --purge-after)";
        if (share < ALMOST_NONE) {
            return Check.problem(what(), detail, remedy);
        }
        return share < LITTLE || usable.getAsLong() < coming
                ? Check.warning(what(), detail, remedy)
                : Check.ok(what(), detail);
    }

    private long held(LogDirDescription directory) {
        return directory.replicaInfos().entrySet().stream()
                .filter(replica -> cluster.names().contains(replica.getKey().topic()))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }

    /** At most as much again as their arrays, once as chunks and once as outcomes, for what is not done. */
    private long coming() {
        return jobs.get().stream()
                .filter(job -> !job.ended())
                .mapToLong(Disk::coming)
                .sum();
    }

    private static long coming(JobReport job) {
        JobRecord.Spec spec = job.spec();
        if (job.rows().isEmpty()) {
            return 0;
        }
        long rows = job.rows().getAsLong();
        long bytes = spec.dtype().bytes(spec.sealed(rows).shape());
        return (long) (2.0 * bytes * job.rowsLeft().orElse(rows) / Math.max(1, rows));
    }
}

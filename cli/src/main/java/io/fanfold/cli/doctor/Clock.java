package io.fanfold.cli.doctor;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.admin.QuorumInfo;

/** The clock of the active controller beside ours: what it says of itself when it is asked how its followers do. */
record Clock(Cluster cluster) implements Examination {
    private static final Duration APART = Duration.ofSeconds(5);

    @Override
    public String what() {
        return "clock";
    }

    @Override
    public List<Check> look() {
        long before = System.currentTimeMillis();
        QuorumInfo quorum = Cluster.ask(cluster.admin().describeMetadataQuorum().quorumInfo());
        long after = System.currentTimeMillis();
        OptionalLong theirs = quorum.voters().stream()
                .filter(voter -> voter.replicaId() == quorum.leaderId())
                .findFirst()
                .map(QuorumInfo.ReplicaState::lastCaughtUpTimestamp)
                .orElse(OptionalLong.empty());
        return List.of(
                theirs.isEmpty()
                        ? Check.unknown(what(), "the controller does not say what time it is")
                        : seen(theirs.getAsLong() - (before + after) / 2, after - before));
    }

    private Check seen(long apartMillis, long roundTripMillis) {
        String detail =
                "the controller's is " + Math.abs(apartMillis) + " ms " + (apartMillis < 0 ? "behind" : "ahead of")
                        + " this machine's, give or take " + roundTripMillis + " ms";
        return Math.abs(apartMillis) <= APART.toMillis() + roundTripMillis
                ? Check.ok(what(), detail)
                : Check.warning(
                        what(),
                        detail + ": times are the broker's, and read wrong beside this machine's",
                        "synchronize both (chronyc tracking, timedatectl)");
    }
}

package io.fanfold.cli.doctor;

import io.fanfold.protocol.rights.AclCommands;
import io.fanfold.protocol.rights.Grants;
import io.fanfold.protocol.rights.Right;
import io.fanfold.protocol.rights.RightsCheck;
import io.fanfold.protocol.rights.Role;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What the user that this command runs as may do, of what roles do. */
record Rights(Cluster cluster) implements Examination {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    /** Those that run all the time. */
    private static final List<Role> ROLES = List.of(Role.PRODUCER, Role.WORKER, Role.AGGREGATOR);

    @Override
    public String what() {
        return "rights";
    }

    @Override
    public List<Check> look() {
        Map<Right, Set<String>> wanted = new LinkedHashMap<>();
        for (Role role : ROLES) {
            Grants.of(role, cluster.topics(), cluster.pools())
                    .forEach(right ->
                            wanted.computeIfAbsent(right, _ -> new TreeSet<>()).add(role.word()));
        }
        List<Right> missing = new RightsCheck(cluster.admin(), PATIENCE).missing(wanted.keySet());
        return missing.isEmpty()
                ? List.of(Check.ok(
                        what(),
                        "this user may do what roles do; whether it may write under transactional ids, and what other"
                                + " users may, cannot be asked"))
                : missing.stream()
                        .map(right -> Check.warning(
                                what(),
                                "this user has no right to " + right + ", which is needed by "
                                        + String.join(", ", wanted.getOrDefault(right, Set.of()))
                                        + (right.need() == Right.Need.PURGE ? " to purge" : ""),
                                String.join(
                                        "",
                                        AclCommands.grant(
                                                cluster.kafka().bootstrapServers(),
                                                AclCommands.principal(cluster.kafka()),
                                                List.of(right)))))
                        .toList();
    }
}

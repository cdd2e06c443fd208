package io.fanfold.bench.rig;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** How the workers of a pool share its partitions. */
public final class Shares {
    private static final long SETTLED_WITHIN_SECONDS = 60;
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private Shares() {}

    /**
     * Waits until so many workers have as many partitions each.
     *
     * @throws FanfoldException if they have not after a minute
     */
    public static void awaitEven(KafkaSettings kafka, String pool, int workers, int partitions) throws Exception {
        String group = kafka.topics().workerGroup(pool);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLED_WITHIN_SECONDS);
        try (Admin admin = Admin.create(kafka.admin("shares"))) {
            List<Integer> shares = of(admin, group);
            while (shares.size() != workers || !shares.stream().allMatch(s -> s == partitions / workers)) {
                if (System.nanoTime() > end) {
                    throw new FanfoldException("the " + workers + " workers of group " + group + " share "
                            + partitions + " partitions as " + shares + " after " + SETTLED_WITHIN_SECONDS
                            + " s; their logs say why");
                }
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
                shares = of(admin, group);
            }
        }
    }

    private static List<Integer> of(Admin admin, String group) throws InterruptedException, ExecutionException {
        try {
            Collection<MemberDescription> members =
                    admin.describeConsumerGroups(List.of(group)).describedGroups().values().stream()
                            .findFirst()
                            .orElseThrow()
                            .get()
                            .members();
            return members.stream()
                    .map(m -> m.assignment().topicPartitions().size())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }
}

package io.fanfold.cli.doctor;

import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Looks at a fleet through its cluster. One thread. */
public final class BrokerDoctor {
    private static final String CLIENT = "fanfold-doctor";

    private final KafkaSettings kafka;
    private final Consumer<Check> seen;

    /**
     * A look that changes nothing.
     *
     * @param seen is told of each thing as soon as it was looked at
     */
    public BrokerDoctor(KafkaSettings kafka, Consumer<Check> seen) {
        this.kafka = kafka;
        this.seen = seen;
    }

    /**
     * Looks at everything, one thing after the other.
     *
     * @param pools whose topics shall be there; those that are there are looked at in any case
     */
    public void examine(Set<String> pools) {
        try (Admin admin = admin()) {
            Cluster cluster = Cluster.of(kafka, admin, pools);
            new Reach(cluster).look().forEach(seen);
            Stream.of(new Reach.Features(cluster), new Reach.Brokers(cluster), new Clock(cluster))
                    .forEach(this::look);
            List<Check> topics = look(new Layout(cluster));
            if (topics.stream().allMatch(check -> check.level() == Check.Level.OK)) {
                fleet(cluster);
            } else {
                seen.accept(Check.unknown("fleet", "its topics are to be mended first"));
            }
        } catch (KafkaException | FanfoldException e) {
            seen.accept(Check.problem(
                    "broker",
                    "no Kafka broker answers at " + kafka.bootstrapServers() + " (" + line(e) + ")",
                    "check the address and that the broker runs (fanfold up starts one on this machine)"));
        }
    }

    private Admin admin() {
        try {
            return Admin.create(kafka.admin(CLIENT));
        } catch (KafkaException e) {
            throw e.getCause() instanceof KafkaException why ? why : e;
        }
    }

    private void fleet(Cluster cluster) {
        try (ParallelMap map = ParallelMap.connect(kafka, CLIENT, Set.of(), new SimpleMeterRegistry())) {
            Once<List<JobReport>> jobs = new Once<>(() -> map.jobs().all());
            Once<List<FunctionOffer>> offers = new Once<>(() -> map.functions().all());
            Once<List<JobRecord.Refusal>> refusals = new Once<>(() -> map.jobs().refusals());
            Stream.of(
                            new Layout.Replication(cluster),
                            new Rights(cluster),
                            new Disk(cluster, jobs),
                            new Workers.Functions(cluster, offers),
                            new Workers(cluster, offers),
                            new Aggregators(cluster, jobs),
                            new Aggregators.Results(cluster, jobs),
                            new Ailing(cluster, jobs, refusals),
                            new Ailing.Letters(cluster))
                    .forEach(this::look);
            map.close(Duration.ZERO);
        }
    }

    /** What the brokers do not tell is no reason to stop. */
    private List<Check> look(Examination examination) {
        List<Check> checks;
        try {
            checks = examination.look();
        } catch (AuthorizationException e) {
            checks = List.of(Check.unknown(examination.what(), "this user may not see it (" + line(e) + ")"));
        } catch (KafkaException | FanfoldException e) {
            checks = List.of(Check.unknown(examination.what(), line(e)));
        }
        checks.forEach(seen);
        return checks;
    }

    private static String line(Exception e) {
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}

package io.fanfold.aggregator.catalog;

import io.fanfold.protocol.wire.Cancel;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says how jobs are and how they ended. An end is said by the owner of the job's outcomes partition alone: taking a partition
 * over fences the owner before, and an end that stands already is never replaced. One thread.
 */
public final class Catalog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);
    private static final long BUFFER_BYTES = 1024 * 1024;
    private static final int LONGEST_REASON = 200;
    private static final int ATTEMPTS = 5;

    private final KafkaSettings kafka;
    private final String name;
    private final Jobs jobs;
    private final MeterRegistry meters;
    private final KafkaProducer<byte[], byte[]> progress;
    private final KafkaClientMetrics progressMetrics;
    private final ExecutorService fencing = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Integer, CompletableFuture<Owner>> owners = new HashMap<>();

    /**
     * The owner of a partition, until another fences it. Nobody else says ends there meanwhile: it needs to hear what was said before
     * only once.
     */
    private static final class Owner {
        private final KafkaProducer<byte[], byte[]> producer;
        private Optional<KafkaClientMetrics> metrics = Optional.empty();
        private boolean heard;

        private Owner(KafkaProducer<byte[], byte[]> producer) {
            this.producer = producer;
        }

        private void measuredBy(MeterRegistry meters) {
            if (metrics.isEmpty()) {
                KafkaClientMetrics its = new KafkaClientMetrics(producer);
                its.bindTo(meters);
                metrics = Optional.of(its);
            }
        }

        /** Sends all or nothing; returns when the broker has it. */
        private void say(Stream<ProducerRecord<byte[], byte[]>> records) {
            producer.beginTransaction();
            records.forEach(record -> {
                Future<?> _ = producer.send(record);
            });
            producer.commitTransaction();
        }
    }

    public Catalog(KafkaSettings kafka, String name, Jobs jobs, MeterRegistry meters) {
        this.kafka = kafka;
        this.name = name;
        this.jobs = jobs;
        this.meters = meters;
        this.progress = new KafkaProducer<>(kafka.producer(name + "-progress", BUFFER_BYTES));
        this.progressMetrics = new KafkaClientMetrics(progress);
        progressMetrics.bindTo(meters);
    }

    /** Takes an outcomes partition over: its former owner can say no more ends. Does not wait. */
    public void own(int partition) {
        owners.put(partition, CompletableFuture.supplyAsync(() -> fence(partition), fencing));
    }

    /** Gives an outcomes partition up. Its metrics go first: those of the owner after it have the same names. */
    public void disown(int partition) {
        CompletableFuture<Owner> owner = owners.remove(partition);
        if (owner != null) {
            if (owner.state() == Future.State.SUCCESS) {
                owner.resultNow().metrics.ifPresent(KafkaClientMetrics::close);
            }
            CompletableFuture<Void> _ = owner.thenAcceptAsync(o -> o.producer.close(Duration.ZERO), fencing);
        }
    }

    private Owner fence(int partition) {
        Properties p = kafka.producer(name + "-owner-" + partition, BUFFER_BYTES);
        p.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, kafka.topics().ownerOf(partition));
        p.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000);
        p.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 120_000);
        p.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 120_000);
        KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(p);
        producer.initTransactions();
        return new Owner(producer);
    }

    /** Says how far a job is; a later word replaces it. */
    public void progress(JobState.Progress state) {
        Future<?> _ = progress.send(Records.state(kafka.topics(), state));
    }

    /**
     * Says how jobs of one outcomes partition ended, for good; returns when the broker has it. Where an end stands already, that one
     * stays. With an end that has no result goes a request to cancel, so that workers stop computing the job's chunks.
     *
     * @return those whose end is the one that stands
     */
    public List<JobState.Terminal> end(int partition, List<JobState.Terminal> states) {
        return owned(partition, owner -> {
            if (!owner.heard) {
                jobs.hearEnds();
                owner.heard = true;
            }
            List<JobState.Terminal> fresh =
                    states.stream().filter(state -> !jobs.ended(state.job())).toList();
            if (!fresh.isEmpty()) {
                owner.say(fresh.stream().flatMap(this::records));
                fresh.forEach(jobs::endedHere);
            }
            return fresh;
        });
    }

    /** Says that the results of jobs of one outcomes partition are no longer there; returns when the broker has it. */
    public void gone(int partition, List<JobState.Gone> states) {
        boolean _ = owned(partition, owner -> {
            owner.say(states.stream().map(state -> Records.state(kafka.topics(), state)));
            states.forEach(state -> jobs.goneHere(state.job()));
            return true;
        });
    }

    /** Removes what is said of jobs; returns when the broker has it. */
    public void forget(int partition, List<JobId> forgotten) {
        boolean _ = owned(partition, owner -> {
            owner.say(forgotten.stream().flatMap(job -> Records.forgotten(kafka.topics(), job).stream()));
            return true;
        });
    }

    /**
     * Does something as the owner of a partition. Where that fails, because somebody else was the owner for a moment or the transaction
     * came to nothing, it becomes the owner anew and does it again, knowing what has been said until then.
     */
    private <T> T owned(int partition, Function<Owner, T> saying) {
        for (int attempt = 0; ; attempt++) {
            Owner owner = owner(partition);
            try {
                return saying.apply(owner);
            } catch (InterruptException e) {
                throw e; // who interrupts wants an end of it
            } catch (KafkaException e) {
                LOG.atWarn()
                        .addKeyValue("partition", partition)
                        .addKeyValue("error", e.toString())
                        .log("the ends of jobs could not be said: tried again as the partition's owner anew");
                disown(partition);
                if (attempt >= ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Owner owner(int partition) {
        try {
            Owner owner = owners.computeIfAbsent(partition, p -> CompletableFuture.completedFuture(fence(p)))
                    .get();
            owner.measuredBy(meters);
            return owner;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        }
    }

    /**
     * The records of an end. Nobody waits for the chunks of a job that ended without a result: workers are told so in the same
     * transaction, if they have not been told before.
     */
    private Stream<ProducerRecord<byte[], byte[]>> records(JobState.Terminal state) {
        ProducerRecord<byte[], byte[]> end = Records.state(kafka.topics(), state);
        if (state.end() == JobState.End.COMPLETED || jobs.asked(state.job())) {
            return Stream.of(end);
        }
        Cancel request = new Cancel(state.job(), "job " + state.end() + shortened(state.error()));
        return Stream.of(end, Records.cancel(kafka.topics(), request));
    }

    private static String shortened(Optional<String> error) {
        String why = error.map(e -> ": " + e).orElse("");
        return why.length() <= LONGEST_REASON ? why : why.substring(0, LONGEST_REASON - 3) + "...";
    }

    @Override
    public void close() {
        List.copyOf(owners.keySet()).forEach(this::disown);
        progressMetrics.close();
        progress.close(Duration.ofSeconds(5));
        fencing.shutdownNow();
    }
}

package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.catalog.Catalog;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.Publisher;
import io.fanfold.aggregator.store.Spool;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the store has to do for a job that grows: hand over the result that a revision makes whole, and take the job's own. What is
 * refused is tried again until it is done or the job is no longer ours. One thread, and that of the background.
 */
final class Errands {
    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final Publisher publisher;
    private final Catalog catalog;
    private final Moments moments;
    private final Fit fit;
    private final Ends ends;
    private final Background background;
    private final MeterRegistry meters;

    Errands(Intake.Parts parts, Fit fit, Ends ends, Background background, MeterRegistry meters) {
        this.publisher = parts.publisher();
        this.catalog = parts.catalog();
        this.moments = parts.moments();
        this.fit = fit;
        this.ends = ends;
        this.background = background;
        this.meters = meters;
    }

    /** Takes up the result that a job makes whole; from then on the job grows. */
    void revise(Live job) {
        background.run(
                () -> job.abandoned ? null : publisher.revise(job.spec),
                revised -> {
                    if (revised != null && !job.abandoned) {
                        job.growing = new Growing(
                                job.spec,
                                fit.fold(job.spec),
                                job.firstOffset,
                                revised.assembly(),
                                revised.spool(),
                                moments);
                    } else if (revised != null) {
                        discard(revised.spool());
                    }
                },
                e -> retry(job, e, () -> revise(job)));
    }

    private static void discard(Spool spool) {
        try {
            spool.discard();
        } catch (IOException e) {
            LOG.warn("a spool could not be removed", e);
        }
    }

    /** Publishes the result of a job that is whole, and ends the job. Its outcomes mean nothing any more. */
    void publish(Live job) {
        job.publishing = true;
        Growing growing = Objects.requireNonNull(job.growing);
        background.run(
                () -> job.abandoned ? null : publisher.publish(growing.whole()),
                result -> {
                    if (result != null && job.abandoned) {
                        ends.overruled(job.id());
                    } else if (result != null) {
                        completed(job, growing, result);
                    }
                },
                e -> retry(job, e, () -> publish(job)));
    }

    private void completed(Live job, Growing growing, ResultInfo result) {
        job.goesOn();
        catalog.progress(job.pace.progress(job.spec, growing.assembly, Optional.empty(), System.nanoTime()));
        ends.complete(job.spec, result);
    }

    /** What the disk refused is tried again; what can never be ends the job. */
    private void retry(Live job, Exception why, Runnable again) {
        if (job.abandoned) {
            return;
        }
        switch (why) {
            case IOException e -> {
                waits(job, e);
                background.later(RETRY, again);
            }
            case IllegalArgumentException e -> ends.fail(job.spec, String.valueOf(e.getMessage()));
            case ArrayFormatException e -> ends.fail(job.spec, String.valueOf(e.getMessage()));
            default -> {
                LOG.atError().addKeyValue("job", job.id()).setCause(why).log("a result cannot be made");
                ends.fail(job.spec, "the result cannot be made: " + why);
            }
        }
    }

    /** The disk, or the store, does not take what it is given: the job says so and is tried again. */
    void waits(Live job, IOException why) {
        String what = "the aggregator cannot write: " + why.getMessage();
        if (!job.waiting().equals(Optional.of(what))) {
            LOG.atWarn()
                    .addKeyValue("job", job.id())
                    .addKeyValue("error", why.toString())
                    .log("a job waits until the aggregator can write again");
        }
        meters.counter("fanfold.store.refusals").increment();
        job.waitsFor(what);
    }
}

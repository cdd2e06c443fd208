package io.fanfold.producer.client;

import io.fanfold.producer.dispatch.Dispatch;
import io.fanfold.producer.dispatch.Dispatcher;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.Fingerprint;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Records;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Makes results with holes whole: computes the chunks that failed once more, from the records that were set aside, as a job of
 * its own whose result is that of the first with the holes filled. The revision of a job has a fixed name, {@code JOB-r2}, then
 * {@code JOB-r3}, so that two requests make one revision. Memory does not grow with the records. One thread; closing it ends the
 * handles that wait, not their jobs.
 */
public final class Revisions implements AutoCloseable {
    private final KafkaSettings kafka;
    private final String clientId;
    private final JobTable jobs;
    private final DeadLetters letters;
    private final Dispatcher dispatcher;
    private final Results results;
    private final List<JobFollower> followers = new ArrayList<>();

    private Revisions(KafkaSettings kafka, String clientId, Optional<String> token, MeterRegistry meters) {
        this.results = new Results(token);
        this.kafka = kafka;
        this.clientId = clientId;
        this.letters = DeadLetters.connect(kafka, clientId);
        this.jobs = new JobTable(kafka, clientId);
        this.dispatcher = new Dispatcher(kafka, clientId, meters);
    }

    /**
     * Connects to a fleet.
     *
     * @param token what servers know us by that results are fetched from
     * @throws FanfoldException if no broker answers, or a topic is missing or not as it must be
     */
    public static Revisions connect(
            KafkaSettings kafka, String clientId, Optional<String> token, MeterRegistry meters) {
        return new Revisions(kafka, clientId, token, meters);
    }

    /** Fetches results. */
    public Results results() {
        return results;
    }

    /**
     * Makes the next revision of a job, or finds the one that there is; writes its chunks; does not wait for its end.
     *
     * @param job a COMPLETED job with holes, or any revision of one
     * @throws InvalidRequestException if there is no such job, or it has nothing to be made whole or nothing to make it from
     */
    public Revision replay(JobId job, Changes changes) {
        Revision revision = accept(job, changes);
        dispatch(revision, () -> true);
        return revision;
    }

    /**
     * As {@link #replay}, but writes no chunks yet: they are {@link #dispatch}ed.
     *
     * @throws InvalidRequestException as {@link #replay}
     */
    public Revision accept(JobId job, Changes changes) {
        return switch (Lineage.next(job, jobs.all())) {
            case Lineage.Next.Whole whole -> new Revision(follow(whole.latest().spec()), Revision.Standing.WHOLE);
            case Lineage.Next.Running running -> {
                JobRecord.Spec spec = running.latest().spec();
                requireSame(work(changes, spec), spec);
                yield new Revision(follow(spec), Revision.Standing.RUNNING);
            }
            case Lineage.Next.Make make -> make(make, changes);
        };
    }

    private Revision make(Lineage.Next.Make make, Changes changes) {
        Changes.Work work = work(changes, make.of().spec());
        requirePool(work.pool());
        BitSet holes = Holes.find(make.of(), letters);
        var revision = new JobRecord.Revision(make.of().job(), make.number(), Holes.runs(holes));
        dispatcher.accept(spec(whole(make.of()), make.id(), work, revision));
        JobRecord.Spec first = jobs.find(make.id()).orElseThrow().spec(); // somebody may have been before us
        requireSame(work, first);
        return new Revision(follow(first), Revision.Standing.NEW);
    }

    /** The spec of a job that has ended, with its length if that was not known when it was accepted. */
    private static JobRecord.Spec whole(JobReport of) {
        return of.spec().header().rows().isPresent()
                ? of.spec()
                : of.spec().sealed(of.rows().orElseThrow());
    }

    private void requirePool(String pool) {
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.require(Role.CLIENT, Set.of(pool));
        } catch (FanfoldException e) {
            throw new FanfoldException(e.getMessage() + "; or name another pool that has the function (--pool)", e);
        }
    }

    private Changes.Work work(Changes changes, JobRecord.Spec spec) {
        return changes.of(spec, (pool, name) -> {
            try (FunctionDirectory functions = new FunctionDirectory(kafka, clientId)) {
                return functions.find(pool, name);
            }
        });
    }

    private static void requireSame(Changes.Work work, JobRecord.Spec running) {
        JobHeader header = running.header();
        Changes.Work there = new Changes.Work(header.function(), header.parameters(), running.pool());
        if (!there.equals(work)) {
            throw new InvalidRequestException("revision " + running.job() + " is running already, with "
                    + header.function() + " " + header.parameters() + " in pool " + running.pool()
                    + ": wait for its end, then ask again");
        }
    }

    private static JobRecord.Spec spec(JobRecord.Spec old, JobId id, Changes.Work work, JobRecord.Revision revision) {
        JobHeader h = old.header();
        JobHeader header = new JobHeader(
                id,
                work.function(),
                work.parameters(),
                h.strategy(),
                h.fold(),
                h.errors(),
                h.timeToLiveMs(),
                h.chunkTimeoutMs(),
                h.rows(),
                h.axis(),
                h.outcomesPartition());
        var _ = Records.headerBytes(header); // what its chunks cannot carry is refused here
        return new JobRecord.Spec(
                header,
                old.key(),
                Fingerprint.of(work.function(), work.parameters(), h.fold(), old.dtype(), old.shape(), old.plan()),
                work.pool(),
                old.dtype(),
                old.shape(),
                old.order(),
                old.plan(),
                Optional.of(revision));
    }

    private JobHandle follow(JobRecord.Spec spec) {
        JobHandle handle = new JobHandle(spec, new Reach(kafka, clientId, results, this::cancel));
        followers.add(new JobFollower(kafka, clientId, handle));
        return handle;
    }

    /**
     * Writes the chunks of a revision, unless they are all written already; returns when the broker has them. Chunks that
     * another request writes at the same time count once.
     *
     * @param goOn asked before each chunk; where it says no, the revision is left without its other chunks
     */
    public void dispatch(Revision made, BooleanSupplier goOn) {
        JobRecord.Spec spec = made.job().spec();
        JobReport report = jobs.find(spec.job()).orElseThrow();
        if (report.ended() || report.seal().isPresent()) {
            return;
        }
        JobRecord.Revision revision = spec.revision().orElseThrow();
        JobReport of = jobs.find(revision.of()).orElseThrow();
        BitSet open = Holes.bits(revision.holes());
        Dispatch dispatch = dispatcher.begin(spec, of.count());
        letters.eachWhile(letter -> {
            if (made.job().over() || !goOn.getAsBoolean()) {
                return false;
            }
            if (Holes.fills(letter, of)) {
                write(letter, of, open, dispatch);
            }
            return !open.isEmpty();
        });
        if (open.isEmpty()) {
            dispatch.seal(of.count().orElseThrow(), of.rows().orElseThrow(), Optional.empty());
        } else if (!made.job().over() && goOn.getAsBoolean()) {
            throw new FanfoldException("revision " + spec.job() + " cannot be written: the dead letters of "
                    + open.cardinality() + " of its chunks were removed meanwhile; submit the array again");
        }
    }

    private static void write(Letter letter, JobReport of, BitSet open, Dispatch dispatch) {
        int index = Math.toIntExact(letter.chunk().orElseThrow());
        if (open.get(index)) {
            open.clear(index);
            Plan plan = of.spec().plan();
            long start = plan.range(index, of.rows().orElseThrow()).start();
            dispatch.write(index, start, bytes(letter.value().orElseThrow()));
        }
    }

    private static byte[] bytes(ByteBuffer value) {
        byte[] bytes = new byte[value.remaining()];
        value.duplicate().get(bytes);
        return bytes;
    }

    /** Asks for a revision to be ended; its handle tells whether it was. */
    public void cancel(JobId revision, String reason) {
        dispatcher.cancel(revision, reason);
    }

    @Override
    public void close() {
        followers.forEach(JobFollower::close);
        results.close();
        jobs.close();
        letters.close();
        dispatcher.close();
    }
}

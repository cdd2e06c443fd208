package io.fanfold.aggregator.intake;

import io.fanfold.aggregator.SampleJobs;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Failure;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.testkit.RandomArrays;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;

/** A job of random plan, and random answers to its chunks: some with other rows than their chunk, some never computed. */
final class RandomJob {
    final JobRecord.Spec spec;
    final Optional<FoldFunction> fold;
    final List<ArraySlice> answers = new ArrayList<>();
    /** Chunks that are never computed; not all of them. */
    final BitSet failing = new BitSet();

    private final Random random;

    /** @param dtypes of the answers, to choose from */
    RandomJob(long seed, Optional<FoldFunction> fold, List<DType> dtypes) {
        this.random = new Random(seed);
        this.fold = fold;
        RandomArrays arrays = new RandomArrays(seed);
        Shape answer = arrays.shape();
        int axis = random.nextInt(answer.rank());
        long rows = random.nextInt(8) == 0 ? 0 : random.nextInt(40);
        Plan plan = random.nextBoolean()
                ? new Plan.Chunks(axis, 1 + random.nextInt(12))
                : new Plan.Rows(axis, 1 + random.nextInt(12));
        this.spec = SampleJobs.of(
                new JobId("j" + seed),
                fold.map(f -> new Fold(f.name())).orElse(Fold.CONCAT),
                new ErrorPolicy.KeepGoing(Integer.MAX_VALUE),
                answer.with(axis, rows),
                arrays.order(),
                plan);
        DType dtype = dtypes.get(random.nextInt(dtypes.size()));
        int ragged = random.nextInt(3);
        for (int chunk = 0; chunk < count(); chunk++) {
            long length = ragged > 0 && random.nextInt(4) < ragged
                    ? random.nextInt(6)
                    : plan.range(chunk, rows).length();
            answers.add(arrays.of(dtype, answer.with(axis, length), arrays.order()));
        }
        if (random.nextBoolean()) {
            for (int chunk = random.nextInt(count()); count() > 1 && failing.cardinality() < count() / 2; chunk++) {
                failing.set(chunk % count());
                chunk += random.nextInt(3);
            }
        }
    }

    int count() {
        return (int) spec.count().orElseThrow();
    }

    /** The chunk's answer, or the part that the fold makes of it. */
    Outcome.Computed computed(int chunk) {
        ArraySlice answer = answers.get(chunk);
        long rows = answer.shape().dim(spec.plan().axis());
        if (fold.isPresent() && rows > 0 && random.nextBoolean()) {
            ArraySlice part = fold.get().part(answer, spec.plan().axis());
            return new Outcome.Computed(spec.job(), chunk, 1, ByteBuffer.wrap(Npy.encode(part)), OptionalLong.of(rows));
        }
        return new Outcome.Computed(spec.job(), chunk, 1, ByteBuffer.wrap(Npy.encode(answer)));
    }

    Outcome.Failed failed(int chunk) {
        long start =
                spec.plan().range(chunk, spec.header().rows().orElseThrow()).start();
        return new Outcome.Failed(
                spec.job(), chunk, 3, new Failure("java.lang.Bad", "no \"" + chunk + "\"\n", "f@1", start, "w1"));
    }

    /** All outcomes in random order, some several times, some chunks both failed and computed. */
    List<Outcome> outcomes() {
        List<Outcome> outcomes = new ArrayList<>();
        int sure = sure();
        for (int chunk = 0; chunk < count(); chunk++) {
            Outcome outcome = failing.get(chunk) ? failed(chunk) : computed(chunk);
            outcomes.add(outcome);
            if (random.nextInt(4) == 0) {
                outcomes.add(outcome);
            }
            if (chunk != sure && random.nextInt(6) == 0) {
                outcomes.add(failed(chunk));
            }
        }
        Collections.shuffle(outcomes, random);
        return outcomes;
    }

    /** A chunk that does not fail, of those with elements if there is one. */
    private int sure() {
        return IntStream.range(0, count())
                .filter(chunk -> !failing.get(chunk))
                .filter(chunk -> answers.get(chunk).shape().size() > 0)
                .findFirst()
                .orElse(failing.nextClearBit(0));
    }

    /** What stays without a result where the outcomes come in this order, and the job ends with its last chunk. */
    BitSet holes(List<Outcome> outcomes) {
        BitSet holes = new BitSet();
        BitSet done = new BitSet();
        for (Outcome outcome : outcomes) {
            if (done.cardinality() == count()) {
                break;
            }
            int chunk = (int) outcome.index();
            if (outcome instanceof Outcome.Computed) {
                holes.clear(chunk);
            } else if (!done.get(chunk)) {
                holes.set(chunk);
            }
            done.set(chunk);
        }
        return holes;
    }

    Random random() {
        return random;
    }
}

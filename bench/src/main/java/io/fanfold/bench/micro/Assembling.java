package io.fanfold.bench.micro;

import io.fanfold.aggregator.assemble.Arrival;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.assemble.Verdict;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobRecord;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** All outcomes of a job judged and counted; their data are not written. */
@State(Scope.Thread)
public class Assembling {
    private static final int CHUNKS = 10_000;

    private final JobRecord.Spec spec = Sample.spec(CHUNKS);
    private final Arrival outcome = new Arrival(new NpyHeader(Sample.FLOAT64, Shape.of(1), Order.C), 8, 1, true);
    private final int[] inOrder = IntStream.range(0, CHUNKS).toArray();
    private final int[] shuffled = Sample.shuffled(CHUNKS);

    /** As they would come from one lane. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public Assembly inOrder() {
        return assembled(inOrder);
    }

    /** As they come from many. */
    @Benchmark
    @OperationsPerInvocation(CHUNKS)
    public Assembly shuffled() {
        return assembled(shuffled);
    }

    private Assembly assembled(int[] order) {
        Assembly assembly = new Assembly(spec);
        for (int index : order) {
            switch (assembly.judge(index, outcome)) {
                case Verdict.Place place -> assembly.arrive(index, outcome, place);
                case Verdict.Hole _, Verdict.Drop _, Verdict.Break _ ->
                    throw new FanfoldException("outcome " + index + " was not placed");
            }
        }
        if (!assembly.complete()) {
            throw new FanfoldException("only " + assembly.done() + " of " + CHUNKS + " outcomes counted");
        }
        return assembly;
    }
}

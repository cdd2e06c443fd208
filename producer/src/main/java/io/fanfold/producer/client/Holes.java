package io.fanfold.producer.client;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.ResultInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The chunks that a job has completed without, and their records among the dead letters. Chunks are bits by their index. */
final class Holes {
    private static final int NAMED = 10;

    private Holes() {}

    /**
     * Finds the letter of every hole.
     *
     * @param of COMPLETED with holes
     * @throws InvalidRequestException if one has none
     */
    static BitSet find(JobReport of, DeadLetters letters) {
        BitSet found = new BitSet();
        letters.each(letter -> {
            if (fills(letter, of)) {
                found.set(Math.toIntExact(letter.chunk().orElseThrow()));
            }
        });
        ResultInfo.Holes holes = of.holes().orElseThrow();
        if (found.cardinality() == holes.chunks()) {
            return found;
        }
        // a chunk can have failed at one worker and been computed at another: the list of errors has the holes alone
        Optional<BitSet> listed = holes.errors().flatMap(address -> ErrorList.chunks(address, of));
        if (listed.isPresent()) {
            BitSet lacking = (BitSet) listed.get().clone();
            lacking.andNot(found);
            if (lacking.isEmpty()) {
                return listed.get();
            }
            throw missing(of.job(), named(lacking));
        }
        if (found.cardinality() > holes.chunks()) {
            throw new InvalidRequestException("job " + of.job() + " has " + holes.chunks() + " failed chunks and dead"
                    + " letters of " + found.cardinality() + ", and its aggregator does not serve the list of errors ("
                    + holes.errors().orElse("no address") + "), which tells them apart: make that address answer"
                    + " (--http-advertised)");
        }
        throw missing(
                of.job(),
                (holes.chunks() - found.cardinality()) + " of its " + holes.chunks()
                        + " failed chunks; there are those of " + named(found));
    }

    /** Whether a letter has the record of a chunk of this job that failed for good. */
    static boolean fills(Letter letter, JobReport of) {
        return letter.job().filter(of.job()::equals).isPresent()
                && letter.failure().isPresent()
                && letter.value().isPresent()
                && letter.chunk().orElse(Long.MAX_VALUE) < of.count().orElseThrow();
    }

    private static InvalidRequestException missing(JobId job, String which) {
        return new InvalidRequestException("job " + job + " cannot be made whole: among the dead letters there is no"
                + " record of " + which + "; submit the array again");
    }

    private static String named(BitSet chunks) {
        String first = chunks.stream().limit(NAMED).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        int more = chunks.cardinality() - NAMED;
        return chunks.isEmpty()
                ? "none"
                : (chunks.cardinality() == 1 ? "chunk " : "chunks ")
                        + first
                        + (more > 0 ? " and " + more + " more" : "");
    }

    /** The same as runs. */
    static List<JobRecord.Revision.Run> runs(BitSet chunks) {
        List<JobRecord.Revision.Run> runs = new ArrayList<>();
        for (int first = chunks.nextSetBit(0); first >= 0; ) {
            int end = chunks.nextClearBit(first);
            runs.add(new JobRecord.Revision.Run(first, end - first));
            first = chunks.nextSetBit(end);
        }
        return runs;
    }

    /** Runs as bits. */
    static BitSet bits(List<JobRecord.Revision.Run> runs) {
        BitSet bits = new BitSet();
        runs.forEach(run -> bits.set(Math.toIntExact(run.first()), Math.toIntExact(run.first() + run.count())));
        return bits;
    }
}

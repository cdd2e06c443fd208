package io.fanfold.worker.lane;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.worker.strategy.Ending;
import java.lang.foreign.MemorySegment;

/** Makes parts of answers, so that of a chunk that is reduced only its part travels. Pure. */
final class Folding {
    private Folding() {}

    /**
     * An attempt's ending with the part that the job's fold makes of the answer in its place. As it is, if there is no answer or no
     * such fold here, or if the answer has no rows along the axis, which whoever puts the result together judges. An answer that
     * the fold does not take is an error of its chunk.
     *
     * @param where names the chunk in errors
     */
    static Ending of(KnownJob job, Ending ending, String where) {
        return ending instanceof Ending.Answered answer && job.fold().isPresent()
                ? folded(job.fold().get(), job.header().axis(), answer, where)
                : ending;
    }

    private static Ending folded(FoldFunction fold, int axis, Ending.Answered answer, String where) {
        try {
            ArraySlice array = Npy.decode(MemorySegment.ofArray(answer.npy()), where + ": the answer");
            if (axis >= array.shape().rank() || array.shape().dim(axis) == 0) {
                return answer;
            }
            fold.check(array.dtype());
            return answer.folded(
                    Npy.encode(fold.part(array, axis)), array.shape().dim(axis));
        } catch (
                Throwable e) { // a plugin's, too: whatever it throws is the chunk's error, and the chunk has its ending
            return Ending.thrown(e);
        }
    }
}

package io.fanfold.cli;

import io.fanfold.protocol.wire.JobId;
import java.io.PrintWriter;
import java.util.Optional;

/**
 * What is told of a result that is there without some of its chunks.
 *
 * @param failed how many, at least 1
 * @param replayable the job whose failed chunks can be computed again
 */
record HoleText(long failed, long chunks, Optional<JobId> replayable) {
    /** Of a command whose work is done but for some chunks. */
    static final int EXIT_CODE = 3;

    static Optional<HoleText> of(long failed, long chunks, Optional<JobId> replayable) {
        return failed == 0 ? Optional.empty() : Optional.of(new HoleText(failed, chunks, replayable));
    }

    /** One line. */
    String line(Optional<Output> out) {
        String where = out.map(o -> " in " + o.path().getFileName() + ": "
                        + o.beside(".mask.npy").getFileName() + " is true for their rows, "
                        + o.beside(".errors.json").getFileName() + " says why")
                .orElse("");
        return failed + " of " + RunCommand.plural(chunks, "chunk") + " failed and " + (failed == 1 ? "is" : "are")
                + " missing" + where
                + replayable
                        .map(job -> "; to compute " + (failed == 1 ? "it" : "them") + " again: fanfold replay " + job)
                        .orElse("");
    }

    void say(PrintWriter err, Output out) {
        err.println("fanfold: " + line(Optional.of(out)));
        err.flush();
    }
}

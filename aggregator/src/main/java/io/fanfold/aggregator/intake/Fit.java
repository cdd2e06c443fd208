package io.fanfold.aggregator.intake;

import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.wire.Fold;
import io.fanfold.protocol.wire.JobRecord;
import java.util.Optional;

/** Which jobs can be put together here, and by which fold. Pure. */
record Fit(Folds folds) {
    /** How a job's parts become its result; empty: they are concatenated, or the fold is not known here. */
    Optional<FoldFunction> fold(JobRecord.Spec spec) {
        return folds.find(spec.header().fold());
    }

    /** Why a job can never be put together here; empty if it can. */
    Optional<String> unfit(JobRecord.Spec spec) {
        if (fold(spec).isEmpty() && !spec.header().fold().equals(Fold.CONCAT)) {
            return Optional.of("fold " + spec.header().fold() + " is not known to the aggregator, which has concat, "
                    + String.join(", ", folds.names()) + ": give it the plugin that has it (--plugins)");
        }
        if (spec.count().isEmpty()) {
            return unfitStream(spec);
        }
        return spec.count().getAsLong() > Plan.MOST_CHUNKS
                ? Optional.of(spec.count().getAsLong() + " chunks are more than " + Plan.MOST_CHUNKS)
                : Optional.empty();
    }

    private static Optional<String> unfitStream(JobRecord.Spec spec) {
        if (spec.revision().isPresent()) {
            return Optional.of("a revision of unknown length: give rows in its spec, as the seal of job "
                    + spec.revision().get().of() + " has them");
        }
        return spec.plan() instanceof Plan.Rows
                ? Optional.empty()
                : Optional.of("an array of unknown length is cut into so many rows per chunk: give rowsPerChunk in the"
                        + " plan of the job's spec, or rows");
    }
}

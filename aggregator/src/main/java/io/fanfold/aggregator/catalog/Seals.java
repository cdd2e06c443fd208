package io.fanfold.aggregator.catalog;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.JobRecord;
import java.util.Optional;

/** What a seal says of its job: how long a stream turned out to be. Pure. */
public final class Seals {
    private Seals() {}

    /**
     * The spec of a sealed job, with its length.
     *
     * @return empty if the seal contradicts the spec: other chunks than the plan cuts so many rows into, or other rows
     */
    public static Optional<JobRecord.Spec> agreed(JobRecord.Spec spec, JobRecord.Seal seal) {
        boolean stream = spec.header().rows().isEmpty();
        if (stream && !(spec.plan() instanceof Plan.Rows)) {
            return Optional.empty();
        }
        if (seal.rows() != spec.header().rows().orElse(seal.rows())
                || seal.count() != spec.plan().count(seal.rows())) {
            return Optional.empty();
        }
        try {
            return Optional.of(stream ? spec.sealed(seal.rows()) : spec);
        } catch (ArrayFormatException e) { // an array of so many elements cannot be
            return Optional.empty();
        }
    }
}

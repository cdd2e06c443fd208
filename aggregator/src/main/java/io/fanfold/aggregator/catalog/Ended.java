package io.fanfold.aggregator.catalog;

import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.util.Optional;

/**
 * A job that has ended, as far as it must be remembered.
 *
 * @param partition its outcomes' partition; -1 where its spec is not known
 * @param millis when it ended, or its result was gone: the time of the record that says so
 * @param kept its result, while that is said to be there
 */
public record Ended(JobId job, int partition, long millis, Optional<Kept> kept) {
    /**
     * A result, and what it can be checked against and rebuilt from.
     *
     * @param bytes length of the {@code .npy} file
     * @param crc32c its checksum
     * @param holes whether chunks are missing in it, so that there is more to keep than the result
     */
    public record Kept(long bytes, String crc32c, boolean holes, Optional<ResultInfo.Origin> origin) {}

    Ended in(int outcomesPartition) {
        return new Ended(job, outcomesPartition, millis, kept);
    }

    Ended gone(long when) {
        return new Ended(job, partition, when, Optional.empty());
    }
}

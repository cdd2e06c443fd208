package io.fanfold.worker.strategy;

import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What each byte of a chunk's array adds to the wall time of a call, learned from calls. Immutable.
 *
 * <p>Calls of one size tell no more than their time by their bytes. That holds what a call takes whatever its size, too: a request, a
 * model that is loaded. Where this is much, chunks that are cut finer would seem dearer by the byte, and be cut finer still. So the two
 * sizes that were seen last are kept apart: what calls of the larger take longer is what bytes add, and no more than their whole time.
 * Where the smaller take clearly longer, something else has changed, such as a parameter, and only the last size counts.
 *
 * @param sizes the last one first, two at most
 * @param told what had been learned before, until there is something better
 */
record Cost(List<Size> sizes, OptionalDouble told) {
    static final Cost UNKNOWN = new Cost(List.of(), OptionalDouble.empty());

    private static final int MOST_SIZES = 2;
    private static final double CLEARLY = 1.25;

    /** What another worker, or this one before its restart, has learned. */
    static Cost of(OptionalDouble told) {
        return new Cost(List.of(), told);
    }

    /** With one more call, measured from its start to its end; a chunk without bytes tells nothing. */
    Cost with(long bytes, long wallNanos) {
        if (bytes == 0) {
            return this;
        }
        Size like = sizes.stream().filter(size -> size.takes(bytes)).findFirst().orElse(Size.NONE);
        Stream<Size> others = sizes.stream().filter(size -> !size.takes(bytes));
        return new Cost(
                Stream.concat(Stream.of(like.with(bytes, wallNanos)), others)
                        .limit(MOST_SIZES)
                        .toList(),
                told);
    }

    /** Nanoseconds, smoothed; empty where it is not known. */
    OptionalDouble nanosPerByte() {
        List<Size> known = sizes.stream().filter(Size::known).toList();
        return switch (known.size()) {
            case 0 -> told;
            case 1 -> OptionalDouble.of(known.getFirst().whole());
            default -> OptionalDouble.of(added(known.getFirst(), known.getLast()));
        };
    }

    private static double added(Size last, Size before) {
        boolean grown = last.bytes > before.bytes;
        Size larger = grown ? last : before;
        Size smaller = grown ? before : last;
        double slope = (larger.nanos - smaller.nanos) / (larger.bytes - smaller.bytes);
        return smaller.nanos > CLEARLY * larger.nanos ? last.whole() : Math.clamp(slope, 0, larger.whole());
    }

    /**
     * Calls whose chunks have about as many bytes: within a factor of two of their mean.
     *
     * @param bytes smoothed
     * @param nanos their time, smoothed
     */
    record Size(double bytes, double nanos, long calls) {
        private static final Size NONE = new Size(0, 0, 0);

        /** Fewer calls may owe much of their time to what is done once: classes loaded, modules imported. */
        private static final int ENOUGH_CALLS = 4;
        /** Beside so much, that does not count. */
        private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

        private boolean takes(long more) {
            return more <= 2 * bytes && bytes <= 2.0 * more;
        }

        private Size with(long moreBytes, long moreNanos) {
            double weight = Math.max(1.0 / (calls + 1), Profile.SMOOTHING);
            return new Size(bytes + weight * (moreBytes - bytes), nanos + weight * (moreNanos - nanos), calls + 1);
        }

        private boolean known() {
            return calls >= ENOUGH_CALLS || nanos >= LONG_NANOS;
        }

        private double whole() {
            return nanos / bytes;
        }
    }
}

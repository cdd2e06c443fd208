package io.fanfold.bench.measure;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Plain statistics of a few numbers. */
public final class Stats {
    private Stats() {}

    public static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    /**
     * The value below which a share of all lies, between neighbours as {@code numpy.quantile} has it.
     *
     * @param share 0 to 1
     */
    public static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        double at = share * (sorted.size() - 1);
        int below = (int) at;
        double low = sorted.get(below);
        double high = sorted.get(Math.min(below + 1, sorted.size() - 1));
        return low + (high - low) * (at - below);
    }

    /**
     * A quantile of each block of so many values, in their order; a rest that makes no block is left out.
     *
     * @param share 0 to 1
     */
    public static List<Double> quantiles(List<Double> values, double share, int block) {
        return IntStream.range(0, values.size() / block)
                .mapToObj(i -> quantile(values.subList(i * block, (i + 1) * block), share))
                .toList();
    }

    /** Three digits that count. */
    public static String text(double value) {
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e6) {
            return String.format(Locale.ROOT, "%.0f", value);
        }
        return String.format(
                Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}

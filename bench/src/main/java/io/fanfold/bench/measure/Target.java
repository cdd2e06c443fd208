package io.fanfold.bench.measure;

/** What a ratio is to reach, or not to exceed. */
public record Target(double value, boolean atLeast) {
    public static Target atLeast(double value) {
        return new Target(value, true);
    }

    public static Target atMost(double value) {
        return new Target(value, false);
    }

    public boolean reachedBy(double ratio) {
        return atLeast ? ratio >= value : ratio <= value;
    }

    @Override
    public String toString() {
        return (atLeast ? "≥ " : "≤ ") + Stats.text(value);
    }
}

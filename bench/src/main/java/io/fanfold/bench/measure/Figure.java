package io.fanfold.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;

/**
 * One comparison, or one thing that is compared with nothing.
 *
 * @param name what is compared with what
 * @param ratios of each round; the median counts. Empty where it could not be measured, or is compared with nothing
 * @param target empty where it is only reported
 * @param ours what ours came to, each round; empty where it could not be measured
 * @param theirs what the other came to, each round
 * @param unit of ours and theirs
 * @param note why it could not be measured, or what else to know; may be empty
 */
public record Figure(
        String name,
        List<Double> ratios,
        Optional<Target> target,
        List<Double> ours,
        List<Double> theirs,
        String unit,
        String note) {

    /** How many times as fast ours is, of seconds. */
    public static Figure speed(String name, Target target, List<Double> ours, List<Double> theirs) {
        return new Figure(name, ratios(ours, theirs, (o, t) -> t / o), Optional.of(target), ours, theirs, "s", "");
    }

    /** How many times as much ours is, of whatever the unit says. */
    public static Figure share(String name, Target target, List<Double> ours, List<Double> theirs, String unit) {
        return new Figure(name, ratios(ours, theirs, (o, t) -> o / t), Optional.of(target), ours, theirs, unit, "");
    }

    /** What is compared with nothing. */
    public static Figure alone(String name, List<Double> ours, String unit) {
        return new Figure(name, List.of(), Optional.empty(), ours, List.of(), unit, "");
    }

    /** What could not be measured here. */
    public static Figure missing(String name, Target target, String unit, String why) {
        return new Figure(name, List.of(), Optional.of(target), List.of(), List.of(), unit, why);
    }

    /** The same without a target. */
    public Figure reportOnly() {
        return new Figure(name, ratios, Optional.empty(), ours, theirs, unit, note);
    }

    /** The same with something to know. */
    public Figure noting(String what) {
        return new Figure(name, ratios, target, ours, theirs, unit, what);
    }

    /** Whether it could be measured here. */
    public boolean measured() {
        return !ours.isEmpty();
    }

    /** The ratio that counts; empty where it could not be measured, or is compared with nothing. */
    public Optional<Double> ratio() {
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Stats.median(ratios));
    }

    /** Whether the target is reached; empty where there is none, or no ratio. */
    public Optional<Boolean> reached() {
        return target.flatMap(t -> ratio().map(t::reachedBy));
    }

    private static List<Double> ratios(List<Double> ours, List<Double> theirs, DoubleBinaryOperator ratio) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            all.add(ratio.applyAsDouble(ours.get(i), theirs.get(i)));
        }
        return List.copyOf(all);
    }
}

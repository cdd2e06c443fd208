package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Contest;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Rounds;
import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.BenchFleet.Work;
import io.fanfold.bench.rig.Emptying;
import io.fanfold.bench.rig.Lab;
import io.fanfold.protocol.wire.Strategy;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What would have been picked by hand: strategies take turns on the same work, and the best is the one with the smallest median. One
 * that is much slower at first sight does not take part in the rounds.
 */
final class Picking {
    /** How many times as slow as the fastest, when tried once, is too slow to be the best. */
    private static final double HOPELESS = 3;

    private final Lab lab;
    private final BenchFleet fleet;
    private final Emptying emptying;

    Picking(Lab lab, BenchFleet fleet) {
        this.lab = lab;
        this.fleet = fleet;
        this.emptying = lab.opened(new Emptying(fleet.kafka()));
    }

    /** The speed of {@code auto} against the best of the strategies that the function can be run with. */
    Figure figure(String name, Target target, Work work) throws Exception {
        seconds(work.by(Strategy.AUTO)); // workers have started
        Map<Strategy, Double> tried = tried(work);
        double fastest = Collections.min(tried.values());
        List<Strategy> hopeful = tried.keySet().stream()
                .filter(s -> tried.getOrDefault(s, fastest) <= HOPELESS * fastest)
                .toList();
        Contest contest = lab.contest().with(Strategy.AUTO.wire(), () -> seconds(work.by(Strategy.AUTO)));
        hopeful.forEach(s -> contest.with(s.wire(), () -> seconds(work.by(s))));
        Rounds rounds = contest.run(lab.size(5, 1), lab.size(9, 1));
        Map<Strategy, Double> medians = new TreeMap<>(tried);
        hopeful.forEach(s -> medians.put(s, Stats.median(rounds.of(s.wire()))));
        Strategy best = Collections.min(hopeful, Comparator.comparingDouble(s -> medians.getOrDefault(s, 0.0)));
        return Figure.speed(name, target, rounds.of(Strategy.AUTO.wire()), rounds.of(best.wire()))
                .noting("by hand " + text(medians) + "; best is " + best.wire());
    }

    private Map<Strategy, Double> tried(Work work) throws Exception {
        Map<Strategy, Double> tried = new TreeMap<>();
        for (Strategy strategy : work.function().strategies()) {
            if (strategy != Strategy.AUTO) {
                tried.put(strategy, seconds(work.by(strategy)));
            }
        }
        lab.say("tried once: " + text(tried));
        return tried;
    }

    private double seconds(Work work) throws Exception {
        return emptying.after(() -> fleet.seconds(work));
    }

    private static String text(Map<Strategy, Double> seconds) {
        return seconds.entrySet().stream()
                .map(e -> e.getKey().wire() + " " + Stats.text(e.getValue()) + " s")
                .collect(Collectors.joining(", "));
    }
}

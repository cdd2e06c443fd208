package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Contest;
import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Rounds;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.BenchFleet;
import io.fanfold.bench.rig.Emptying;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Moment;
import io.fanfold.bench.rig.Rival;
import io.fanfold.protocol.FanfoldException;
import java.util.OptionalDouble;

/**
 * The same map by Fanfold and by rivals, in seconds. Fanfold begins with the array in a mapped file and ends with its result in a file;
 * rivals have the array in memory and keep the result there. In every round all must come to the same result.
 */
final class Race {
    private static final String OURS = "fanfold";

    private final Lab lab;
    private final double tolerance;
    private final Contest contest;
    private OptionalDouble agreed = OptionalDouble.empty();

    /** @param tolerance by how much moments of results may differ, as a share: more than 0 where sums are rounded in other orders */
    Race(Lab lab, double tolerance) {
        this.lab = lab;
        this.tolerance = tolerance;
        this.contest = lab.contest();
    }

    Race ours(BenchFleet fleet, BenchFleet.Work work) {
        Emptying emptying = lab.opened(new Emptying(fleet.kafka()));
        contest.with(OURS, () -> emptying.after(() -> fleet.seconds(work, result -> agree(OURS, Moment.of(result)))));
        return this;
    }

    Race rival(String name, Rival rival) {
        return rival(name, rival, "");
    }

    /** @param argument of each round */
    Race rival(String name, Rival rival, String argument) {
        contest.with(name, () -> {
            Rival.Answer answer = rival.round(argument);
            agree(name, answer.moment());
            return answer.seconds();
        });
        return this;
    }

    private void agree(String name, double moment) {
        double expected = agreed.orElse(moment);
        if (!(Math.abs(moment - expected) <= tolerance * Math.abs(expected))) {
            throw new FanfoldException(name + " came to another result: its moment is " + moment + ", not " + expected);
        }
        agreed = OptionalDouble.of(expected);
    }

    Run run(int warmUp, int rounds) throws Exception {
        return new Run(contest.run(warmUp, rounds));
    }

    /** What they came to. */
    record Run(Rounds rounds) {
        /** Our speed against a rival's. */
        Figure against(String rival, String name, Target target) {
            return Figure.speed(name, target, rounds.of(OURS), rounds.of(rival));
        }

        /** The same with nothing to reach. */
        Figure reported(String rival, String name) {
            return against(rival, name, Target.atLeast(0)).reportOnly();
        }
    }
}

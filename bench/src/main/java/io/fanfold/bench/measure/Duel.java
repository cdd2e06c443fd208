package io.fanfold.bench.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Two contestants that take turns sample by sample, A B B A, for what is over too soon for rounds: so neither always follows the same,
 * and whatever the machine does meanwhile hits both. One thread.
 */
public final class Duel {
    private static final int TOLD = 100;

    private final Consumer<String> say;
    private final Contest.Contestant ours;
    private final Contest.Contestant theirs;

    /** @param say is told of the progress, a line for many samples */
    public Duel(Consumer<String> say, Contest.Contestant ours, Contest.Contestant theirs) {
        this.say = say;
        this.ours = ours;
        this.theirs = theirs;
    }

    /** What both came to: a number for each sample. */
    public record Samples(List<Double> ours, List<Double> theirs) {
        public Samples {
            ours = List.copyOf(ours);
            theirs = List.copyOf(theirs);
        }

        /**
         * A figure of a quantile: a ratio for each block of samples, ours by theirs.
         *
         * @param share 0 to 1: which quantile
         * @param block samples of each in a block
         */
        public Figure figure(String name, Target target, double share, int block, String unit) {
            return Figure.share(
                    name, target, Stats.quantiles(ours, share, block), Stats.quantiles(theirs, share, block), unit);
        }
    }

    /**
     * Lets them take turns.
     *
     * @param warmUp samples of each that do not count
     * @param samples of each that do
     */
    public Samples run(int warmUp, int samples) throws Exception {
        List<Double> a = new ArrayList<>();
        List<Double> b = new ArrayList<>();
        for (int i = 0; i < warmUp + samples; i++) {
            if (i % 2 == 0) {
                a.add(ours.run());
                b.add(theirs.run());
            } else {
                b.add(theirs.run());
                a.add(ours.run());
            }
            if ((i + 1) % TOLD == 0) {
                tell(i + 1, warmUp, samples, last(a), last(b));
            }
        }
        return new Samples(a.subList(warmUp, a.size()), b.subList(warmUp, b.size()));
    }

    private void tell(int have, int warmUp, int samples, List<Double> a, List<Double> b) {
        String when = have <= warmUp ? "warming up" : have - warmUp + " of " + samples;
        say.accept("samples, " + when + ": medians " + Stats.text(Stats.median(a)) + " and "
                + Stats.text(Stats.median(b)));
    }

    private static List<Double> last(List<Double> values) {
        return values.subList(values.size() - TOLD, values.size());
    }
}

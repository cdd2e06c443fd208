package io.fanfold.bench.measure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Contestants that do the same work in turns, in an order that changes from round to round, so that nothing always follows the
 * same and whatever the machine does meanwhile hits all alike. One thread.
 */
public final class Contest {
    private final Consumer<String> say;
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();

    /** Something that is done and measured once a round. */
    public interface Contestant {
        /**
         * Does it.
         *
         * @return what it came to, for instance in seconds; the same for all contestants of a contest
         */
        double run() throws Exception;
    }

    /** @param say is told of the progress, a line at a time */
    public Contest(Consumer<String> say) {
        this.say = say;
    }

    /** Adds one. */
    public Contest with(String name, Contestant contestant) {
        contestants.put(name, contestant);
        return this;
    }

    /**
     * Lets them take turns.
     *
     * @param warmUp rounds that do not count, in which JVMs compile what is hot
     * @return by name, what each came to, one number for each round
     */
    public Rounds run(int warmUp, int rounds) throws Exception {
        Map<String, List<Double>> measured = new LinkedHashMap<>();
        contestants.keySet().forEach(name -> measured.put(name, new ArrayList<>()));
        for (int round = 1 - warmUp; round <= rounds; round++) {
            List<Map.Entry<String, Contestant>> order = new ArrayList<>(contestants.entrySet());
            Collections.shuffle(order, new Random(round));
            StringBuilder told =
                    new StringBuilder(round < 1 ? "warming up:" : "round " + round + " of " + rounds + ":");
            for (Map.Entry<String, Contestant> one : order) {
                double value = one.getValue().run();
                told.append(' ').append(one.getKey()).append(' ').append(Stats.text(value));
                if (round >= 1) {
                    measured.getOrDefault(one.getKey(), new ArrayList<>()).add(value);
                }
            }
            say.accept(told.toString());
        }
        return new Rounds(measured);
    }
}

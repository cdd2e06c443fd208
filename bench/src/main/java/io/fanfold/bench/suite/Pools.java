package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Python;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Python's pools of processes as rivals: two that live through all rounds, and one that is made anew for each map, each with as many processes as there are cores, or the reason why they cannot be.
 *
 * @param problem empty if they take part
 */
record Pools(Optional<String> problem) {
    private static final String POOL = "Pool.map";
    private static final String EXECUTOR = "ProcessPoolExecutor.map";
    private static final String FRESH = "fresh Pool.map";

    /**
     * Lets them join a race, if there are Python and NumPy.
     *
     * @param function one that {@code pools.py} knows
     */
    static Pools join(Race race, Python python, Path array, String function) throws Exception {
        Optional<String> problem = python.lacks("numpy");
        if (problem.isEmpty()) {
            String cores = Integer.toString(Runtime.getRuntime().availableProcessors());
            race.rival(POOL, python.rival("pools.py", "pool", cores, array.toString(), function));
            race.rival(EXECUTOR, python.rival("pools.py", "executor", cores, array.toString(), function));
            race.rival(FRESH, python.rival("pools.py", "fresh", cores, array.toString(), function));
        }
        return new Pools(problem);
    }

    /**
     * Our speed against each: something to reach against {@code multiprocessing.Pool.map}, and nothing against the others.
     *
     * @param work what is done, as names of figures begin
     */
    List<Figure> figures(Race.Run run, String work, Target target) {
        return List.of(
                figure(run, work, POOL, target),
                figure(run, work, EXECUTOR, target).reportOnly(),
                figure(run, work, FRESH, target).reportOnly());
    }

    private Figure figure(Race.Run run, String work, String rival, Target target) {
        String name = work + " / " + rival;
        return problem.map(why -> Figure.missing(name, target, "s", why))
                .orElseGet(() -> run.against(rival, name, target));
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Python;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Python's two pools of processes as rivals, each with as many processes as there are cores, or the reason why they cannot be.
 *
 * @param problem empty if they take part
 */
record Pools(Optional<String> problem) {
    private static final String POOL = "Pool.map";
    private static final String EXECUTOR = "ProcessPoolExecutor.map";

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
        }
        return new Pools(problem);
    }

    /** Our speed against {@code multiprocessing.Pool.map}. */
    Figure pool(Race.Run run, String name, Target target) {
        return figure(name, target, () -> run.against(POOL, name, target));
    }

    /** Our speed against {@code ProcessPoolExecutor.map}, with nothing to reach. */
    Figure executor(Race.Run run, String name) {
        Target none = Target.atLeast(0);
        return figure(name, none, () -> run.against(EXECUTOR, name, none)).reportOnly();
    }

    private Figure figure(String name, Target target, Supplier<Figure> measured) {
        return problem.map(why -> Figure.missing(name, target, "s", why)).orElseGet(measured);
    }
}

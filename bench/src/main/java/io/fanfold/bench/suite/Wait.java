package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Arrays;
import io.fanfold.bench.rig.BenchFleet.Work;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Python;
import io.fanfold.bench.rig.Rival;
import io.fanfold.producer.split.ChunkSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chunks that wait, all at once, against {@code asyncio.gather} and against an executor of virtual threads. */
final class Wait {
    private static final String GATHER = "asyncio.gather";
    private static final String VIRTUAL = "virtual threads";

    private Wait() {}

    static List<Figure> measure(Lab lab) throws Exception {
        int count = lab.size(1000, 20);
        int ms = lab.size(500, 10);
        String[] waits = {Integer.toString(count), Integer.toString(ms)};
        Path file = Arrays.zeros(lab.directory().resolve("waits.npy"), count);
        Race race = new Race(lab, 0)
                .ours(lab.fleet(lab.broker()), Work.of(file, "sleep", Map.of("ms", ms), new ChunkSize.Count(count)))
                .rival(VIRTUAL, Rival.java(lab, VirtualThreads.class, waits));
        Python python = new Python(lab);
        Optional<String> problem = python.lacks("asyncio");
        if (problem.isEmpty()) {
            race.rival(GATHER, python.rival("gather.py", waits));
        }
        Race.Run run = race.run(lab.size(10, 2), lab.size(9, 1));
        String what = count + " x " + ms + " ms / ";
        Target target = Target.atLeast(0.85);
        return List.of(
                problem.map(why -> Figure.missing(what + GATHER, target, "s", why))
                        .orElseGet(() -> run.against(GATHER, what + GATHER, target)),
                run.reported(VIRTUAL, what + VIRTUAL));
    }
}

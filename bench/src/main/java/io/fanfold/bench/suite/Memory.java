package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.RoleProcess;
import io.fanfold.bench.suite.RoleFleet.Use;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What each role takes of memory for arrays of three sizes, the smallest first, in a fleet that lives on. Before, an array lets the
 * JVMs grow to what they take for any.
 */
final class Memory {
    private static final Target NO_GROWTH = Target.atMost(1.1);
    /** The array, its chunks, its outcomes, its result and the client's copy of that. */
    private static final long COPIES = 5;

    private final List<Size> sizes;
    private final List<List<Map<String, Use>>> rounds = new ArrayList<>();

    private Memory(List<Size> sizes) {
        this.sizes = sizes;
    }

    /** How large an array is. */
    private record Size(String name, long bytes) {}

    static List<Figure> measure(Lab lab) throws Exception {
        List<Size> sizes = lab.quick()
                ? List.of(new Size("4 MB", 4_000_000), new Size("8 MB", 8_000_000), new Size("16 MB", 16_000_000))
                : List.of(
                        new Size("0.1 GB", 100_000_000),
                        new Size("1 GB", 1_000_000_000),
                        new Size("4 GB", 4_000_000_000L));
        Path disk = Path.of(System.getProperty("java.io.tmpdir")); // memory that a file system has is not a role's
        long needed = COPIES * sizes.getLast().bytes();
        long free = Files.getFileStore(disk).getUsableSpace();
        if (free < needed) {
            String why = disk + " has " + free / 1_000_000 + " MB free and " + needed / 1_000_000
                    + " MB are needed: free some, or name another directory with"
                    + " FANFOLD_JAVA_OPTS=-Djava.io.tmpdir=DIR";
            return RoleFleet.ROLES.stream()
                    .map(role -> Figure.missing(role + ": heap after collection", NO_GROWTH, "MB", why))
                    .toList();
        }
        Memory memory = new Memory(sizes);
        memory.run(lab, lab.opened(RoleFleet.start(disk)));
        return memory.figures();
    }

    private void run(Lab lab, RoleFleet fleet) throws Exception {
        Size warming = sizes.get(lab.size(1, 0));
        lab.say("warming up: " + warming.name() + ", " + fleet.map(warming.bytes()));
        int count = lab.size(3, 1);
        for (int round = 1; round <= count; round++) {
            List<Map<String, Use>> uses = new ArrayList<>();
            for (Size size : sizes) {
                uses.add(fleet.map(size.bytes()));
                lab.say("round " + round + " of " + count + ": " + size.name() + ", " + uses.getLast());
            }
            rounds.add(uses);
        }
    }

    private List<Figure> figures() throws Exception {
        List<Figure> figures = new ArrayList<>();
        for (String role : RoleFleet.ROLES) {
            figures.add(growth(role, "heap after collection", 2, 0, Use::kept));
            figures.add(growth(role, "heap in mid-run", 2, 1, Use::midRun).reportOnly());
            if (RoleProcess.tellsAnonymous()) {
                figures.add(
                        growth(role, "anonymous memory", 2, 0, Use::anonymous).reportOnly());
                figures.add(
                        growth(role, "anonymous memory", 1, 0, Use::anonymous).reportOnly());
            }
        }
        return figures;
    }

    private Figure growth(String role, String what, int large, int small, ToDoubleFunction<Use> use) {
        String name = role + ": " + what + ", " + sizes.get(large).name() + " / "
                + sizes.get(small).name();
        return Figure.share(name, NO_GROWTH, of(role, large, use), of(role, small, use), "MB");
    }

    private List<Double> of(String role, int size, ToDoubleFunction<Use> use) {
        return rounds.stream()
                .map(uses -> use.applyAsDouble(uses.get(size).getOrDefault(role, Use.NONE)))
                .toList();
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.measure.Stats;
import io.fanfold.bench.measure.Target;
import io.fanfold.bench.micro.Assembling;
import io.fanfold.bench.micro.Codec;
import io.fanfold.bench.micro.Folding;
import io.fanfold.bench.micro.Ledgers;
import io.fanfold.bench.micro.Splitting;
import io.fanfold.bench.rig.Lab;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What one thread does of codec, split, ledger, assembly and folds, each alone in a JVM of its own. */
final class Micro {
    private final Lab lab;

    private Micro(Lab lab) {
        this.lab = lab;
    }

    /**
     * What is measured.
     *
     * @param theirs what does the same as plainly as can be, where there is such a thing
     * @param bytes of each operation; 0: operations are counted
     */
    private record Subject(String name, Class<?> in, String ours, Optional<String> theirs, long bytes) {
        static Subject counted(String name, Class<?> in, String ours) {
            return new Subject(name, in, ours, Optional.empty(), 0);
        }

        String unit() {
            return bytes > 0 ? "MB/s" : "ops/ms";
        }

        /** @param perSecond operations */
        double inUnit(double perSecond) {
            return bytes > 0 ? perSecond * bytes / 1e6 : perSecond / 1e3;
        }
    }

    private static final List<Subject> SUBJECTS = List.of(
            Subject.counted("codec: write .npy header", Codec.class, "writeNpyHeader"),
            Subject.counted("codec: read .npy header", Codec.class, "readNpyHeader"),
            Subject.counted("codec: write chunk record", Codec.class, "writeChunk"),
            Subject.counted("codec: read chunk record", Codec.class, "readChunk"),
            Subject.counted("codec: read job header", Codec.class, "readJobHeader"),
            Subject.counted("codec: write outcome record", Codec.class, "writeOutcome"),
            Subject.counted("codec: read outcome record", Codec.class, "readOutcome"),
            new Subject("split: axis 0 / copy", Splitting.class, "alongAxis0", Optional.of("copy"), Splitting.BYTES),
            new Subject("split: axis 1 / copy", Splitting.class, "alongAxis1", Optional.of("copy"), Splitting.BYTES),
            Subject.counted("ledger: chunks, done in any order", Ledgers.class, "takeStartDone"),
            Subject.counted("ledger: commits, 1000 chunks, half done", Ledgers.class, "commit"),
            Subject.counted("assembly: outcomes in order", Assembling.class, "inOrder"),
            Subject.counted("assembly: outcomes shuffled", Assembling.class, "shuffled"),
            new Subject("fold: sum / loop", Folding.class, "sum", Optional.of("loop"), Folding.BYTES),
            new Subject("fold: sum:all / loop", Folding.class, "sumOfAll", Optional.of("loopOverAll"), Folding.BYTES),
            new Subject("fold: mean / loop", Folding.class, "mean", Optional.of("loop"), Folding.BYTES),
            new Subject("fold: mean:all / loop", Folding.class, "meanOfAll", Optional.of("loopOverAll"), Folding.BYTES),
            Subject.counted("fold: parts of 2 KB combined", Folding.class, "tree"));

    static List<Figure> measure(Lab lab) throws Exception {
        System.setProperty("jmh.ignoreLock", "true"); // it lies where other users of the machine may have theirs
        List<Figure> figures = new ArrayList<>();
        for (Subject subject : SUBJECTS) {
            figures.add(new Micro(lab).figure(subject));
        }
        return figures;
    }

    private Figure figure(Subject subject) throws RunnerException {
        List<Double> ours = values(subject, subject.ours());
        if (subject.theirs().isEmpty()) {
            lab.say(subject.name() + ": " + Stats.text(Stats.median(ours)) + " " + subject.unit());
            return Figure.alone(subject.name(), ours, subject.unit());
        }
        List<Double> theirs = values(subject, subject.theirs().get());
        lab.say(subject.name() + ": " + Stats.text(Stats.median(ours)) + ", " + Stats.text(Stats.median(theirs)) + " "
                + subject.unit());
        return Figure.share(subject.name(), Target.atLeast(1), ours, theirs, subject.unit())
                .reportOnly();
    }

    private List<Double> values(Subject subject, String method) throws RunnerException {
        return new Runner(options(subject.in(), method))
                .run().stream()
                        .flatMap(run -> run.getBenchmarkResults().stream())
                        .flatMap(fork -> fork.getIterationResults().stream())
                        .map(iteration -> iteration.getPrimaryResult().getScore())
                        .map(subject::inUnit)
                        .toList();
    }

    private Options options(Class<?> in, String method) {
        TimeValue time = TimeValue.milliseconds(lab.size(1000, 100));
        return new OptionsBuilder()
                .include("^" + in.getName().replace(".", "\\.") + "\\." + method + "$")
                .mode(Mode.Throughput)
                .timeUnit(TimeUnit.SECONDS)
                .forks(lab.size(1, 0))
                .warmupIterations(lab.size(3, 0))
                .warmupTime(time)
                .measurementIterations(lab.size(5, 1))
                .measurementTime(time)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();
    }
}

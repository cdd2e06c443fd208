package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.rig.Lab;
import java.util.List;
import java.util.Locale;

/** Something that is measured. */
public enum Suite {
    FLOOR("the whole path against the same bytes through plain Kafka clients"),
    OVERHEAD("tiny chunks and a function that does nothing, against a loop written by hand and parallel-consumer"),
    CPU("computing, against parallel streams and Python's pools of processes"),
    WAIT("waiting, against asyncio.gather and virtual threads"),
    LATENCY("a job of one chunk against four hops of a plain Kafka client"),
    BESIDE("a job of one chunk while a giant job runs, against three times what it is alone and one chunk's time"),
    AUTO("the strategy auto against each strategy picked by hand"),
    MEMORY("memory of each role by the size of the array"),
    SCALE("fleets of 1, 2 and 4 workers with a function that waits"),
    AGGREGATOR("what a chunk costs the aggregator, in jobs of three sizes and three numbers at once"),
    MICRO("codec, split, ledger, assembly and folds, each alone, by JMH");

    private final String about;

    Suite(String about) {
        this.about = about;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In a few words. */
    public String about() {
        return about;
    }

    /** Measures it; everything that this starts ends with the lab. */
    public List<Figure> measure(Lab lab) throws Exception {
        return switch (this) {
            case FLOOR -> Floor.measure(lab);
            case OVERHEAD -> Overhead.measure(lab);
            case CPU -> Cpu.measure(lab);
            case WAIT -> Wait.measure(lab);
            case LATENCY -> Latency.measure(lab);
            case BESIDE -> Beside.measure(lab);
            case AUTO -> Auto.measure(lab);
            case MEMORY -> Memory.measure(lab);
            case SCALE -> Scale.measure(lab);
            case AGGREGATOR -> ChunkCosts.measure(lab);
            case MICRO -> Micro.measure(lab);
        };
    }
}

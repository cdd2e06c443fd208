package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.rig.Lab;
import java.util.List;

/** Something that is measured. */
public enum Suite {
    FLOOR("the whole path against the same bytes through plain Kafka clients"),
    AGGREGATOR("what a chunk costs the aggregator, in jobs of three sizes and three numbers at once"),
    MEMORY("memory of each role by the size of the array"),
    SCALE("fleets of 1, 2 and 4 workers with a function that waits"),
    MICRO("codec, split, ledger, assembly and folds, each alone, by JMH");

    private final String about;

    Suite(String about) {
        this.about = about;
    }

    /** In a few words. */
    public String about() {
        return about;
    }

    /** Measures it; everything that this starts ends with the lab. */
    public List<Figure> measure(Lab lab) throws Exception {
        return switch (this) {
            case FLOOR -> Floor.measure(lab);
            case AGGREGATOR -> ChunkCosts.measure(lab);
            case MEMORY -> Memory.measure(lab);
            case SCALE -> Scale.measure(lab);
            case MICRO -> Micro.measure(lab);
        };
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.rig.Lab;
import java.util.List;

/** Something that is measured. */
public enum Suite {
    FLOOR("the whole path against the same bytes through plain Kafka clients"),
    OVERHEAD("tiny chunks and a function that does nothing, against a loop written by hand and parallel-consumer"),
    LATENCY("a job of one chunk against four hops of a plain Kafka client");

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
            case OVERHEAD -> Overhead.measure(lab);
            case LATENCY -> Latency.measure(lab);
        };
    }
}

package io.fanfold.bench.suite;

import io.fanfold.bench.measure.Figure;
import io.fanfold.bench.rig.Lab;
import java.util.List;

/** Something that is measured. */
public enum Suite {
    FLOOR("the whole path against the same bytes through plain Kafka clients"),
    CPU("computing, against parallel streams and Python's pools of processes"),
    WAIT("waiting, against asyncio.gather and virtual threads"),
    AUTO("the strategy auto against each strategy picked by hand");

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
            case CPU -> Cpu.measure(lab);
            case WAIT -> Wait.measure(lab);
            case AUTO -> Auto.measure(lab);
        };
    }
}

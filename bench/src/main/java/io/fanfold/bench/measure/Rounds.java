package io.fanfold.bench.measure;

import java.util.List;
import java.util.Map;

/** What contestants came to: by name, one number for each round. */
public record Rounds(Map<String, List<Double>> measured) {
    /** Of one contestant. */
    public List<Double> of(String name) {
        List<Double> values = measured.get(name);
        if (values == null) {
            throw new IllegalArgumentException("no contestant " + name + " in " + measured.keySet());
        }
        return values;
    }
}

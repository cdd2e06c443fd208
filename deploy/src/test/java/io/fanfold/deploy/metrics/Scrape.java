package io.fanfold.deploy.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What roles say at {@code /prometheus}: metrics, and the labels of each. */
final class Scrape {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"(?:[^\"\\\\]|\\\\.)*\"");

    private final Map<String, Set<String>> metrics = new HashMap<>();

    void add(String text) {
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher m = LINE.matcher(line);
            if (m.matches()) {
                Set<String> labels = metrics.computeIfAbsent(m.group(1), _ -> new HashSet<>());
                Matcher label = LABEL.matcher(m.group(2) == null ? "" : m.group(2));
                while (label.find()) {
                    labels.add(label.group(1));
                }
            }
        });
    }

    boolean has(String metric) {
        return metrics.containsKey(metric);
    }

    /** The labels of a metric; none where it is not there. */
    Set<String> labels(String metric) {
        return metrics.getOrDefault(metric, Set.of());
    }
}

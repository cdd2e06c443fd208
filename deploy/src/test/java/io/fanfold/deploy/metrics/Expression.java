package io.fanfold.deploy.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A question to Prometheus, as far as it names metrics and labels. */
record Expression(String where, String promql) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR =
            Pattern.compile("(?<![\\w:.$])([a-zA-Z_:][a-zA-Z0-9_:]*)(?![\\w:])(?!\\s*\\()\\s*(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:=~|!~|!=|=)");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset");

    /** The metrics that it reads, each with the labels by which it selects. */
    Map<String, Set<String>> selected() {
        Map<String, Set<String>> metrics = new HashMap<>();
        String plain = RANGE.matcher(GROUPING.matcher(withoutStrings()).replaceAll(" "))
                .replaceAll(" ");
        Matcher m = SELECTOR.matcher(plain);
        while (m.find()) {
            if (!WORDS.contains(m.group(1))) {
                Set<String> labels = metrics.computeIfAbsent(m.group(1), _ -> new HashSet<>());
                Matcher label = LABEL.matcher(m.group(2) == null ? "" : m.group(2));
                while (label.find()) {
                    labels.add(label.group(1));
                }
            }
        }
        return metrics;
    }

    /** The labels that it groups or joins by. */
    Set<String> grouped() {
        Set<String> labels = new TreeSet<>();
        Matcher m = GROUPING.matcher(withoutStrings());
        while (m.find()) {
            Arrays.stream(m.group(2).split(","))
                    .map(String::strip)
                    .filter(label -> !label.isEmpty())
                    .forEach(labels::add);
        }
        return labels;
    }

    private String withoutStrings() {
        return STRING.matcher(promql).replaceAll("\"\"");
    }
}

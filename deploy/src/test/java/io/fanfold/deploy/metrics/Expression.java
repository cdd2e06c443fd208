package io.fanfold.deploy.metrics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A question to Prometheus, as far as it names metrics and labels. */
record Expression(String where, String promql) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern RANGE = Pattern.compile("\\[[^]]*]");
    private static final Pattern SELECTOR =
            Pattern.compile("(?<![\\w:.$])([a-zA-Z_:][a-zA-Z0-9_:]*)(?![\\w:])(?!\\s*\\()\\s*(?:\\{([^}]*)})?");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)\\s*(?:=~|!~|!=|=)");
    private static final Pattern OF_JOB = Pattern.compile("([a-zA-Z_:][\\w:]*)\\{[^}]*\\bjob(=~?)\"([^\"]*)\"");
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
        return groupings().stream().flatMap(Set::stream).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The labels of each grouping and each join; what is only taken over by one is none. */
    List<Set<String>> groupings() {
        return GROUPING.matcher(withoutStrings())
                .results()
                .map(m -> Arrays.stream(m.group(2).split(","))
                        .map(String::strip)
                        .filter(label -> !label.isEmpty())
                        .collect(Collectors.toSet()))
                .toList();
    }

    /** The metrics that it asks of one of these jobs, by the label that scraping gives them. */
    Set<String> askedOf(String job) {
        return OF_JOB.matcher(promql)
                .results()
                .filter(m -> m.group(2).equals("=") ? m.group(3).equals(job) : job.matches(m.group(3)))
                .map(m -> m.group(1))
                .collect(Collectors.toSet());
    }

    private String withoutStrings() {
        return STRING.matcher(promql).replaceAll("\"\"");
    }
}

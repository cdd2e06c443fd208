package io.fanfold.cli.local;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How this JVM was started, for those that it starts. */
public final class ThisJvm {
    private ThisJvm() {}

    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /** The options of this JVM, whoever set them, but for those that only one process can have. */
    public static List<String> options() {
        List<String> options =
                new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        options.removeIf(o -> o.startsWith("-agentlib")
                || o.startsWith("-javaagent")
                || o.startsWith("-XX:AOTCacheOutput")
                || fromEnvironment(o));
        return options;
    }

    /** What a child reads from the environment by itself. */
    private static boolean fromEnvironment(String option) {
        Map<String, String> env = System.getenv();
        return Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
                .map(name -> env.getOrDefault(name, ""))
                .anyMatch(value -> List.of(value.split("\\s+")).contains(option));
    }
}

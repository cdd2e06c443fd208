package io.fanfold.bench.rig;

import java.util.List;
import java.util.Map;

/**
 * How every process of a bench is launched: as by somebody who has set nothing for {@code fanfold}, so that what is set for another
 * fleet is not measured. Options are given by the command line only.
 */
final class Launch {
    private static final String SETTINGS = "FANFOLD_";

    /** Options for JVMs, which the launcher alone reads. */
    private static final String LAUNCHER = "FANFOLD_JAVA_OPTS";

    private Launch() {}

    /** What starts a command. */
    static ProcessBuilder of(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        clear(builder.environment());
        return builder;
    }

    /** Takes the settings of {@code fanfold} away. */
    static void clear(Map<String, String> environment) {
        environment.keySet().removeIf(key -> key.startsWith(SETTINGS) && !key.equals(LAUNCHER));
    }
}

package io.fanfold.bench.rig;

import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.worker.process.PythonFunctions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The Python that is compared with, and the scripts it runs. One thread. */
public final class Python {
    private static final List<String> SCRIPTS = List.of("gather.py", "mandelbrot.py", "pools.py");

    private final Lab lab;
    private final Path scripts;

    public Python(Lab lab) throws IOException {
        this.lab = lab;
        this.scripts = lab.directory();
        for (String name : SCRIPTS) {
            try (InputStream script = Python.class.getResourceAsStream(name)) {
                Files.copy(Objects.requireNonNull(script, name), scripts.resolve(name));
            }
        }
    }

    /** Why Python with a module cannot be compared with; empty if it can. */
    public Optional<String> lacks(String module) throws InterruptedException {
        try {
            Process process = Launch.of(List.of(lab.python(), "-c", "import " + module))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0
                    ? Optional.empty()
                    : Optional.of(lab.python() + " cannot import " + module + ": "
                            + said.lines().reduce("it said nothing", (_, last) -> last));
        } catch (IOException e) {
            return Optional.of(lab.python() + " cannot be run: " + e.getMessage());
        }
    }

    /** Starts a rival; returns when it is ready. */
    public Rival rival(String script, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(lab.python(), scripts.resolve(script).toString()));
        command.addAll(List.of(arguments));
        return Rival.start(lab, script, command);
    }

    /** What {@code --python} says of a function in a script. */
    private String named(String script, String function) {
        return scripts.resolve(script) + ":" + function;
    }

    /** A function in a script, as {@code fanfold run --python} knows it. */
    public FunctionDescription function(String script, String function) {
        return PythonFunctions.describe(lab.python(), named(script, function)).description();
    }

    /** A fleet of the default size whose workers have a function in a script. */
    public BenchFleet fleet(BrokerProcess broker, String script, String function) throws IOException {
        List<String> options = List.of("--python-executable", lab.python(), "--python", named(script, function));
        return lab.fleet(broker, 2, options);
    }
}

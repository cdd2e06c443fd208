package io.fanfold.worker.process;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.worker.function.ChildFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Functions in Python files. */
public final class PythonFunctions {
    private static final Duration IMPORTED_WITHIN = Duration.ofSeconds(60);
    private static final String NEEDED = "Python 3.9 or later with NumPy is needed; --python-executable names it";
    private static final int LONGEST_NAME = 128;

    private PythonFunctions() {}

    /**
     * A function in a Python file, imported once to see what it takes. Its name is that of the file and its own, such as
     * {@code work:f}. Blocks for as long as the import takes.
     *
     * @param python the interpreter
     * @param fileColonFunc {@code FILE.py:FUNCTION}; the function may be dotted
     * @throws InvalidRequestException where it cannot be run, in one line with the remedy
     */
    public static ChildFunction describe(String python, String fileColonFunc) {
        int colon = fileColonFunc.lastIndexOf(':');
        if (colon < 1 || colon == fileColonFunc.length() - 1) {
            throw new InvalidRequestException(
                    "\"" + fileColonFunc + "\" names no function of a file: write FILE.py:FUNCTION");
        }
        Path file = Path.of(fileColonFunc.substring(0, colon)).toAbsolutePath().normalize();
        if (!Files.isRegularFile(file)) {
            throw new InvalidRequestException("no such file: " + file + "; check the path");
        }
        return describe(python, file, fileColonFunc.substring(colon + 1));
    }

    private static ChildFunction describe(String python, Path file, String function) {
        String what = file.getFileName() + ":" + function;
        try {
            String harness = Harness.file();
            List<String> asking = List.of(python, "-u", harness, "--describe", file.toString(), function);
            Described described = described(Printed.by(asking, IMPORTED_WITHIN), python, what);
            String name = name(described.text("name").orElse(what));
            FunctionId id = new FunctionId(name, described.text("version").orElse("1"));
            String found = described.text("python").orElse(python);
            return new ChildFunction(
                    described.function(id, "python " + what), List.of(found, "-u", harness, file.toString(), function));
        } catch (IOException e) {
            throw new InvalidRequestException("cannot run " + python + ": " + e.getMessage() + "; " + NEEDED, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InvalidRequestException(what + ": interrupted while it was imported", e);
        }
    }

    private static Described described(Printed printed, String python, String what) {
        Described described = Described.in(printed.output())
                .orElseThrow(() -> new InvalidRequestException(what + " cannot be imported by " + python + " ("
                        + printed.how() + (printed.lastLine().isEmpty() ? "" : ", " + printed.lastLine()) + "): "
                        + NEEDED));
        described.text("problem").ifPresent(problem -> {
            throw new InvalidRequestException(problem);
        });
        return described;
    }

    /** Files and Python's names may have letters that names of functions do not. */
    private static String name(String text) {
        String name = text.replaceAll("[^A-Za-z0-9_.:-]", "_").replaceFirst("^([^A-Za-z_])", "_$1");
        return name.substring(0, Math.min(name.length(), LONGEST_NAME));
    }
}

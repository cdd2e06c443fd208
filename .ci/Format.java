import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The formatter of the build: palantir-java-format, 120 columns, imports sorted and without the unused ones.
 *
 * <p>Started from the root of the repository by {@code mvn} (see pom.xml), as a source file on a JDK 25, with the
 * formatter on the class path. {@code --check} names the files that are not formatted and exits with 1;
 * {@code --write} formats them in place. It looks at {@code src} of every module and at {@code .ci}.
 */
final class Format {
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .build());

    public static void main(String[] args) throws IOException {
        var write = args.length == 1 && args[0].equals("--write");
        var unformatted =
                sources().filter(file -> differs(file, write)).sorted().toList();
        unformatted.forEach(file -> System.out.println((write ? "formatted " : "not formatted: ") + file));
        if (!unformatted.isEmpty() && !write) {
            System.out.println("Format them with: mvn -Pformat validate");
            System.exit(1);
        }
    }

    private static Stream<Path> sources() throws IOException {
        var places = new ArrayList<>(List.of(Path.of(".ci")));
        try (var modules = Files.newDirectoryStream(Path.of(""), module -> Files.isDirectory(module.resolve("src")))) {
            modules.forEach(module -> places.add(module.resolve("src")));
        }
        var files = new ArrayList<Path>();
        for (var place : places) {
            try (var found = Files.walk(place)) {
                found.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
            }
        }
        return files.parallelStream();
    }

    /** Whether formatting changes the file; with {@code write}, it is changed. */
    private static boolean differs(Path file, boolean write) {
        try {
            var source = Files.readString(file);
            var formatted = FORMATTER.formatSourceAndFixImports(source);
            if (formatted.equals(source)) {
                return false;
            }
            if (write) {
                Files.writeString(file, formatted);
            }
            return true;
        } catch (FormatterException | IOException e) {
            System.out.println(file + ": " + e.getMessage());
            return true;
        }
    }
}

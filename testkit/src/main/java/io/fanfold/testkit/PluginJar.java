package io.fanfold.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.opentest4j.AssertionFailedError;

/** Builds jars of functions and folds from their sources, as the author of a plugin does. Any thread. */
public final class PluginJar {
    private static final String FUNCTION = "io.fanfold.worker.function.FanfoldFunction";

    private PluginJar() {}

    /**
     * Compiles the sources against the class path of the test and packages what comes out.
     *
     * @param dir where the jar goes; it has to be there
     * @param jarName its file name
     * @param sources Java source text by the full name of its class
     * @param serviceClasses full names of the functions; where there are none, the jar has no services file
     * @return the jar
     */
    public static Path build(Path dir, String jarName, Map<String, String> sources, List<String> serviceClasses) {
        return build(dir, jarName, sources, serviceClasses.isEmpty() ? Map.of() : Map.of(FUNCTION, serviceClasses));
    }

    /**
     * As {@link #build(Path, String, Map, List)}, for services of any type.
     *
     * @param services full names of the classes by the full name of what they are
     */
    public static Path build(
            Path dir, String jarName, Map<String, String> sources, Map<String, List<String>> services) {
        Path jar = dir.resolve(jarName);
        try {
            Path classes = Files.createTempDirectory("plugin-classes");
            compile(sources, classes);
            for (Map.Entry<String, List<String>> service : services.entrySet()) {
                Path file = Files.createDirectories(classes.resolve("META-INF/services"))
                        .resolve(service.getKey());
                Files.write(file, service.getValue(), StandardCharsets.UTF_8);
            }
            pack(classes, jar);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Map<String, String> sources, Path classes) {
        if (sources.isEmpty()) {
            return;
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "-d",
                classes.toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-parameters");
        List<Source> units = sources.entrySet().stream()
                .map(source -> new Source(source.getKey(), source.getValue()))
                .toList();
        if (!compiler.getTask(said, null, null, options, null, units).call()) {
            throw new AssertionFailedError("the plugin does not compile: " + said);
        }
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> walk = Files.walk(classes)) {
            for (Path entry : walk.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(entry).toString().replace('\\', '/')));
                Files.copy(entry, out);
                out.closeEntry();
            }
        }
    }

    /** Java source text that the compiler reads from memory. */
    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        private Source(String className, String text) {
            super(
                    URI.create("string:///" + className.replace('.', '/') + JavaFileObject.Kind.SOURCE.extension),
                    JavaFileObject.Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}

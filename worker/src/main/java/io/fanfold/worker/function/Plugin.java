package io.fanfold.worker.function;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.FunctionDescription;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A jar of functions, in a class loader of its own, which stays open for as long as the functions are in use. */
final class Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(Plugin.class);
    private static final String SERVICES = "META-INF/services/" + FanfoldFunction.class.getName();

    /** The class loader of one jar. */
    private static final class Loader extends URLClassLoader {
        private final Path jar;

        private Loader(Path jar) throws IOException {
            super(jar.toString(), new URL[] {jar.toUri().toURL()}, FanfoldFunction.class.getClassLoader());
            this.jar = jar;
        }
    }

    private final Path jar;
    private final Loader loader;

    private Plugin(Path jar) throws IOException {
        this.jar = jar;
        this.loader = new Loader(jar);
    }

    /** The functions of all jars in a directory, by file name. */
    static List<FanfoldFunction> inDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new InvalidRequestException("plugins directory " + directory
                    + " is not there: make it and put function jars in, or name another");
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            return jars.stream().flatMap(jar -> in(jar).stream()).toList();
        } catch (IOException e) {
            throw new InvalidRequestException("plugins directory " + directory + " cannot be read: " + e, e);
        }
    }

    /** The functions that were put on the application's own class path. */
    static List<FanfoldFunction> onClassPath() {
        try {
            return ServiceLoader.load(FanfoldFunction.class, FanfoldFunction.class.getClassLoader()).stream()
                    .map(provider -> described(provider.get(), "class path"))
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new InvalidRequestException("class path: " + e.getMessage() + because(e.getCause()), e);
        }
    }

    private static List<FanfoldFunction> in(Path jar) {
        try {
            List<String> providers = providers(jar);
            if (providers.isEmpty()) {
                LOG.atWarn()
                        .addKeyValue("jar", jar)
                        .addKeyValue("missing", SERVICES)
                        .log("plugin has no functions: name their classes in its services file");
                return List.of();
            }
            Plugin plugin = new Plugin(jar);
            return providers.stream().map(plugin::function).toList();
        } catch (IOException e) {
            throw new InvalidRequestException(
                    jar + " is not a jar that can be read (" + e.getMessage() + "): build it again, or take it away",
                    e);
        }
    }

    /** The classes that the jar names, one a line, {@code #} before a comment. */
    private static List<String> providers(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry services = file.getEntry(SERVICES);
            if (services == null) {
                return List.of();
            }
            try (InputStream in = file.getInputStream(services)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(name -> !name.isEmpty())
                        .distinct()
                        .toList();
            }
        }
    }

    private FanfoldFunction function(String provider) {
        try {
            Class<?> type = Class.forName(provider, true, loader);
            if (type.getClassLoader() != loader) {
                throw refused(provider, "is on the worker's class path already: take one of the two away");
            }
            if (type.getConstructor().newInstance() instanceof FanfoldFunction function) {
                return described(function, jar.toString());
            }
            throw refused(provider, "is no function: implement ChunkFunction or AsyncFunction");
        } catch (ClassNotFoundException e) {
            throw refused(provider, "is not in the jar: correct " + SERVICES + ", or package the class", e);
        } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
            throw refused(
                    provider, "cannot be made: it must be public and have a public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw refused(provider, "cannot be made: its constructor failed" + because(e.getCause()), e);
        } catch (UnsupportedClassVersionError e) {
            throw refused(
                    provider,
                    "was compiled for a newer Java than this worker's: compile it with --release "
                            + Runtime.version().feature(),
                    e);
        } catch (ExceptionInInitializerError e) {
            throw refused(provider, "cannot be loaded: its static initialiser failed" + because(e.getCause()), e);
        } catch (NoClassDefFoundError e) {
            throw refused(provider, "needs a class that is not there, package it into the jar" + because(e), e);
        } catch (LinkageError e) {
            throw refused(provider, "cannot be loaded" + because(e), e);
        }
    }

    /** The function, if it says what it is. */
    private static FanfoldFunction described(FanfoldFunction function, String where) {
        String provider = function.getClass().getName();
        FunctionDescription description;
        try {
            description = function.description();
        } catch (RuntimeException | LinkageError e) {
            throw refused(where, provider, "has no description: description() failed" + because(e), e);
        }
        if (description == null) {
            throw refused(where, provider, "has no description: description() returned null");
        }
        return function;
    }

    private InvalidRequestException refused(String provider, String what) {
        return refused(jar.toString(), provider, what);
    }

    private InvalidRequestException refused(String provider, String what, Throwable cause) {
        return refused(jar.toString(), provider, what, cause);
    }

    private static InvalidRequestException refused(String where, String provider, String what) {
        return new InvalidRequestException(where + ": " + provider + " " + what);
    }

    private static InvalidRequestException refused(String where, String provider, String what, Throwable cause) {
        return new InvalidRequestException(where + ": " + provider + " " + what, cause);
    }

    /** Where a function comes from, for a person. */
    static String origin(FanfoldFunction function) {
        Class<?> type = function.getClass();
        String name = type.getName();
        return type.getClassLoader() instanceof Loader loader ? name + " in " + loader.jar : name;
    }

    private static String because(@Nullable Throwable cause) {
        return cause == null ? "" : ": " + cause.toString().lines().findFirst().orElse("");
    }
}

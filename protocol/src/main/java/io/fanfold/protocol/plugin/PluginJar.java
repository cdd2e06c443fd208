package io.fanfold.protocol.plugin;

import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A jar of services of one type, in a class loader of its own, which stays open for as long as they are in use. */
final class PluginJar<T> {
    private static final Logger LOG = LoggerFactory.getLogger(PluginJar.class);
    private static final String OURS = "META-INF/services/io.fanfold.";

    /** The class loader of one jar. */
    static final class Loader extends URLClassLoader {
        private final Path jar;

        private Loader(Path jar, ClassLoader parent) throws IOException {
            super(jar.toString(), new URL[] {jar.toUri().toURL()}, parent);
            this.jar = jar;
        }

        Path jar() {
            return jar;
        }
    }

    private final Path jar;
    private final Service<T> service;
    private final Loader loader;

    private PluginJar(Path jar, Service<T> service) throws IOException {
        this.jar = jar;
        this.service = service;
        this.loader = new Loader(jar, service.type().getClassLoader());
    }

    /** The services that the jar names, made. */
    static <T> List<T> services(Path jar, Service<T> service) {
        try {
            List<String> providers = providers(jar, service);
            if (providers.isEmpty()) {
                return List.of();
            }
            PluginJar<T> plugin = new PluginJar<>(jar, service);
            return providers.stream().map(plugin::made).toList();
        } catch (IOException e) {
            throw new InvalidRequestException(
                    jar + " is not a jar that can be read (" + e.getMessage() + "): build it again, or take it away",
                    e);
        }
    }

    /** The classes that the jar names, one a line, {@code #} before a comment. */
    private static List<String> providers(Path jar, Service<?> service) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry services = file.getEntry(service.file());
            if (services == null) {
                warnWhereEmpty(file, jar, service);
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

    /** A jar that brings something else is no mistake. */
    private static void warnWhereEmpty(JarFile file, Path jar, Service<?> service) {
        if (file.stream().noneMatch(entry -> entry.getName().startsWith(OURS))) {
            LOG.atWarn()
                    .addKeyValue("jar", jar)
                    .addKeyValue("missing", service.file())
                    .log("jar is no plugin: name its classes in a services file");
        }
    }

    private T made(String provider) {
        try {
            Class<?> type = Class.forName(provider, true, loader);
            if (type.getClassLoader() != loader) {
                throw refused(provider, "is on Fanfold's own class path already: take one of the two away");
            }
            Object made = type.getConstructor().newInstance();
            if (service.type().isInstance(made)) {
                return Plugins.described(service, service.type().cast(made), jar.toString());
            }
            throw refused(provider, "is no " + service.what() + ": " + service.remedy());
        } catch (ReflectiveOperationException e) {
            throw unmade(provider, e);
        } catch (LinkageError e) {
            throw unlinked(provider, e);
        }
    }

    private InvalidRequestException unmade(String provider, ReflectiveOperationException e) {
        return switch (e) {
            case ClassNotFoundException missing ->
                refused(provider, "is not in the jar: correct " + service.file() + ", or package the class", missing);
            case InvocationTargetException failed ->
                refused(
                        provider,
                        "cannot be made: its constructor failed" + Plugins.because(failed.getCause()),
                        failed);
            default ->
                refused(
                        provider,
                        "cannot be made: it must be public and have a public constructor without parameters",
                        e);
        };
    }

    private InvalidRequestException unlinked(String provider, LinkageError e) {
        return switch (e) {
            case UnsupportedClassVersionError newer ->
                refused(
                        provider,
                        "was compiled for a newer Java than this one: compile it with --release "
                                + Runtime.version().feature(),
                        newer);
            case ExceptionInInitializerError failed ->
                refused(
                        provider,
                        "cannot be loaded: its static initialiser failed" + Plugins.because(failed.getCause()),
                        failed);
            case NoClassDefFoundError missing ->
                refused(
                        provider,
                        "needs a class that is not there, package it into the jar" + Plugins.because(missing),
                        missing);
            default -> refused(provider, "cannot be loaded" + Plugins.because(e), e);
        };
    }

    private InvalidRequestException refused(String provider, String what) {
        return new InvalidRequestException(jar + ": " + provider + " " + what);
    }

    private InvalidRequestException refused(String provider, String what, Throwable cause) {
        return new InvalidRequestException(jar + ": " + provider + " " + what, cause);
    }
}

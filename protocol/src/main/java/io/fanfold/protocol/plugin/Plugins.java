package io.fanfold.protocol.plugin;

import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where plugins are found: on the application's class path, and in jars of a directory. Any thread. */
public final class Plugins {
    private Plugins() {}

    /**
     * The services that were put on the application's own class path.
     *
     * @throws InvalidRequestException naming the class, where one cannot be used
     */
    public static <T> List<T> onClassPath(Service<T> service) {
        try {
            return ServiceLoader.load(service.type(), service.type().getClassLoader()).stream()
                    .map(provider -> described(service, provider.get(), "class path"))
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new InvalidRequestException("class path: " + e.getMessage() + because(e.getCause()), e);
        }
    }

    /**
     * The services of all jars in a directory, by file name. Each jar has a class loader of its own, so that two can hold
     * different versions of the same classes; its parent is the application's. It stays open for as long as they are in use.
     *
     * @throws InvalidRequestException naming the jar and the class, where one cannot be used
     */
    public static <T> List<T> inDirectory(Path directory, Service<T> service) {
        if (!Files.isDirectory(directory)) {
            throw new InvalidRequestException("plugins directory " + directory
                    + " is not there: make it and put function jars in, or name another");
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
            return jars.stream()
                    .flatMap(jar -> PluginJar.services(jar, service).stream())
                    .toList();
        } catch (IOException e) {
            throw new InvalidRequestException("plugins directory " + directory + " cannot be read: " + e, e);
        }
    }

    /** Where a service comes from, for a person. */
    public static String origin(Object service) {
        Class<?> type = service.getClass();
        String name = type.getName();
        return type.getClassLoader() instanceof PluginJar.Loader loader ? name + " in " + loader.jar() : name;
    }

    /** The service, if it says what it is. */
    static <T> T described(Service<T> service, T provided, String where) {
        String undescribed = where + ": " + provided.getClass().getName() + " has no description: asked for it, it ";
        @Nullable Object description;
        try {
            description = service.description().apply(provided);
        } catch (RuntimeException | LinkageError e) {
            throw new InvalidRequestException(undescribed + "failed" + because(e), e);
        }
        if (description == null) {
            throw new InvalidRequestException(undescribed + "returned null");
        }
        return provided;
    }

    static String because(@Nullable Throwable cause) {
        return cause == null ? "" : ": " + cause.toString().lines().findFirst().orElse("");
    }
}

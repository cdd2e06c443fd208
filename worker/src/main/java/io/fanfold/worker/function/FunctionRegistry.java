package io.fanfold.worker.function;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.fold.Folds;
import io.fanfold.protocol.plugin.Plugins;
import io.fanfold.protocol.plugin.Service;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that a worker has, in the order they are shown to people, and the folds for their answers. Immutable. */
public final class FunctionRegistry {
    private static final Service<FanfoldFunction> SERVICE = new Service<>(
            FanfoldFunction.class,
            "function",
            "implement ChunkFunction or AsyncFunction",
            FanfoldFunction::description);

    private static final FunctionRegistry BUILT_IN = of(List.of(
            new Identity(),
            new Negate(),
            new Abs(),
            FloatFunction.sqrt(),
            FloatFunction.exp(),
            FloatFunction.log(),
            new Scale(),
            new Clip(),
            new Mandelbrot(),
            new Sleep()));

    private final Map<FunctionId, FanfoldFunction> functions;
    private final Folds folds;

    private FunctionRegistry(Map<FunctionId, FanfoldFunction> functions, Folds folds) {
        this.functions = Collections.unmodifiableMap(functions);
        this.folds = folds;
    }

    /** The functions that come with Fanfold. */
    public static FunctionRegistry builtIn() {
        return BUILT_IN;
    }

    /** The functions and folds that come with Fanfold, and those that are services on the class path. */
    public static FunctionRegistry load() {
        return BUILT_IN.with(Folds.load()).with(Plugins.onClassPath(SERVICE));
    }

    /**
     * As {@link #load()}, and the functions and folds of the plugins in a directory: of each of its jars, by file name, those
     * that the jar names in {@code META-INF/services/io.fanfold.worker.function.FanfoldFunction} and
     * {@code META-INF/services/io.fanfold.protocol.fold.FoldFunction}. Each jar has a class loader of its own, so
     * that two can hold different versions of the same classes; its parent is the application's.
     *
     * @throws InvalidRequestException naming the jar and the class, where one cannot be used
     */
    public static FunctionRegistry load(Path plugins) {
        return load().with(Folds.load(plugins)).with(Plugins.inDirectory(plugins, SERVICE));
    }

    /**
     * A registry of these functions, in their order.
     *
     * @throws InvalidRequestException where two have the same name and version
     */
    public static FunctionRegistry of(Collection<? extends FanfoldFunction> functions) {
        return new FunctionRegistry(Map.of(), Folds.builtIn()).with(functions);
    }

    /**
     * This registry and these functions after its own.
     *
     * @throws InvalidRequestException where two have the same name and version
     */
    public FunctionRegistry with(Collection<? extends FanfoldFunction> more) {
        Map<FunctionId, FanfoldFunction> byId = new LinkedHashMap<>(functions);
        for (FanfoldFunction function : more) {
            FunctionId id = function.description().id();
            FanfoldFunction other = byId.putIfAbsent(id, function);
            if (other != null) {
                throw new InvalidRequestException("two functions are " + id + ", " + Plugins.origin(other) + " and "
                        + Plugins.origin(function) + ": give one of them another name or version, or take it away");
            }
        }
        return new FunctionRegistry(byId, folds);
    }

    /** This registry with other folds. */
    public FunctionRegistry with(Folds others) {
        return new FunctionRegistry(functions, others);
    }

    /** The folds that parts of answers are made with. */
    public Folds folds() {
        return folds;
    }

    /** The function of exactly this name and version. */
    public Optional<FanfoldFunction> find(FunctionId id) {
        return Optional.ofNullable(functions.get(id));
    }

    /** What each function is and takes. */
    public List<FunctionDescription> descriptions() {
        return functions.values().stream().map(FanfoldFunction::description).toList();
    }

    /** The highest version of a name, for those who name none. */
    public Optional<FunctionDescription> latest(String name) {
        return descriptions().stream()
                .filter(description -> description.id().name().equals(name))
                .max(Comparator.comparing(description -> description.id().version(), FunctionId::compareVersions));
    }
}

package io.fanfold.worker.function;

import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The functions that a worker has, in the order they are shown to people. Immutable. */
public final class FunctionRegistry {
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

    private final Map<FunctionId, ChunkFunction> functions;

    private FunctionRegistry(Map<FunctionId, ChunkFunction> functions) {
        this.functions = Collections.unmodifiableMap(functions);
    }

    /** The functions that come with Fanfold. */
    public static FunctionRegistry builtIn() {
        return BUILT_IN;
    }

    /**
     * A registry of these functions, in their order; of several versions the latest comes last.
     *
     * @throws IllegalArgumentException where two have the same name and version
     */
    public static FunctionRegistry of(Collection<? extends ChunkFunction> functions) {
        Map<FunctionId, ChunkFunction> byId = new LinkedHashMap<>();
        for (ChunkFunction function : functions) {
            FunctionId id = function.description().id();
            ChunkFunction other = byId.putIfAbsent(id, function);
            if (other != null) {
                throw new IllegalArgumentException(
                        "two functions are " + id + ", " + other.getClass().getName() + " and "
                                + function.getClass().getName() + ": give one of them another name or version");
            }
        }
        return new FunctionRegistry(byId);
    }

    /** The function of exactly this name and version. */
    public Optional<ChunkFunction> find(FunctionId id) {
        return Optional.ofNullable(functions.get(id));
    }

    /** What each function is and takes. */
    public List<FunctionDescription> descriptions() {
        return functions.values().stream().map(ChunkFunction::description).toList();
    }

    /** The last version of a name, for those who name none. */
    public Optional<FunctionDescription> latest(String name) {
        return descriptions().stream()
                .filter(description -> description.id().name().equals(name))
                .reduce((earlier, later) -> later);
    }
}

package io.fanfold.protocol.wire;

import io.fanfold.protocol.array.DType;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a function is and takes, as a pool publishes it in the functions topic.
 *
 * @param about one line for a person
 * @param shapes what becomes of a chunk's shape, such as {@code same} or {@code (..., 2) -> (...)}
 * @param dtypes the dtype of the answer for each dtype taken, by NumPy's names; {@link #ANY} to {@link #SAME} where every
 *     dtype passes through, to {@link #ANY} where the answer's is not known beforehand
 * @param strategies how a worker can run it; {@code AUTO} is always among them
 */
public record FunctionDescription(
        FunctionId id,
        String about,
        String shapes,
        Map<String, String> dtypes,
        List<Parameter> parameters,
        Set<Strategy> strategies) {
    public static final String ANY = "any";
    public static final String SAME = "same";

    public FunctionDescription {
        dtypes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(dtypes));
        parameters = List.copyOf(parameters);
        strategies = java.util.Collections.unmodifiableSet(EnumSet.copyOf(strategies));
    }

    /** A function that can be run in every way. */
    public FunctionDescription(
            FunctionId id, String about, String shapes, Map<String, String> dtypes, List<Parameter> parameters) {
        this(id, about, shapes, dtypes, parameters, EnumSet.allOf(Strategy.class));
    }

    /**
     * The parameters a job records: known, of the right type, within bounds, the missing ones filled in.
     *
     * @throws WireException naming the parameter, its value and what is allowed
     */
    public Map<String, Object> resolve(Map<String, ?> given) {
        Set<String> unknown = new TreeSet<>(given.keySet());
        Map<String, Object> resolved = new LinkedHashMap<>();
        for (Parameter p : parameters) {
            unknown.remove(p.name());
            Object value = given.get(p.name());
            if (value != null) {
                resolved.put(p.name(), p.resolve(id.name(), value));
            } else if (p.fallback().isPresent()) {
                resolved.put(p.name(), p.fallback().get());
            } else if (p.required()) {
                throw new WireException(id.name() + ": parameter " + p.name() + " is missing (" + p.about() + ")");
            }
        }
        if (!unknown.isEmpty()) {
            throw new WireException(id.name() + " has no parameter \""
                    + unknown.iterator().next() + "\"; it takes " + (parameters.isEmpty() ? "none" : names()));
        }
        return resolved;
    }

    /**
     * Bytes of one element of the answer, for sizing chunks.
     *
     * @throws WireException if the function does not take the dtype
     */
    public int itemSizeOf(DType input) {
        String output = dtypes.getOrDefault(input.name(), dtypes.get(ANY));
        if (output == null) {
            throw new WireException(
                    id.name() + " does not take " + input.name() + "; it takes " + String.join(", ", dtypes.keySet()));
        }
        return output.equals(SAME) ? input.itemSize() : WIDTHS.getOrDefault(output, input.itemSize());
    }

    /**
     * Checks that a worker can run it in this way.
     *
     * @throws WireException if it cannot, naming the ways in which it can
     */
    public void requireStrategy(Strategy strategy) {
        if (!strategies.contains(strategy)) {
            throw new WireException(id.name() + " does not run with strategy " + strategy.wire() + ": use "
                    + strategies.stream().map(Strategy::wire).collect(Collectors.joining(" or ")));
        }
    }

    private static final Map<String, Integer> WIDTHS = Map.ofEntries(
            Map.entry("bool", 1),
            Map.entry("int8", 1),
            Map.entry("uint8", 1),
            Map.entry("int16", 2),
            Map.entry("uint16", 2),
            Map.entry("float16", 2),
            Map.entry("int32", 4),
            Map.entry("uint32", 4),
            Map.entry("float32", 4),
            Map.entry("int64", 8),
            Map.entry("uint64", 8),
            Map.entry("float64", 8),
            Map.entry("complex64", 8),
            Map.entry("complex128", 16));

    private String names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }
}

package io.fanfold.protocol.wire;

import io.fanfold.protocol.array.DType;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a function is and takes, as a pool publishes it in the functions topic.
 *
 * @param about one line for a person
 * @param shapes what becomes of a chunk's shape, such as {@code same} or {@code (..., 2) -> (...)}
 * @param dtypes the dtype of the answer for each dtype taken, by NumPy's names; {@link #ANY} to {@link #SAME} where every
 *     dtype passes through, to {@link #ANY} where the answer's is not known beforehand
 * @param parameters what a job may set; their defaults have to be such values themselves
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
        dtypes = Collections.unmodifiableMap(new LinkedHashMap<>(dtypes));
        parameters = parameters.stream().map(p -> p.settled(id.name())).toList();
        strategies = withAuto(strategies);
    }

    /** A function that can be run in every way. */
    public FunctionDescription(
            FunctionId id, String about, String shapes, Map<String, String> dtypes, List<Parameter> parameters) {
        this(id, about, shapes, dtypes, parameters, EnumSet.allOf(Strategy.class));
    }

    /**
     * A function of any dtype that keeps dtype and shape, takes no parameters and can be run in every way: the start of a
     * description, of which the methods below change what is otherwise.
     *
     * @param id {@code name@version}
     */
    public static FunctionDescription of(String id, String about) {
        return new FunctionDescription(FunctionId.parse(id), about, SAME, Map.of(ANY, SAME), List.of());
    }

    /** With other shapes. */
    public FunctionDescription withShapes(String what) {
        return new FunctionDescription(id, about, what, dtypes, parameters, strategies);
    }

    /**
     * Takes these dtypes too, and answers them all in one. The first call takes the place of {@code any} dtype.
     *
     * @param answered NumPy's name, {@link #SAME}, or {@link #ANY} where it is not known beforehand
     * @param taken NumPy's names, or {@link #ANY}
     */
    public FunctionDescription withAnswers(String answered, String... taken) {
        Map<String, String> table = new LinkedHashMap<>(dtypes);
        table.remove(ANY, SAME);
        for (String name : taken) {
            table.put(name, answered);
        }
        return new FunctionDescription(id, about, shapes, table, parameters, strategies);
    }

    /** With these parameters and no others. */
    public FunctionDescription withParameters(Parameter... all) {
        return new FunctionDescription(id, about, shapes, dtypes, List.of(all), strategies);
    }

    /** Run in these ways and no others; {@code AUTO} then chooses among them. */
    public FunctionDescription withStrategies(Strategy... all) {
        return new FunctionDescription(id, about, shapes, dtypes, parameters, Set.copyOf(List.of(all)));
    }

    private static Set<Strategy> withAuto(Collection<Strategy> strategies) {
        Set<Strategy> all = EnumSet.of(Strategy.AUTO);
        all.addAll(strategies);
        return Collections.unmodifiableSet(all);
    }

    /** Whether a worker can run it so. */
    public boolean runs(Strategy strategy) {
        return strategies.contains(strategy);
    }

    /**
     * Lets a strategy pass that it runs in.
     *
     * @throws WireException naming those that it does run in
     */
    public void requireStrategy(Strategy strategy) {
        if (!runs(strategy)) {
            throw new WireException(id.name() + " does not run with strategy " + strategy.wire() + ": use "
                    + strategies.stream().map(Strategy::wire).collect(Collectors.joining(" or ")));
        }
    }

    /**
     * The parameters a job records: known, of the right type, within bounds, the missing ones filled in. Resolving them again
     * changes nothing.
     *
     * @param given values, or texts of a command line
     * @throws WireException naming the parameter, its value and what is allowed
     */
    public Map<String, Object> resolve(Map<String, ?> given) {
        return resolve(given, Parameter::read);
    }

    /**
     * The parameters of a job as its chunks carry them, which anybody may have written: as {@link #resolve}, but the values have
     * their types already, so that text for a parameter of any type stays text.
     *
     * @throws WireException naming the parameter, its value and what is allowed
     */
    public Map<String, Object> confirm(Map<String, ?> carried) {
        return resolve(carried, Parameter::resolve);
    }

    /** How one parameter makes its own value of a given one, for a function. */
    private interface Reading {
        Object value(Parameter parameter, String function, Object given);
    }

    private Map<String, Object> resolve(Map<String, ?> given, Reading reading) {
        Set<String> unknown = new TreeSet<>(given.keySet());
        Map<String, Object> resolved = new LinkedHashMap<>();
        for (Parameter p : parameters) {
            unknown.remove(p.name());
            Object value = given.get(p.name());
            if (value != null) {
                resolved.put(p.name(), reading.value(p, id.name(), value));
            } else if (p.fallback().isPresent()) {
                resolved.put(p.name(), p.fallback().get());
            } else if (p.required()) {
                throw new WireException(id.name() + ": parameter " + p.name() + " is missing (" + p.about() + ")");
            }
        }
        if (!unknown.isEmpty()) {
            throw new WireException(id.name() + " has no parameter \""
                    + Json.shorten(unknown.iterator().next()) + "\"; it takes "
                    + (parameters.isEmpty() ? "none" : names()));
        }
        return resolved;
    }

    /**
     * Bytes of one element of the answer, for sizing chunks; the input's own where the answer's dtype is not known.
     *
     * @throws WireException if the function does not take the dtype
     */
    public int itemSizeOf(DType input) {
        return answerTo(input).orElse(input).itemSize();
    }

    /**
     * The dtype of the answer, as far as it is known beforehand.
     *
     * @throws WireException if the function does not take the dtype
     */
    public Optional<DType> answerTo(DType input) {
        String output = dtypes.getOrDefault(input.name(), dtypes.get(ANY));
        if (output == null) {
            throw new WireException(
                    id.name() + " does not take " + input.name() + "; it takes " + String.join(", ", dtypes.keySet()));
        }
        return output.equals(SAME) || output.equals(input.name())
                ? Optional.of(input)
                : Optional.ofNullable(NUMBERS.get(output));
    }

    private static final Map<String, DType> NUMBERS = Stream.of(
                    "|b1", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16")
            .map(DType::parse)
            .collect(Collectors.toUnmodifiableMap(DType::name, Function.identity()));

    private String names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
    }
}

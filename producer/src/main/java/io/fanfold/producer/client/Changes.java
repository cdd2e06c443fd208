package io.fanfold.producer.client;

import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Parameter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What a revision does otherwise than the job that it makes whole.
 *
 * @param function {@code NAME} (its latest version) or {@code NAME@VERSION}; empty: the job's own, in its version
 * @param parameters values, or texts of a command line, in place of the job's; the others stay, as far as the function has them
 * @param pool whose workers compute it; empty: the job's own
 */
public record Changes(Optional<String> function, Map<String, ?> parameters, Optional<String> pool) {
    /** The same once more. */
    public static final Changes NONE = new Changes(Optional.empty(), Map.of(), Optional.empty());

    public Changes {
        parameters = Map.copyOf(parameters);
    }

    /** What is computed, and where. */
    record Work(FunctionId function, Map<String, Object> parameters, String pool) {}

    /**
     * The work of a revision.
     *
     * @param functions of a pool and a name
     * @throws io.fanfold.protocol.wire.WireException if the function does not take the array, the strategy or a parameter
     */
    Work of(JobRecord.Spec spec, BiFunction<String, String, FunctionDescription> functions) {
        JobHeader header = spec.header();
        String where = pool.orElse(spec.pool());
        if (function.isEmpty() && parameters.isEmpty()) {
            return new Work(header.function(), header.parameters(), where);
        }
        FunctionDescription f =
                functions.apply(where, function.orElse(header.function().toString()));
        f.requireStrategy(header.strategy());
        var _ = f.itemSizeOf(spec.dtype()); // refuses a dtype that it does not take
        return new Work(f.id(), resolved(f, header.parameters()), where);
    }

    /** Values that the job carries keep their types; texts that are given here find theirs. */
    private Map<String, Object> resolved(FunctionDescription f, Map<String, Object> carried) {
        Set<String> known = f.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        Map<String, Object> kept = new HashMap<>(carried);
        kept.keySet().removeIf(name -> !known.contains(name) || parameters.containsKey(name));
        Map<String, Object> all = new HashMap<>(kept);
        all.putAll(parameters);
        Map<String, Object> resolved = new HashMap<>(f.resolve(all));
        resolved.putAll(kept);
        return f.confirm(resolved);
    }
}

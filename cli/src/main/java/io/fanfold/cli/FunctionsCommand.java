package io.fanfold.cli;

import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Lists what can be computed. */
@Command(
        name = "functions",
        mixinStandardHelpOptions = true,
        description = "List the functions: those built in and those given here, or what the workers of a fleet have.")
final class FunctionsCommand implements Callable<Integer> {
    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "Ask the fleet behind this broker. Without it: those of this machine.")
    @Nullable
    String bootstrapServer;

    @Option(names = "--json", description = "For programs: one JSON object a line.")
    boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FunctionOptions functions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Logs.people(verbosity.verbose);
        List<FunctionOffer> offers = bootstrapServer == null ? here() : ofFleet(bootstrapServer);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            offers.forEach(offer ->
                    out.println(new String(Records.offer(Topics.DEFAULT, offer).value(), StandardCharsets.UTF_8)));
        } else {
            offers.forEach(offer -> print(out, offer));
            if (offers.isEmpty()) {
                out.println("No worker has said yet what it can compute; start one with: fanfold worker");
            }
        }
        out.flush();
        return 0;
    }

    private List<FunctionOffer> here() {
        return functions.registry().descriptions().stream()
                .map(f -> new FunctionOffer(Topics.DEFAULT_POOL, f))
                .toList();
    }

    private List<FunctionOffer> ofFleet(String bootstrap) throws IOException {
        try (ParallelMap map = ParallelMap.connect(
                connection.settings(bootstrap), "fanfold-functions", Set.of(), new SimpleMeterRegistry())) {
            return map.functions().all();
        }
    }

    private static void print(PrintWriter out, FunctionOffer offer) {
        FunctionDescription f = offer.function();
        String pool = offer.pool().equals(Topics.DEFAULT_POOL) ? "" : "  (pool " + offer.pool() + ")";
        out.println(Ansi.AUTO.string("@|bold " + f.id() + "|@") + "  " + f.about() + pool);
        out.println("    dtypes  " + dtypes(f));
        if (!f.shapes().equals(FunctionDescription.SAME)) {
            out.println("    shape   " + f.shapes());
        }
        f.parameters().forEach(p -> out.println("    --param " + parameter(p)));
    }

    /** Dtypes with the same answer stand together: {@code complex64, complex128 -> int32}. */
    private static String dtypes(FunctionDescription f) {
        Map<String, List<String>> byAnswer = f.dtypes().entrySet().stream()
                .collect(Collectors.groupingBy(
                        e -> e.getValue().equals(e.getKey()) ? FunctionDescription.SAME : e.getValue(),
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return byAnswer.entrySet().stream()
                .map(e -> String.join(", ", e.getValue()) + " -> " + e.getKey())
                .collect(Collectors.joining("; "));
    }

    private static String parameter(Parameter p) {
        String need = p.required()
                ? "required"
                : p.fallback().map(value -> "default " + value).orElse("optional");
        return p.name() + "=" + p.type().name() + "   " + p.about() + " (" + need + ")";
    }
}

package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.FunctionView;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what can be computed. */
@Command(
        name = "functions",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "List the functions: those built in and those given here, or what the workers of a fleet have.",
            "A fleet is asked only where it is named on the command line."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold functions",
            "  fanfold functions --server http://localhost:8080",
            "  fanfold functions --bootstrap-server localhost:9092 --json",
            "",
            "Exit codes: 0 done, 1 the fleet cannot be asked, 2 wrong use."
        })
final class FunctionsCommand implements Callable<Integer> {
    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private DoorOptions door;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FunctionOptions functions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        Optional<DoorAddress> at = door.given();
        List<FunctionView> offers = at.isEmpty() ? here() : ofFleet(at.get());
        PrintWriter out = spec.commandLine().getOut();
        if (format.json) {
            offers.forEach(offer -> out.println(LetterText.line(offer.json())));
        } else {
            offers.forEach(offer -> print(out, offer));
            if (offers.isEmpty()) {
                out.println("No worker has said yet what it can compute; start one with: fanfold worker");
            }
        }
        out.flush();
        return 0;
    }

    private List<FunctionView> here() {
        return functions.registry().descriptions().stream()
                .map(f -> FunctionView.of(new FunctionOffer(Topics.DEFAULT_POOL, f)))
                .toList();
    }

    private static List<FunctionView> ofFleet(DoorAddress at) throws IOException, InterruptedException {
        try (Door open = at.open("fanfold-functions")) {
            return open.functions();
        }
    }

    private static void print(PrintWriter out, FunctionView f) {
        String pool = f.pool().equals(Topics.DEFAULT_POOL) ? "" : "  (pool " + f.pool() + ")";
        line(out, Ansi.AUTO.string("@|bold " + f.id() + "|@"), "  " + f.about() + pool);
        line(out, "    dtypes  ", dtypes(f));
        if (!f.shapes().equals(FunctionDescription.SAME)) {
            line(out, "    shape   ", f.shapes());
        }
        f.parameters()
                .forEach(p -> line(
                        out, "    --param ", p.name() + "=" + p.type() + "   " + p.about() + " (" + p.need() + ")"));
    }

    private static void line(PrintWriter out, String ours, String others) {
        out.println(ours + LetterText.plain(others));
    }

    /** Dtypes with the same answer stand together: {@code complex64, complex128 -> int32}. */
    private static String dtypes(FunctionView f) {
        Map<String, List<String>> byAnswer = f.dtypes().entrySet().stream()
                .collect(Collectors.groupingBy(
                        e -> e.getValue().equals(e.getKey()) ? FunctionDescription.SAME : e.getValue(),
                        LinkedHashMap::new,
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        return byAnswer.entrySet().stream()
                .map(e -> String.join(", ", e.getValue()) + " -> " + e.getKey())
                .collect(Collectors.joining("; "));
    }
}

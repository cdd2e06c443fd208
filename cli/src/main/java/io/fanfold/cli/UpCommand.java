package io.fanfold.cli;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.LocalWorkers;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.client.FunctionDirectory;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A whole fleet on this machine until Ctrl-C. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Start a whole fleet on this machine, with a real broker; until Ctrl-C, leaving nothing behind.")
final class UpCommand implements Callable<Integer> {
    @Option(names = "--workers", paramLabel = "N", defaultValue = "2", description = "Worker processes (default: 2).")
    private int workers;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "The broker's port (default: any free one).")
    private int port;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "The port of HTTP (default: any free one).")
    private int httpPort;

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            defaultValue = "${sys:java.io.tmpdir}",
            description =
                    "Where broker, uploads and results lie while it runs (default: the system's temporary directory).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path workDir;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private HttpOptions httpOptions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private UploadOptions uploads;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FunctionOptions functions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SubmissionOptions submissions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    private final Parts parts = new Parts();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        for (int number : new int[] {port, httpPort}) {
            if (number < 0 || number > 65_535) {
                throw new ParameterException(spec.commandLine(), "port " + number + " is not one of 0 to 65535");
            }
        }
        if (workers < 1) {
            throw new ParameterException(spec.commandLine(), "--workers is " + workers + "; it must be at least 1");
        }
        HttpAddress http = new HttpAddress("127.0.0.1", httpPort).settled();
        http.requireFree();
        Lifetime.closeOnExit(parts);
        Path work = parts.opened(new WorkDirectory(workDir)).path();
        LocalBroker broker = parts.opened(LocalFleet.broker(work, port));
        KafkaSettings kafka = KafkaSettings.at(broker.bootstrapServers());
        LocalFleet.topics(kafka, workers);
        RoleServer server = parts.opened(roles(kafka, http, work));
        LocalWorkers processes =
                parts.opened(new LocalWorkers(kafka, workers, functions.arguments(), work, verbosity.verbose));
        Aggregator aggregator = server.role(Aggregator.class);
        functions.registry(); // what is wrong with them is said here, not by a worker that dies
        FunctionDirectory offered = server.role(ParallelMap.class).functions();
        while (aggregator.failure().isEmpty()
                && (!aggregator.ready() || offered.all().isEmpty())) {
            processes.watch();
            Thread.sleep(50);
        }
        say(kafka, server, processes);
        while (aggregator.failure().isEmpty()) {
            processes.watch();
            Thread.sleep(500);
        }
        throw new FanfoldException(
                "the aggregator stopped: " + aggregator.failure().orElseThrow());
    }

    private RoleServer roles(KafkaSettings kafka, HttpAddress http, Path work) throws IOException {
        String base = "http://" + http.host() + ":" + http.port();
        return RoleServer.start(
                http,
                httpOptions.settings(uploads.limits(Duration.ZERO)),
                List.of(
                        submissions.settings(kafka, "producer", Set.of(Topics.DEFAULT_POOL), work.resolve("uploads")),
                        new AggregatorSettings(kafka, "aggregator", work.resolve("store"), Optional.of(base))
                                .with(functions.folds())),
                List.of(Aggregator.class, ParallelMap.class));
    }

    private void say(KafkaSettings kafka, RoleServer server, LocalWorkers processes) {
        PrintWriter out = spec.commandLine().getOut();
        String pids = processes.pids().stream().map(String::valueOf).collect(Collectors.joining(", "));
        out.println("Fanfold is up. Ctrl-C stops it and leaves nothing behind.");
        out.println("  broker   " + kafka.bootstrapServers());
        out.println("  http     " + server.uri() + "   (/v1/jobs, /v1/map, /v1/functions, /health, /prometheus)");
        out.println("  docs     " + server.uri() + "/docs");
        out.println("  workers  " + pids + "   (process ids)");
        out.println("Try, in another terminal:");
        out.println("  ./fanfold run --function sqrt --in x.npy --out y.npy --bootstrap-server "
                + kafka.bootstrapServers());
        out.println("  curl --data-binary @x.npy -o y.npy '" + server.uri() + "/v1/map/sqrt'");
        out.flush();
    }
}

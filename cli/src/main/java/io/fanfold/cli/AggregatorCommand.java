package io.fanfold.cli;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one aggregator. */
@Command(
        name = "aggregator",
        mixinStandardHelpOptions = true,
        description = "Run an aggregator: it puts outcomes together and keeps and serves the results.")
final class AggregatorCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(AggregatorCommand.class);

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private MemberOptions role;

    @Option(
            names = "--store",
            paramLabel = "DIR",
            defaultValue = "${env:FANFOLD_STORE:-fanfold-results}",
            description = "The directory of results (default: fanfold-results).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path store;

    @Option(
            names = "--http-advertised",
            paramLabel = "URL",
            defaultValue = "${env:FANFOLD_HTTP_ADVERTISED:-}",
            description = "The address under which others reach its HTTP server (default: the one it listens on).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String advertised;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PluginDirectory plugins;

    @Override
    public Integer call() throws IOException {
        Logs.role(role.verbosity.verbose);
        HttpAddress http = role.http().settled();
        String base = advertised.isEmpty() ? "http://" + http.host() + ":" + http.port() : advertised;
        AggregatorSettings settings = new AggregatorSettings(
                        role.kafka(), role.lastingName("aggregator"), store, Optional.of(base))
                .with(plugins.folds());
        RoleServer server = RoleServer.start(http, List.of(settings), List.of(Aggregator.class));
        Lifetime.drainOnExit(server);
        Logs.started();
        LOG.atInfo().addKeyValue("http", server.uri()).log("aggregator serves results, /health and /prometheus");
        Aggregator aggregator = server.role(Aggregator.class);
        return Lifetime.await(aggregator.ended(), () -> aggregator.failure().isPresent());
    }
}

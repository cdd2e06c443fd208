package io.fanfold.cli;

import io.fanfold.aggregator.Aggregator;
import io.fanfold.aggregator.AggregatorSettings;
import io.fanfold.aggregator.store.Moments;
import io.fanfold.aggregator.store.StoreAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
            paramLabel = "STORE",
            defaultValue = "${env:FANFOLD_STORE:-fanfold-results}",
            description = "Where results are kept: a directory, or s3://BUCKET/PREFIX (default: fanfold-results; or"
                    + " FANFOLD_STORE).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String store;

    @Option(
            names = "--s3-endpoint",
            paramLabel = "URL",
            defaultValue = "${env:AWS_ENDPOINT_URL_S3:-${env:AWS_ENDPOINT_URL:-" + Option.NULL_VALUE + "}}",
            description = "The S3 service, if it is not Amazon's (or AWS_ENDPOINT_URL_S3).")
    @Nullable
    private String s3Endpoint;

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            defaultValue = "${env:FANFOLD_SPOOL:-" + Option.NULL_VALUE + "}",
            description = "The local directory of results that are put together (default: spool in a directory of"
                    + " results, else fanfold-spool; or FANFOLD_SPOOL).")
    @Nullable
    private Path spool;

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

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private PolicyOptions keeping;

    @Override
    public Integer call() throws IOException {
        Logs.role(role.verbosity.verbose);
        HttpAddress http = role.http().settled();
        String base = advertised.isEmpty() ? "http://" + http.host() + ":" + http.port() : advertised;
        StoreAddress address = StoreAddress.parse(store, Optional.ofNullable(s3Endpoint));
        AggregatorSettings settings = new AggregatorSettings(
                role.kafka(),
                role.lastingName("aggregator"),
                address,
                spool(address),
                Optional.of(base),
                plugins.folds(),
                keeping.policy(),
                Moments.NONE);
        RoleServer server =
                RoleServer.start(http, role.httpOptions.settings(), List.of(settings), List.of(Aggregator.class));
        Lifetime.drainOnExit(server);
        Logs.started();
        LOG.atInfo().addKeyValue("http", server.uri()).log("aggregator serves results, /health and /prometheus");
        Aggregator aggregator = server.role(Aggregator.class);
        return Lifetime.await(aggregator.ended(), () -> aggregator.failure().isPresent());
    }

    private Path spool(StoreAddress address) {
        if (spool != null) {
            return spool;
        }
        return switch (address) {
            case StoreAddress.Directory directory -> directory.path().resolve("spool");
            case StoreAddress.S3 bucket -> Path.of("fanfold-spool");
        };
    }
}

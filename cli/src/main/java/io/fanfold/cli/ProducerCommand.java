package io.fanfold.cli;

import io.fanfold.producer.ProducerSettings;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one producer. */
@Command(
        name = "producer",
        mixinStandardHelpOptions = true,
        description =
                "Run a producer: it takes arrays over HTTP (POST /v1/jobs) and from the submissions topic, and writes"
                        + " their chunks.")
final class ProducerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ProducerCommand.class);

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private MemberOptions role;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            description = "A pool it writes chunks for; may be repeated (default: default).")
    private Set<String> pools = new TreeSet<>();

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            defaultValue = "${env:FANFOLD_SPOOL:-${sys:java.io.tmpdir}/fanfold-uploads}",
            description =
                    "Where uploads lie while they are dispatched (default: a directory of the system's for temporary"
                            + " files).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path spool;

    @Option(
            names = "--drain",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_DRAIN:-20}",
            description = "How long arrays that are coming in may go on after a request to stop (default: 20; or"
                    + " FANFOLD_DRAIN).")
    private int drainSeconds;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private UploadOptions uploads;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SubmissionOptions submissions;

    @Override
    public Integer call() throws Exception {
        Logs.role(role.verbosity.verbose);
        ProducerSettings settings = submissions.settings(
                role.kafka(), role.name("producer"), pools.isEmpty() ? Set.of(Topics.DEFAULT_POOL) : pools, spool);
        RoleServer server = RoleServer.start(
                role.http(),
                role.httpOptions.settings(uploads.limits(Duration.ofSeconds(drainSeconds))),
                List.of(settings),
                List.of(ParallelMap.class));
        Lifetime.drainOnExit(server);
        Logs.started();
        LOG.atInfo()
                .addKeyValue("http", server.uri())
                .log("producer serves /v1/jobs, /v1/map, /v1/functions, /docs, /health and /prometheus");
        Lifetime.forever();
        return 0;
    }
}

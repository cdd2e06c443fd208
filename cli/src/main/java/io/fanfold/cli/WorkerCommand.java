package io.fanfold.cli;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one worker. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = "Run a worker: it computes chunks until it is stopped. SIGTERM lets running chunks finish.")
final class WorkerCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerCommand.class);

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private MemberOptions role;

    @Option(
            names = "--pool",
            paramLabel = "POOL",
            defaultValue = "${env:FANFOLD_POOL:-" + Topics.DEFAULT_POOL + "}",
            description = "The pool whose chunks it computes (default: default).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String pool;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "${env:FANFOLD_THREADS:-0}",
            description = "How many chunks it computes at once (default: one for each core).")
    private int threads;

    @Option(
            names = "--unknown-function-grace",
            paramLabel = "SECONDS",
            defaultValue = "${env:FANFOLD_UNKNOWN_FUNCTION_GRACE:-60}",
            description = "How long it holds a chunk whose function it does not have (default: 60).")
    private int graceSeconds;

    @Option(names = "--end-with-parent", hidden = true, description = "End when standard input ends; serve no HTTP.")
    private boolean endWithParent;

    @Override
    public Integer call() throws IOException {
        Logs.role(role.verbosity.verbose);
        if (threads < 0 || graceSeconds < 0) {
            throw new InvalidRequestException(
                    "threads is " + threads + " and the grace " + graceSeconds + " s; neither can be negative");
        }
        WorkerSettings settings = new WorkerSettings(
                role.kafka(),
                role.name("worker"),
                pool,
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
                Duration.ofSeconds(graceSeconds),
                Duration.ofSeconds(20));
        Worker worker = endWithParent ? bare(settings) : served(settings);
        return Lifetime.await(worker.ended(), () -> worker.failure().isPresent());
    }

    private static Worker bare(WorkerSettings settings) {
        Worker worker = Worker.start(settings, FunctionRegistry.builtIn(), new SimpleMeterRegistry());
        Lifetime.drainOnExit(worker);
        Lifetime.endWithParent();
        return worker;
    }

    private Worker served(WorkerSettings settings) {
        RoleServer server = RoleServer.start(role.http(), List.of(settings), List.of(Worker.class));
        Lifetime.drainOnExit(server);
        Logs.started();
        LOG.atInfo().addKeyValue("http", server.uri()).log("worker serves /health and /prometheus");
        return server.role(Worker.class);
    }
}

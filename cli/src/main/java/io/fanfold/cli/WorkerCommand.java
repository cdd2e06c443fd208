package io.fanfold.cli;

import io.fanfold.cli.local.ThisJvm;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.worker.Worker;
import io.fanfold.worker.WorkerSettings;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.process.JavaChild;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.ArrayList;
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

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FunctionOptions functions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private EngineOptions engine;

    @Option(names = "--end-with-parent", hidden = true, description = "End when standard input ends; serve no HTTP.")
    private boolean endWithParent;

    @Override
    public Integer call() throws IOException {
        Logs.role(role.verbosity.verbose);
        engine.check();
        FunctionRegistry registry = functions.registry();
        WorkerSettings settings = new WorkerSettings(
                role.kafka(),
                role.name("worker"),
                pool,
                engine.pools(childJvm()),
                engine.patience(),
                engine.retries(),
                engine.keepCompletions(),
                engine.purgeEvery());
        Worker worker = endWithParent ? bare(settings, registry) : served(settings, registry);
        return Lifetime.await(worker.ended(), () -> worker.failure().isPresent());
    }

    /** As this JVM, but for what of the memory it may take. */
    private List<String> childJvm() {
        List<String> options = new ArrayList<>(ThisJvm.options());
        options.addAll(engine.childHeap());
        return JavaChild.command(options, functions.directory());
    }

    private static Worker bare(WorkerSettings settings, FunctionRegistry registry) {
        Worker worker = Worker.start(settings, registry, new SimpleMeterRegistry());
        Lifetime.drainOnExit(worker);
        Lifetime.endWithParent();
        return worker;
    }

    private Worker served(WorkerSettings settings, FunctionRegistry registry) throws IOException {
        RoleServer server = RoleServer.start(
                role.http(), role.httpOptions.settings(), List.of(settings, registry), List.of(Worker.class));
        Lifetime.drainOnExit(server);
        Logs.started();
        LOG.atInfo().addKeyValue("http", server.uri()).log("worker serves /health and /prometheus");
        return server.role(Worker.class);
    }
}

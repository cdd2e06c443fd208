package io.fanfold.cli;

import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.local.LocalFleet;
import io.fanfold.cli.local.Parts;
import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.protocol.wire.KafkaSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures what a chunk costs the aggregator, in jobs of different sizes and with different numbers of them at once. */
@Command(
        name = "aggregator",
        mixinStandardHelpOptions = true,
        description = {
            "Measure what a chunk costs an aggregator with a heap of 256 MB, by the size of its job and by how many"
                    + " jobs",
            "grow side by side. Outcomes are written to a real broker without a worker in between; each measurement",
            "writes the same number, whatever jobs they are of. What counts is the median of the rounds' ratios."
        })
final class BenchAggregatorCommand implements Callable<Integer> {
    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = "Rounds (default: 5).")
    private int rounds;

    @Option(
            names = "--chunks",
            paramLabel = "N",
            defaultValue = "100000",
            description = "Chunks of each measurement, and so of the largest job: a multiple of 10,000"
                    + " (default: 100000).")
    private int chunks;

    @Option(
            names = "--chunk-bytes",
            paramLabel = "B",
            defaultValue = "2000",
            description = "Bytes of each outcome (default: 2000).")
    private int chunkBytes;

    @Option(names = "--json", description = "For programs: one JSON object a line.")
    private boolean json;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        require(rounds >= 1, "--rounds is " + rounds + "; it must be at least 1");
        require(
                chunks >= 10_000 && chunks % 10_000 == 0,
                "--chunks is " + chunks
                        + "; it must be a multiple of 10000, for jobs of different sizes to have as many");
        require(chunkBytes >= 8, "--chunk-bytes is " + chunkBytes + "; it must be at least 8, one float64");
        try (Parts parts = new Parts()) {
            Lifetime.closeOnExit(parts);
            WorkDirectory work = parts.opened(new WorkDirectory(Path.of(System.getProperty("java.io.tmpdir"))));
            KafkaSettings kafka = KafkaSettings.at(parts.opened(LocalFleet.broker(work.path(), LocalBroker.freePort()))
                    .bootstrapServers());
            LocalFleet.topics(kafka, 1);
            AggregatorProcess aggregator = parts.opened(AggregatorProcess.start(kafka, work.path()));
            OutcomeLoad load = parts.opened(new OutcomeLoad(kafka, chunkBytes / 8, new SimpleMeterRegistry()));
            print(measured(load, aggregator));
        }
        return 0;
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }

    private ChunkCosts measured(OutcomeLoad load, AggregatorProcess aggregator)
            throws IOException, InterruptedException {
        ChunkCosts costs = new ChunkCosts(chunks);
        for (int round = 0; round <= rounds; round++) {
            System.err.println(round == 0 ? "warming up" : "round " + round + " of " + rounds);
            costs.measure(round, load, aggregator);
        }
        return costs;
    }

    private void print(ChunkCosts costs) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            costs.printJson(out);
        } else {
            costs.printTable(out);
        }
        out.flush();
    }
}

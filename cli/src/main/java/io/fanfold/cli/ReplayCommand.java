package io.fanfold.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.cli.show.TimeLeft;
import io.fanfold.producer.client.Changes;
import io.fanfold.producer.client.Revision;
import io.fanfold.producer.client.Revisions;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Computes the failed chunks of a job again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Compute the failed chunks of a job again (run --keep-going), and make its result whole with them.",
            "The job itself stays as it ended: the whole result is that of its revision, JOB-r2, then JOB-r3. A"
                    + " revision that is running is waited for; one that is whole is not made again."
        },
        footer = {
            "",
            "Examples:",
            "  fanfold replay jFb5xQlDK_FE7gjxn --out y.npy",
            "  fanfold replay jFb5xQlDK_FE7gjxn --function f@2 -p limit=5 --out y.npy",
            "",
            "Exit codes: 0 the result is whole, 1 the work failed, 2 wrong use, 3 chunks failed again."
        })
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "JOB", description = "The job, or any revision of it (see fanfold jobs).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String job;

    @Option(
            names = "--function",
            paramLabel = "NAME[@VERSION]",
            description = "Another function or version (default: the job's own).")
    @Nullable
    String function;

    @Option(
            names = {"-p", "--param"},
            paramLabel = "KEY=VALUE",
            description = "Another value of a parameter; may be repeated (default: the job's own).")
    Map<String, String> parameters = new TreeMap<>();

    @Option(names = "--pool", paramLabel = "POOL", description = "Another pool of workers (default: the job's own).")
    @Nullable
    String pool;

    @Option(names = "--out", paramLabel = "Y.npy", description = "Write the revision's result here.")
    @Nullable
    Path file;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private BrokerOptions broker;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private TokenOptions token;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Verbosity verbosity;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Logs.people(verbosity.verbose);
        KafkaSettings kafka = broker.kafka();
        return OnCluster.run(kafka, () -> replay(kafka));
    }

    private int replay(KafkaSettings kafka) throws IOException, InterruptedException {
        Optional<Output> out = file == null ? Optional.empty() : Optional.of(Output.of(file));
        Changes changes = new Changes(Optional.ofNullable(function), parameters, Optional.ofNullable(pool));
        String client = "fanfold-replay-" + ProcessHandle.current().pid();
        try (Revisions revisions = Revisions.connect(kafka, client, token.token(), new SimpleMeterRegistry())) {
            long begin = System.nanoTime();
            Revision revision = revisions.accept(new JobId(job), changes);
            Submission.Done done = see(revisions, revision);
            if (out.isPresent()) {
                FleetRun.take(revisions.results(), done, out.get());
            }
            print(revision, done, (System.nanoTime() - begin) / 1_000_000);
            return done.failed() == 0 ? 0 : HoleText.EXIT_CODE;
        }
    }

    /** Only a revision of our own is given up with this command. */
    private static Submission.Done see(Revisions revisions, Revision revision)
            throws IOException, InterruptedException {
        boolean ours = revision.standing() == Revision.Standing.NEW;
        Submission submission = new Submission(
                (id, reason) -> {
                    if (ours) {
                        revisions.cancel(id, reason);
                    }
                },
                () -> {});
        return submission.see(
                revision.job(),
                goOn -> revisions.dispatch(revision, goOn),
                revision.job().spec().header().function().name());
    }

    private void print(Revision revision, Submission.Done done, long millis) {
        PrintWriter out = spec.commandLine().getOut();
        JobRecord.Revision made = done.job().spec().revision().orElseThrow();
        out.println(format.json ? LetterText.line(json(revision, made, done)) : text(revision, made, done, millis));
        out.flush();
        HoleText.of(done.failed(), done.chunks(), Optional.of(new JobId(job))).ifPresent(holes -> {
            PrintWriter err = spec.commandLine().getErr();
            err.println("fanfold: " + holes.line(Optional.ofNullable(file).map(Output::of)));
            err.flush();
        });
    }

    private String text(Revision revision, JobRecord.Revision made, Submission.Done done, long millis) {
        String name = "job " + done.job().id();
        String where = file == null
                ? done.result().http().map(at -> "; its result: " + at).orElse("")
                : " -> " + file;
        return switch (revision.standing()) {
            case WHOLE -> name + " is whole already: nothing is computed again" + where;
            case NEW, RUNNING ->
                name + ": " + RunCommand.plural(made.chunks(), "chunk") + " of " + made.of() + " again with "
                        + done.job().spec().header().function() + ", "
                        + (done.failed() == 0 ? "all computed" : done.failed() + " failed") + ", "
                        + TimeLeft.of(millis) + where;
        };
    }

    private ObjectNode json(Revision revision, JobRecord.Revision made, Submission.Done done) {
        ObjectNode o = JobText.object()
                .put("job", done.job().id().value())
                .put("revisionOf", made.of().value())
                .put("revision", made.number())
                .put("standing", revision.standing().name().toLowerCase(java.util.Locale.ROOT))
                .put("function", done.job().spec().header().function().toString())
                .put("chunks", done.chunks())
                .put("replayed", made.chunks())
                .put("failed", done.failed());
        ResultInfo result = done.result();
        result.http().ifPresent(at -> o.put("result", at));
        result.holes().flatMap(ResultInfo.Holes::mask).ifPresent(at -> o.put("mask", at));
        result.holes().flatMap(ResultInfo.Holes::errors).ifPresent(at -> o.put("errors", at));
        if (file != null) {
            o.put("out", file.toString());
        }
        return o;
    }
}

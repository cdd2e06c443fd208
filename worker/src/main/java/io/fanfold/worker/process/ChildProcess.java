package io.fanfold.worker.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operating system's side of a child: the process, its pipes, and how it is brought to an end. Any thread. */
final class ChildProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
    private static final Duration KILLED_WITHIN = Duration.ofSeconds(10);
    /** Of a process that is gone what it said is in the pipe, unless what it has started keeps that open. */
    private static final Duration SAID_WITHIN = Duration.ofSeconds(2);

    private static final String SILENT = "closed its standard output";

    /** There are as many children as cores: what their libraries compute with needs no threads beside. */
    private static final List<String> THREADS =
            List.of("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS");

    private final Process process;
    private final String name;
    private final ChildLog errors;
    private final Thread follower;
    private final Means means;
    private final AtomicReference<@Nullable String> verdict = new AtomicReference<>();
    private volatile boolean ended;

    private ChildProcess(Process process, String name, Supplier<String> chunk, Means means) {
        this.process = process;
        this.name = name;
        this.means = means;
        this.errors = new ChildLog(name, chunk);
        this.follower =
                Thread.ofPlatform().daemon().name(name + "-err").start(() -> errors.follow(process.getErrorStream()));
        means.census().started(this);
        CompletableFuture<Void> _ =
                process.onExit().thenRun(() -> means.census().ended(this));
    }

    /**
     * Starts one.
     *
     * @param what is computed in there, for its name
     * @param chunk which chunk it computes, for the log
     * @throws IOException where the program cannot be started
     */
    static ChildProcess start(List<String> command, String what, Supplier<String> chunk, Means means)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.remove(Described.VARIABLE);
        if (means.settings().processes() > 1) {
            THREADS.forEach(variable -> environment.putIfAbsent(variable, "1"));
        }
        Harness.needed(command);
        Process process = builder.start();
        return new ChildProcess(process, what + "-" + process.pid(), chunk, means);
    }

    /** What it computes and its process id. */
    String name() {
        return name;
    }

    OutputStream input() {
        return process.getOutputStream();
    }

    InputStream output() {
        return process.getInputStream();
    }

    /** From now on it computes something else: what it said before are not its last words on that. */
    void nextChunk() {
        errors.forget();
    }

    boolean alive() {
        return process.isAlive();
    }

    CompletableFuture<Process> exited() {
        return process.onExit();
    }

    /** Waits a little for its end. */
    boolean exitsBy(Duration deadline) {
        try {
            return process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }

    /** Ends its input, so that it ends by itself, and soon ends it by force. Nobody may be writing to it. */
    void retire() {
        ended = true;
        List<ProcessHandle> family = family();
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("child", name).setCause(e).log("the input of a child was closed already");
        }
        means.afterwards(Means.GRACE, () -> family.forEach(ProcessHandle::destroyForcibly), new CompletableFuture<>());
    }

    /** Ends it by force, and what it has started. */
    void kill(String why) {
        if (!verdict.compareAndSet(null, why)) {
            return;
        }
        List<ProcessHandle> family = family();
        if (process.isAlive() && !ended) {
            ended = true;
            means.census().killed();
            LOG.atInfo().addKeyValue("child", name).addKeyValue("reason", why).log("child is killed");
        }
        family.forEach(ProcessHandle::destroyForcibly);
    }

    /** The process first, so that it starts nothing more. */
    private List<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    /**
     * How it ended, for a person, and the last that it said; waits for that, and sees to it. Its output may end some time before this
     * JVM hears of its exit: then the exit tells that it was gone before it was killed.
     */
    String lastWords() {
        if (!exitsBy(Means.GRACE)) {
            kill(SILENT);
            boolean _ = exitsBy(KILLED_WITHIN);
        }
        try {
            boolean _ = follower.join(SAID_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean missed = SILENT.equals(verdict.get()) && !process.isAlive() && !ExitWords.killed(process.exitValue());
        boolean byItself = !ended || missed;
        if (byItself) {
            means.census().crashed();
        }
        String exit = process.isAlive() ? "cannot be killed" : ExitWords.of(process.exitValue());
        String reason = missed ? null : verdict.get();
        String how = reason == null ? exit : byItself ? reason + ", " + exit : reason;
        String last = errors.lastLine();
        return last.isEmpty() ? how : how + ": " + last;
    }
}

package io.fanfold.bench.rig;

import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A {@code fanfold} command as it is shipped, in a process of its own whose memory can be read: with the options of this JVM, which
 * are the launcher's. It ends with this process. One thread asks for its heap, any for the rest.
 */
public final class RoleProcess implements AutoCloseable {
    private static final Path PROCESSES = Path.of("/proc");
    private static final String ANONYMOUS = "RssAnon:";
    private static final long ANSWERS_WITHIN_SECONDS = 20;

    private final Process process;
    private final Path log;
    private final BlockingQueue<OptionalLong> heaps = new LinkedBlockingQueue<>();

    private RoleProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /**
     * Starts one.
     *
     * @param log where its log goes
     * @param arguments of {@code fanfold}
     */
    public static RoleProcess start(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(Child.command(List.of(), Role.class));
        command.addAll(arguments);
        RoleProcess role =
                new RoleProcess(Launch.of(command).redirectError(log.toFile()).start(), log);
        Thread.ofPlatform().name("role-output").daemon().start(role::listen);
        return role;
    }

    private void listen() {
        process.inputReader()
                .lines()
                .filter(line -> line.startsWith(Role.HEAP))
                .forEach(line -> heaps.add(OptionalLong.of(Long.parseLong(line.substring(Role.HEAP.length())))));
        heaps.add(OptionalLong.empty());
    }

    /** Whether this system says how much of a process' memory is anonymous. */
    public static boolean tellsAnonymous() throws IOException {
        return Files.isReadable(PROCESSES.resolve("self/status"))
                && Files.readString(PROCESSES.resolve("self/status")).contains(ANONYMOUS);
    }

    /** Bytes of resident memory that no file has: heap, threads, compiled code, buffers. Empty when it has ended. */
    public OptionalLong anonymous() throws IOException {
        Path status = PROCESSES.resolve(process.pid() + "/status");
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(ANONYMOUS))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (NoSuchFileException e) {
            return OptionalLong.empty();
        }
    }

    /** Collects its heap; bytes that are in use then. Empty when it has ended. */
    public OptionalLong heap() throws InterruptedException {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
        OptionalLong heap = heaps.poll(ANSWERS_WITHIN_SECONDS, TimeUnit.SECONDS);
        if (heap == null) {
            throw new FanfoldException("process " + process.pid() + " has not collected its heap for "
                    + ANSWERS_WITHIN_SECONDS + " s; its log is " + log);
        }
        return heap;
    }

    /**
     * Processor time that it has used so far.
     *
     * @throws FanfoldException if it has ended
     */
    public Duration cpu() {
        if (!process.isAlive()) {
            throw new FanfoldException(
                    "a process of fanfold has ended with exit code " + process.exitValue() + "; its log is " + log);
        }
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new FanfoldException("this system does not tell how long a process has computed"));
    }

    /** Whether it has not ended. */
    public boolean alive() {
        return process.isAlive();
    }

    /**
     * Waits for its end.
     *
     * @throws FanfoldException with the last that it said, if it has failed
     */
    public void await() throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            List<String> said = Files.readAllLines(log);
            throw new FanfoldException("a process of fanfold ended with exit code " + process.exitValue()
                    + (said.isEmpty() ? "" : ": " + said.getLast()));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

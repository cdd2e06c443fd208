package io.fanfold.e2e;

import static org.awaitility.Awaitility.await;

import io.fanfold.aggregator.store.Moments;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.testkit.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An aggregator in a process of its own, with a heap of 256 MB, that can be killed and stopped. It ends with this JVM, however that ends. */
final class AggregatorJvm implements AutoCloseable {
    private final String name;
    private final Process process;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private AggregatorJvm(String name, Process process) {
        this.name = name;
        this.process = process;
        Thread.ofPlatform().daemon().name(name + "-log").start(this::follow);
    }

    /**
     * Where it works.
     *
     * @param checkpointBytes how much a job grows between checkpoints
     */
    record Place(KafkaSettings kafka, String name, Path store, Path spool, long checkpointBytes) {}

    /** When it dies, or stops: at the n-th time of a moment. */
    record At(Moments.Moment moment, int time) {
        @Override
        public String toString() {
            return moment + " " + time;
        }
    }

    /** Starts one that lives until it is killed. */
    static AggregatorJvm start(Place place) {
        return start(place, List.of());
    }

    /** Starts one that dies by itself. */
    static AggregatorJvm dying(Place place, At when) {
        return start(place, List.of("die", when.moment().name(), Integer.toString(when.time())));
    }

    /** Starts one whose thread stops in the middle of its work, until it is told to {@link #goOn}. */
    static AggregatorJvm holding(Place place, At when) {
        return start(place, List.of("hold", when.moment().name(), Integer.toString(when.time())));
    }

    private static AggregatorJvm start(Place place, List<String> plan) {
        List<String> command = TestJvm.command(List.of(), AggregatorMain.class.getName());
        command.addAll(List.of(
                place.kafka().bootstrapServers(),
                place.kafka().topics().prefix(),
                place.name(),
                place.store().toString(),
                place.spool().toString(),
                Long.toString(place.checkpointBytes()),
                place.kafka().overrides().entrySet().stream()
                        .map(Object::toString)
                        .collect(Collectors.joining(","))));
        command.addAll(plan);
        try {
            return new AggregatorJvm(
                    place.name(),
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void follow() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
        } catch (IOException e) {
            said.add("the log broke off: " + e);
        }
    }

    /** All that it has logged. */
    List<String> said() {
        return List.copyOf(said);
    }

    boolean alive() {
        return process.isAlive();
    }

    /** Waits until it has partitions. */
    AggregatorJvm joined() {
        await().atMost(Fleet.LONG).until(() -> !alive() || said.contains(AggregatorMain.JOINED));
        return this;
    }

    /** Waits until it has stopped in the middle of its work. */
    void awaitHolding() {
        await().atMost(Fleet.LONG).until(() -> !alive() || said.contains(AggregatorMain.HOLDING));
    }

    /** Lets it go on from there, as soon as it can hear that. */
    void goOn() {
        tell("go");
    }

    /** How its outcomes were judged until now, by the word of its counter. */
    Map<String, Long> counted() {
        long before = said.stream().filter(AggregatorJvm::counted).count();
        tell("count");
        await().atMost(Fleet.LONG)
                .until(() ->
                        !alive() || said.stream().filter(AggregatorJvm::counted).count() > before);
        String last = said.stream().filter(AggregatorJvm::counted).toList().getLast();
        Map<String, Long> counted = new TreeMap<>();
        for (String one : last.substring(AggregatorMain.COUNTED.length()).split(" ", -1)) {
            if (!one.isEmpty()) {
                counted.put(one.substring(0, one.indexOf('=')), Long.parseLong(one.substring(one.indexOf('=') + 1)));
            }
        }
        return counted;
    }

    private static boolean counted(String line) {
        return line.startsWith(AggregatorMain.COUNTED);
    }

    private void tell(String what) {
        try {
            Writer in = process.outputWriter(StandardCharsets.UTF_8);
            in.write(what + "\n");
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(toString(), e);
        }
    }

    /** Has it close, as it does when it is asked to end; returns when it has. */
    void stop() {
        tell("stop");
        exitCode();
    }

    /** {@code kill -9}. */
    void kill() {
        process.destroyForcibly();
        exitCode();
    }

    /** {@code SIGSTOP}: it does nothing, and does not know. */
    void pause() {
        signal("-STOP");
    }

    /** {@code SIGCONT}. */
    void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(process.pid())).start();
            if (kill.waitFor() != 0) {
                throw new AssertionError("kill " + signal + " did not work: " + this);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Whether it ended within so many milliseconds. */
    boolean endedWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits for its end. */
    int exitCode() {
        return process.onExit()
                .orTimeout(Fleet.LONG.toSeconds(), TimeUnit.SECONDS)
                .join()
                .exitValue();
    }

    @Override
    public void close() {
        if (alive()) {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Its name, and the last that it said. */
    @Override
    public String toString() {
        List<String> all = said();
        return name + " (" + process.pid() + ")"
                + all.stream()
                        .skip(Math.max(0, all.size() - 40))
                        .map(line -> "\n  " + line)
                        .reduce("", String::concat);
    }
}

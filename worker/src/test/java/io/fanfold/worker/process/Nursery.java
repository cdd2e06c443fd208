package io.fanfold.worker.process;

import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** Children of a test, and calls to give to them. */
final class Nursery implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JobId JOB = JobId.generate();

    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final Children children;
    private final Execution execution;
    private final AtomicLong index = new AtomicLong();

    Nursery(int processes, int recycleAfter) {
        this(new ChildSettings(processes, recycleAfter, TestChild.COMMAND, Duration.ofSeconds(30), 1 << 20));
    }

    Nursery(ChildSettings settings) {
        this.children = new Children(settings, meters);
        this.execution = children.execution(100, () -> {});
    }

    /** A call that has been started. */
    record Started(Execution.Running running, CompletableFuture<Ending> ending) {
        Ending end() {
            try {
                return ending.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException | java.util.concurrent.ExecutionException | TimeoutException e) {
                throw new AssertionError(e);
            }
        }
    }

    Call call(FanfoldFunction function, Map<String, Object> parameters, byte[] npy, Duration timeout) {
        return new Call(JOB, index.getAndIncrement(), function, parameters, npy, timeout);
    }

    static Started start(Execution execution, Call call) {
        CompletableFuture<Ending> ending = new CompletableFuture<>();
        Execution.Running running = execution.start(call, how -> {
            if (!ending.complete(how)) {
                ending.obtrudeException(new AssertionError("told a second end: " + how));
            }
        });
        return new Started(running, ending);
    }

    Started start(FanfoldFunction function, Map<String, Object> parameters, double... rows) {
        return start(execution, call(function, parameters, npy(rows), Duration.ZERO));
    }

    /** How a call ends. */
    Ending run(FanfoldFunction function, Map<String, Object> parameters, double... rows) {
        return start(function, parameters, rows).end();
    }

    Ending run(FanfoldFunction function, byte[] npy) {
        return start(execution, call(function, Map.of(), npy, Duration.ZERO)).end();
    }

    Ending runFor(Duration timeout, FanfoldFunction function, Map<String, Object> parameters) {
        return start(execution, call(function, parameters, npy(1), timeout)).end();
    }

    double count(String meter) {
        return meters.get(meter).counter().count();
    }

    static byte[] npy(double... rows) {
        MemorySegment memory = MemorySegment.ofArray(new byte[rows.length * Double.BYTES]);
        MemorySegment.copy(rows, 0, memory, ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, rows.length);
        return Npy.encode(new ArraySlice(DType.parse("<f8"), Shape.of(rows.length), Order.C, memory));
    }

    static ArraySlice array(Ending ending) {
        if (ending instanceof Ending.Answered answered) {
            return Npy.decode(MemorySegment.ofArray(answered.npy()), "answer");
        }
        throw new AssertionError("not answered: " + ending);
    }

    static double[] doubles(Ending ending) {
        return array(ending).data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED);
    }

    static ChildFunction command(String name, String... command) {
        FunctionDescription description = Described.function(new FunctionId(name, "1"), name, List.of());
        return new ChildFunction(description, List.of(command));
    }

    /** A Perl program that says it is ready and goes on with a script, in which {@code frame(json, body)} writes a frame. */
    static ChildFunction perl(String name, String script) {
        String start = "binmode STDIN; binmode STDOUT; $| = 1;"
                + "sub frame { print pack('V', length $_[0]), $_[0], pack('Q<', length $_[1]), $_[1]; }"
                + "sub request { read(STDIN, my $n, 4) or exit; $n = unpack 'V', $n; read STDIN, my $json, $n;"
                + " read STDIN, $n, 8; $n = unpack 'Q<', $n; read STDIN, my $body, $n;"
                + " $json =~ /\"id\":(\\d+)/; return ($1, $body); }"
                + "frame('{\"fanfold\":1,\"ready\":true}', '');";
        return command(name, "perl", "-e", start + script);
    }

    /** A Java function of {@link TestChild}. */
    static FanfoldFunction java(String name) {
        return TestChild.FUNCTIONS.find(new FunctionId(name, "1")).orElseThrow();
    }

    /** The processes that this JVM has started and that live. */
    static List<Long> processes() {
        List<Long> ids = new ArrayList<>();
        ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).forEach(p -> ids.add(p.pid()));
        return ids;
    }

    static Map<String, Object> file(Path file) {
        return Map.of("file", file.toString());
    }

    @Override
    public void close() {
        children.close();
    }
}

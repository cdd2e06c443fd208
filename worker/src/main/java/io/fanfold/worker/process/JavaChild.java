package io.fanfold.worker.process;

import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import io.fanfold.worker.strategy.Computation;
import io.fanfold.worker.strategy.Ending;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The child JVM: computes Java functions for a worker, over the child protocol. Many requests run at once, each on a virtual
 * thread; one whose CPU time is wanted runs on a platform thread, since virtual ones have no such clock. When its standard input
 * ends it ends at once, whatever it computes.
 */
public final class JavaChild {
    private static final String PLUGINS = "--plugins";

    /** Sooner or later each has a thread of the carriers: there is no limit worth to be named. */
    private static final int CONCURRENT = 1_000_000;

    private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

    private final FunctionRegistry functions;
    private final FrameWriter answers;

    private JavaChild(FunctionRegistry functions, FrameWriter answers) {
        this.functions = functions;
        this.answers = answers;
    }

    /**
     * The command line that starts one with the class path of this JVM.
     *
     * @param jvmOptions such as {@code -Xmx256m}; the last that is said of one thing holds
     * @param plugins the directory of functions to load beside the built-in ones
     */
    public static List<String> command(List<String> jvmOptions, Optional<Path> plugins) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-XX:+DisplayVMOutputToStderr"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), JavaChild.class.getName()));
        plugins.ifPresent(directory -> command.addAll(List.of(PLUGINS, directory.toString())));
        return command;
    }

    public static void main(String[] args) throws IOException {
        run(() -> functions(args));
    }

    /** Serves functions until the standard input ends; never returns. */
    static void run(Supplier<FunctionRegistry> functions) throws IOException {
        FrameWriter answers = new FrameWriter(new FileOutputStream(FileDescriptor.out));
        System.setOut(System.err); // what functions print is no answer
        ignoreRequestsToStop();
        try {
            new JavaChild(functions.get(), answers).serve();
        } catch (IOException e) {
            System.err.println("the worker does not speak the child protocol: " + e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            Ending.Raised raised = Computation.raised(e);
            answers.write(new Head.NotReady(raised.error(), raised.message(), raised.trace()), FrameWriter.NO_BODY);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Where functions come from. */
    private static FunctionRegistry functions(String[] args) {
        Optional<Path> plugins =
                args.length == 2 && args[0].equals(PLUGINS) ? Optional.of(Path.of(args[1])) : Optional.empty();
        if (args.length > 0 && plugins.isEmpty()) {
            throw new IllegalArgumentException("arguments are " + String.join(" ", args) + ", not " + PLUGINS + " DIR");
        }
        return plugins.map(FunctionRegistry::load).orElseGet(FunctionRegistry::load);
    }

    /**
     * A terminal sends its interrupt to everybody, a service manager its request to stop: the worker decides what becomes of its
     * children.
     */
    private static void ignoreRequestsToStop() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method handle = signal.getMethod("handle", signal, handler);
            Object ignore = handler.getField("SIG_IGN").get(null);
            for (String name : List.of("INT", "TERM")) {
                handle.invoke(null, signal.getConstructor(String.class).newInstance(name), ignore);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            System.err.println("requests to stop are not ignored: " + e);
        }
    }

    private void serve() throws IOException {
        FrameReader requests = new FrameReader(new FileInputStream(FileDescriptor.in));
        answers.write(new Head.Ready(CONCURRENT), FrameWriter.NO_BODY);
        for (Optional<Head> head = requests.head(); head.isPresent(); head = requests.head()) {
            byte[] npy = requests.body(Math.toIntExact(requests.bodyLength()));
            if (!(head.get() instanceof Head.Request request)) {
                throw new NoFrameException("wrote a frame that is no request");
            }
            Thread.Builder thread = request.measure() ? Thread.ofPlatform().daemon() : Thread.ofVirtual();
            thread.name("chunk-" + request.index()).start(() -> compute(request, npy));
        }
    }

    private void compute(Head.Request request, byte[] npy) {
        try {
            answer(request, npy);
        } catch (IOException e) {
            Runtime.getRuntime().halt(0); // the worker is gone
        } catch (VirtualMachineError e) {
            System.err.println(e);
            Runtime.getRuntime().halt(3);
        }
    }

    private void answer(Head.Request request, byte[] npy) throws IOException {
        byte[] answer;
        OptionalLong cpu;
        try {
            FanfoldFunction function = function(request.function());
            boolean measured = request.measure() && !(function instanceof AsyncFunction);
            long before = measured ? CLOCK.getCurrentThreadCpuTime() : 0;
            String where = "chunk " + request.index() + " of job " + request.job();
            answer = Computation.run(function, request.parameters(), npy, where);
            cpu = measured ? OptionalLong.of(CLOCK.getCurrentThreadCpuTime() - before) : OptionalLong.empty();
        } catch (Throwable e) {
            Ending.Raised r = Computation.raised(e);
            answers.write(
                    new Head.Failed(request.id(), r.error(), r.message(), r.trace(), r.lasting()), FrameWriter.NO_BODY);
            return;
        }
        answers.write(new Head.Done(request.id(), cpu), answer);
    }

    private FanfoldFunction function(FunctionId id) {
        return functions
                .find(id)
                .orElseThrow(() -> new IllegalArgumentException("the child JVM has no function " + id + "; it has "
                        + functions.descriptions().stream()
                                .map(d -> d.id().toString())
                                .toList()));
    }
}

package io.fanfold.worker.process;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Computation;
import io.fanfold.worker.strategy.Ending;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A child process and what it has been asked. One thread of its own reads its answers, another its error output; asking blocks
 * while its pipe is full. Whatever becomes of the process, every turn it was asked ends.
 */
final class Child {
    private static final Logger LOG = LoggerFactory.getLogger(Child.class);

    private static final String HEAP_EXHAUSTED = "OutOfMemoryError: Java heap space";
    private static final String REMEDY = "; give it more memory (--max-child-bytes) or smaller chunks (--chunks)";

    private final List<String> command;
    private final ChildProcess process;
    private final Means means;
    private final FrameReader answers;
    private final FrameWriter requests;
    private final Docket docket;
    private final CompletableFuture<Optional<Ending>> ready = new CompletableFuture<>();
    private final AtomicBoolean burying = new AtomicBoolean();

    private Child(List<String> command, ChildProcess process, Docket docket, Means means) {
        this.command = command;
        this.process = process;
        this.docket = docket;
        this.means = means;
        this.answers = new FrameReader(process.output());
        this.requests = new FrameWriter(process.input());
    }

    /**
     * Starts one; it is not ready yet.
     *
     * @param what is computed in there, for its name
     * @throws IOException where the program cannot be started
     */
    static Child start(List<String> command, String what, Means means) throws IOException {
        Docket docket = new Docket();
        Child child = new Child(command, ChildProcess.start(command, what, docket::where, means), docket, means);
        Thread.ofPlatform().daemon().name(child.process.name() + "-out").start(child::read);
        // whoever inherited the pipe can hold it open after the process is gone: then its end is not seen by reading
        CompletableFuture<Void> _ = child.process.exited().thenRunAsync(child::bury, means.later());
        Duration timeout = means.settings().startTimeout();
        means.afterwards(timeout, () -> child.kill("not ready within " + timeout.toMillis() + " ms"), child.ready);
        return child;
    }

    boolean runs(List<String> other) {
        return command.equals(other);
    }

    /**
     * Asks it to compute, once it is ready; a call that cannot be asked since it never gets ready has ended then.
     *
     * @param measure whether its CPU time is wanted
     * @return false where it has ended, or takes no more, and has not been asked
     */
    boolean ask(Turn turn, boolean measure) {
        Optional<Ending> never = ready.join();
        if (never.isPresent()) {
            turn.end(never.get());
            return true;
        }
        OptionalLong id = docket.enter(turn);
        if (id.isEmpty()) {
            return false;
        }
        process.nextChunk();
        turn.begins(means);
        Call call = turn.call();
        try {
            requests.write(
                    new Head.Request(
                            id.getAsLong(),
                            call.job(),
                            call.index(),
                            call.function().description().id(),
                            call.parameters(),
                            measure),
                    call.npy());
        } catch (IOException e) {
            if (!process.exitsBy(Means.GRACE)) {
                kill("closed its standard input");
            }
        }
        return true;
    }

    private void read() {
        try {
            for (Optional<Head> head = answers.head(); head.isPresent(); head = answers.head()) {
                take(head.get());
            }
        } catch (NoFrameException e) {
            docket.shut();
            boolean _ = process.exitsBy(Means.GRACE); // a JVM says something, then ends
            kill(e.getMessage());
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("child", process.name()).setCause(e).log("the output of a child broke off");
        } catch (RuntimeException e) {
            kill("could not be understood: " + e);
        } catch (Error e) {
            docket.close().forEach(turn -> turn.end(new Ending.Fatal(e)));
            kill("could not be read: " + e);
        }
        bury();
    }

    private void take(Head head) throws IOException {
        switch (head) {
            case Head.Ready hello -> {
                expectNoBody();
                ready.complete(Optional.empty());
            }
            case Head.NotReady no -> {
                expectNoBody();
                ready.complete(Optional.of(Computation.raised(no.error(), no.message(), no.trace(), true)));
                kill("did not get ready");
            }
            case Head.Done done -> answered(done);
            case Head.Failed f -> {
                expectNoBody();
                docket.end(f.id(), _ -> Computation.raised(f.error(), f.message(), f.trace(), f.lasting()));
                endIfUseless();
            }
            case Head.Request request -> throw new NoFrameException("wrote a request, " + request.id());
        }
    }

    private void answered(Head.Done done) throws IOException {
        long length = answers.bodyLength();
        int longest = means.settings().maxValueBytes();
        if (length > longest) {
            docket.shut();
            docket.end(done.id(), _ -> tooLarge(length, longest));
            kill("wrote an answer that is too large");
            throw new IOException("not read: an answer of " + length + " bytes");
        }
        byte[] npy = answers.body((int) length);
        long now = System.nanoTime();
        docket.end(
                done.id(),
                asked -> checked(
                        npy, now - asked.since(), done.cpuNanos(), asked.turn().call()));
        endIfUseless();
    }

    private static Ending checked(byte[] npy, long wallNanos, OptionalLong cpuNanos, Call call) {
        try {
            var _ = Npy.decode(MemorySegment.ofArray(npy), call.where() + ": the answer");
            return new Ending.Answered(npy, wallNanos, cpuNanos);
        } catch (ArrayFormatException e) {
            return Computation.raised("ArrayFormatException", e.getMessage(), "", true);
        }
    }

    private static Ending tooLarge(long length, int longest) {
        return new Ending.Raised(
                "IllegalArgumentException",
                "the outcome has " + length + " bytes, a record holds " + longest
                        + ": make more chunks (--chunks), or raise the limit (--max-message-bytes) of topics and roles",
                "",
                true);
    }

    private void expectNoBody() throws IOException {
        if (answers.bodyLength() != 0) {
            throw new NoFrameException("wrote a body where there is none");
        }
    }

    /** The answer to a turn is wanted no more. It takes no others, and is killed once none is wanted. */
    void giveUp() {
        docket.shut();
        endIfUseless();
    }

    private void endIfUseless() {
        if (docket.useless()) {
            kill("computes what nobody waits for");
        }
    }

    /** Whether it can be asked again. */
    boolean fit() {
        return process.alive() && docket.open();
    }

    int served() {
        return docket.entered();
    }

    /** Whether it has computed nothing for so long. */
    boolean idleFor(long nanos) {
        return docket.idleFor(nanos);
    }

    /** Lets it end by itself: its input ends, and a little later so does it. It takes no more. */
    void retire() {
        docket.shut();
        process.retire();
    }

    /** Ends it and what it has started. */
    void kill(String why) {
        docket.shut();
        process.kill(why);
    }

    /** Once nothing can come any more: what was asked has crashed. */
    private void bury() {
        if (!burying.compareAndSet(false, true)) {
            return;
        }
        String how = withRemedy(process.lastWords());
        List<Turn> lost = docket.close();
        ready.complete(Optional.of(new Ending.Crashed(how, true)));
        lost.forEach(turn -> turn.end(new Ending.Crashed(how, lost.size() == 1)));
    }

    private String withRemedy(String how) {
        return means.settings().java(command) && how.contains(HEAP_EXHAUSTED) ? how + REMEDY : how;
    }
}

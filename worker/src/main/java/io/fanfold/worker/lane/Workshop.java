package io.fanfold.worker.lane;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.Outcome;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.emit.Emitter;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.FanfoldFunction;
import io.fanfold.worker.function.FunctionRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes an outcome of a chunk: understands the record, runs the function, emits. What all lanes of a worker share. Any thread.
 *
 * <p>Every record that is taken in ends here as exactly one of: an outcome computed, an outcome failed (with a dead letter), a
 * dead letter alone (no chunk), or nothing at all where the work was interrupted and a successor will redo it.
 */
public final class Workshop {
    private static final Logger LOG = LoggerFactory.getLogger(Workshop.class);

    private static final int LONGEST_MESSAGE = 1000;

    private final String worker;
    private final FunctionRegistry functions;
    private final Emitter emitter;
    private final Duration unknownFunctionGrace;
    private final int maxValueBytes;
    private final Semaphore slots;
    private volatile int outcomePartitions;
    private final Map<FunctionId, Long> graceEnds = new ConcurrentHashMap<>();
    private final JobHeaders headers = new JobHeaders();
    private final MeterRegistry meters;
    private final Counter poison;

    /**
     * @param unknownFunctionGrace how long a lane waits before it fails a chunk whose function this worker does not have
     * @param maxValueBytes the largest outcome that can be sent
     * @param threads how many chunks may be computed at once, over all lanes
     */
    public Workshop(
            String worker,
            FunctionRegistry functions,
            Emitter emitter,
            Duration unknownFunctionGrace,
            int maxValueBytes,
            int threads,
            MeterRegistry meters) {
        this.worker = worker;
        this.functions = functions;
        this.emitter = emitter;
        this.unknownFunctionGrace = unknownFunctionGrace;
        this.maxValueBytes = maxValueBytes;
        this.slots = new Semaphore(threads);
        this.meters = meters;
        this.poison = meters.counter("fanfold.chunks.poison");
    }

    /**
     * Works one record to its end. {@code acked} runs when its outcome is safe; never, if the work is interrupted.
     *
     * @param closing whether the lane interrupts its threads; an interrupt that is not the lane's is the function's own failure
     */
    void work(ConsumerRecord<byte[], byte[]> record, BooleanSupplier closing, Runnable acked) {
        Chunk chunk;
        try {
            chunk = understood(record);
        } catch (WireException e) {
            poison.increment();
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("record is not a chunk: set aside as a dead letter");
            emitter.deadLetter(record, oneLine(e.getMessage()), acked);
            return;
        } catch (KafkaException e) {
            if (!closing.getAsBoolean()) {
                emitter.fatal(e); // the outcomes topic cannot be asked about: nothing could be sent
            }
            return;
        }
        try {
            emitter.computed(chunk.job(), compute(chunk), acked);
        } catch (VirtualMachineError e) {
            if (e instanceof StackOverflowError) {
                fail(chunk, e, acked);
            } else {
                // this JVM is not to be trusted any more: the worker ends, a successor redoes the chunk
                emitter.fatal(e);
            }
        } catch (Throwable e) {
            boolean interrupted = Thread.interrupted() || e instanceof InterruptedException;
            if (interrupted && closing.getAsBoolean()) {
                Thread.currentThread().interrupt(); // we did that: it is not failure, in whatever it is wrapped
            } else {
                fail(chunk, e, acked);
            }
        }
    }

    /** The record as a chunk whose outcome can be sent where its job wants it. */
    private Chunk understood(ConsumerRecord<byte[], byte[]> record) {
        Chunk chunk = headers.chunk(record);
        int wanted = chunk.job().outcomesPartition();
        if (wanted >= outcomePartitions && wanted >= (outcomePartitions = emitter.outcomePartitions())) {
            throw new WireException("outcomesPartition is " + wanted + " and the outcomes topic has "
                    + outcomePartitions + " partitions: submit the job again");
        }
        return chunk;
    }

    /** How many outcomes are sent and not yet acknowledged. */
    public long sending() {
        return emitter.sending();
    }

    /** The lanes share the machine: however many they are, so many chunks as the worker has threads are computed at once. */
    private Outcome.Computed compute(Chunk chunk) throws Exception {
        ChunkFunction function = function(chunk);
        slots.acquire();
        try {
            return compute(function, chunk);
        } finally {
            slots.release();
        }
    }

    private Outcome.Computed compute(ChunkFunction function, Chunk chunk) throws Exception {
        ArraySlice rows = Npy.decode(MemorySegment.ofArray(chunk.npy()), chunk.where());
        Timer.Sample sample = Timer.start(meters);
        ArraySlice answer = function.apply(rows, chunk.job().parameters());
        sample.stop(
                meters.timer("fanfold.chunk", "function", chunk.job().function().toString(), "result", "computed"));
        byte[] npy = Npy.encode(answer);
        if (npy.length > maxValueBytes) {
            throw new IllegalArgumentException(
                    "the outcome has " + npy.length + " bytes, a record holds " + maxValueBytes
                            + ": make more chunks (--chunks), or raise the limit (--max-message-bytes) of topics and"
                            + " roles");
        }
        return new Outcome.Computed(chunk.job().job(), chunk.header().index(), 1, ByteBuffer.wrap(npy));
    }

    /** The chunk's function; waits for as long as the grace lasts if this worker does not have it. */
    private ChunkFunction function(Chunk chunk) throws InterruptedException {
        Optional<FanfoldFunction> known = functions.find(chunk.job().function());
        if (known.isPresent()) {
            return switch (known.get()) {
                case ChunkFunction function -> function;
                case AsyncFunction f ->
                    throw new IllegalArgumentException(f.description().id() + " does not run here");
                case ChildFunction f ->
                    throw new IllegalArgumentException(f.description().id() + " does not run here");
            };
        }
        LOG.atWarn()
                .addKeyValue("function", chunk.job().function())
                .addKeyValue("graceSeconds", unknownFunctionGrace.toSeconds())
                .log("this worker does not have the function: waiting for one that has to take the lane over");
        meters.counter("fanfold.chunks.unknown.function").increment();
        Thread.sleep(Duration.ofNanos(Math.max(0, graceEnd(chunk.job().function()) - System.nanoTime())));
        throw new IllegalArgumentException(
                "no worker has " + chunk.job().function() + "; fanfold functions lists what there is");
    }

    /**
     * When the grace of a function that is not here is over, in {@link System#nanoTime}. The chunks that wait for it wait together: a
     * job of a thousand holds its lanes for one grace, not for a thousand.
     */
    private long graceEnd(FunctionId function) {
        long now = System.nanoTime();
        long grace = unknownFunctionGrace.toNanos();
        return graceEnds.compute(function, (_, end) -> end == null || now - end > grace ? now + grace : end);
    }

    private void fail(Chunk chunk, Throwable e, Runnable acked) {
        boolean own = e instanceof ArrayFormatException
                || e instanceof WireException
                || e instanceof IllegalArgumentException;
        LOG.atWarn()
                .setCause(own ? null : e)
                .addKeyValue("job", chunk.job().job())
                .addKeyValue("chunk", chunk.header().index())
                .addKeyValue("error", e.toString())
                .log("chunk failed");
        boolean known = functions.find(chunk.job().function()).isPresent();
        String function = known ? chunk.job().function().toString() : "unknown";
        meters.counter("fanfold.chunks.failed", "function", function).increment();
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        Outcome.Failed failed = new Outcome.Failed(
                chunk.job().job(),
                chunk.header().index(),
                1,
                chunk.failure(e.getClass().getName(), oneLine(message), worker));
        emitter.failed(chunk.job(), failed, chunk.record(), acked);
    }

    /** An error travels as one line that always fits beside its record. */
    private static String oneLine(String message) {
        String line = message.lines().findFirst().orElse("");
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE - 3) + "...";
    }
}

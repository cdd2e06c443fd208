package io.fanfold.worker.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.WireException;
import io.fanfold.worker.function.AsyncFunction;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.function.ChunkFunction;
import io.fanfold.worker.function.NonRetriableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One chunk computed in this JVM. */
final class ComputationTest {
    private static final FunctionDescription F =
            new FunctionDescription(new FunctionId("f", "1"), "about", "same", Map.of("any", "same"), List.of());
    private static final byte[] CHUNK = Npy.encode(
            new ArraySlice(DType.parse("|u1"), Shape.of(3), Order.C, MemorySegment.ofArray(new byte[] {1, 2, 3})));

    private interface Body {
        ArraySlice apply(ArraySlice chunk) throws Exception;
    }

    private static ChunkFunction blocking(Body body) {
        return new ChunkFunction() {
            @Override
            public FunctionDescription description() {
                return F;
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) throws Exception {
                return body.apply(chunk);
            }
        };
    }

    private static AsyncFunction async(CompletionStage<ArraySlice> answer) {
        return new AsyncFunction() {
            @Override
            public FunctionDescription description() {
                return F;
            }

            @Override
            public CompletionStage<ArraySlice> apply(ArraySlice chunk, Map<String, Object> parameters) {
                return answer;
            }
        };
    }

    private static ArraySlice decoded() {
        return Npy.decode(MemorySegment.ofArray(CHUNK), "chunk");
    }

    @Test
    void aFunctionThatAnswersAtOnceOrLaterAnswersWithBytes() throws Exception {
        assertThat(Computation.run(blocking(chunk -> chunk), Map.of(), CHUNK, "chunk"))
                .isEqualTo(CHUNK);
        assertThat(Computation.run(
                        async(CompletableFuture.supplyAsync(ComputationTest::decoded)), Map.of(), CHUNK, "c"))
                .isEqualTo(CHUNK);
    }

    @Test
    void anErrorComesWithoutTheWrappersOfAStage() {
        IOException lost = new IOException("lost");
        Stream.of(
                        CompletableFuture.<ArraySlice>failedFuture(lost),
                        CompletableFuture.<ArraySlice>failedFuture(new CompletionException(lost)),
                        CompletableFuture.<ArraySlice>failedFuture(lost).thenApply(x -> x))
                .forEach(stage -> assertThatThrownBy(() -> Computation.run(async(stage), Map.of(), CHUNK, "c"))
                        .isSameAs(lost));
        StackOverflowError deep = new StackOverflowError();
        assertThatThrownBy(() -> Computation.run(async(CompletableFuture.failedFuture(deep)), Map.of(), CHUNK, "c"))
                .isSameAs(deep);
    }

    @Test
    void interruptingCancelsAnAnswerThatIsStillToCome() throws Exception {
        CompletableFuture<ArraySlice> never = new CompletableFuture<>();
        AtomicReference<Exception> thrown = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                byte[] _ = Computation.run(async(never), Map.of(), CHUNK, "c");
            } catch (Exception e) {
                thrown.set(e);
            }
        });

        await().until(() -> thread.getState() == Thread.State.WAITING);
        thread.interrupt();
        thread.join();

        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        assertThat(never).isCancelled();
    }

    @Test
    void whatIsNoArrayIsAnError() {
        assertThatExceptionOfType(ArrayFormatException.class)
                .isThrownBy(
                        () -> Computation.run(blocking(chunk -> chunk), Map.of(), new byte[] {1}, "chunk 7 of job j"))
                .withMessageStartingWith("chunk 7 of job j: ");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Computation.run(blocking(_ -> null), Map.of(), CHUNK, "c"))
                .withMessage("f@1 answered null, not an array");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Computation.run(new ChildFunction(F, List.of("f")), Map.of(), CHUNK, "c"))
                .withMessageStartingWith("f@1 runs in processes");
    }

    static Stream<Throwable> lasting() {
        return Stream.of(
                new IllegalArgumentException("x"),
                new NumberFormatException("x"),
                new ArrayFormatException("x"),
                new WireException("x"),
                new UnsupportedOperationException("x"),
                new ClassCastException("x"),
                new NonRetriableException("x"));
    }

    static Stream<Throwable> passing() {
        return Stream.of(
                new IOException("x"),
                new UncheckedIOException("x", new IOException()),
                new TimeoutException("x"),
                new IllegalStateException("x"),
                new NullPointerException("x"),
                new ArithmeticException("x"),
                new AssertionError("x"),
                new NoClassDefFoundError("x"));
    }

    @ParameterizedTest
    @MethodSource("lasting")
    void whatWouldFailTheSameWayAgainLasts(Throwable e) {
        assertThat(Computation.raised(e))
                .extracting(Ending.Raised::error, Ending.Raised::message, Ending.Raised::lasting)
                .containsExactly(e.getClass().getName(), "x", true);
    }

    @ParameterizedTest
    @MethodSource("passing")
    void everythingElseIsWorthAnotherAttempt(Throwable e) {
        assertThat(Computation.raised(e).lasting()).isFalse();
    }

    @Test
    void aMessageIsOneLineAndNothingIsLong() {
        Ending.Raised raised =
                Computation.raised(new IllegalStateException("one\n  two\r\n\u0007" + "x".repeat(100_000)));

        assertThat(raised.message())
                .startsWith("one two \uFFFDxxx")
                .hasSize(1000)
                .endsWith("...");
        assertThat(raised.trace().length()).isLessThanOrEqualTo(8000);
        assertThat(Computation.raised(new IllegalStateException()).message()).isEmpty();
    }

    @Test
    void anErrorOfTheJvmIsNoneOfTheFunctions() {
        OutOfMemoryError error = new OutOfMemoryError("heap");

        assertThatThrownBy(() -> Computation.raised(error)).isSameAs(error);
        assertThat(Computation.raised(new StackOverflowError()).error()).isEqualTo("java.lang.StackOverflowError");
    }
}

package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.io.TempDir;

/** Random arrays of every kind go through a running fleet and come back whole. */
final class IdentityIT {
    private static final long SEED = 20260102;
    private static final int CASES = 240;

    @TempDir
    private static Path directory;

    private static final Map<BrokerKind, List<Case>> DONE = new EnumMap<>(BrokerKind.class);

    /** An array that was sent, and where it and its result are. */
    private record Case(String what, Path sent, Path result) {}

    @OnEveryBroker
    void everyArrayComesBackByteForByte(BrokerKind kind) throws Exception {
        for (Case one : cases(kind)) {
            assertThat(Files.mismatch(one.sent(), one.result()))
                    .as("seed %d: first byte that differs, %s", SEED, one.what())
                    .isEqualTo(-1);
        }
    }

    @OnEveryBroker
    void numPyCallsEveryArrayEqual(BrokerKind kind) throws Exception {
        NumPy numPy = NumPy.here();

        numPy.assertEqual(cases(kind).stream()
                .map(one -> new NumPy.Pair(one.sent(), one.result()))
                .toList());
    }

    private static synchronized List<Case> cases(BrokerKind kind) throws Exception {
        List<Case> done = DONE.get(kind);
        if (done == null) {
            done = run(kind);
            DONE.put(kind, done);
        }
        return done;
    }

    private static List<Case> run(BrokerKind kind) throws Exception {
        RandomArrays random = new RandomArrays(SEED);
        Path here = Files.createDirectory(directory.resolve(kind.name()));
        List<Future<Case>> running = new ArrayList<>();
        try (Fleet fleet = Fleet.whole(kind);
                ExecutorService submitters = Executors.newFixedThreadPool(8)) {
            FunctionDescription identity = fleet.function("identity");
            for (int i = 0; i < CASES; i++) {
                ArraySlice array = array(random, i);
                int axis = random.below(array.shape().rank());
                int chunks = 1 + random.below((int) array.shape().dim(axis) + 3);
                Path file = here.resolve(i + ".npy");
                running.add(submitters.submit(() -> run(fleet, identity, array, axis, chunks, file)));
            }
            List<Case> cases = new ArrayList<>();
            for (Future<Case> one : running) {
                cases.add(one.get());
            }
            return cases;
        }
    }

    /** First each dtype once, in both orders in turn; then whatever comes. */
    private static ArraySlice array(RandomArrays random, int i) {
        List<DType> dtypes = RandomArrays.dtypes();
        if (i >= dtypes.size()) {
            return random.any();
        }
        Shape shape = Shape.of(2 + random.below(9), 1 + random.below(5));
        return random.of(dtypes.get(i), shape, i % 2 == 0 ? Order.C : Order.FORTRAN);
    }

    private static Case run(
            Fleet fleet, FunctionDescription identity, ArraySlice array, int axis, int chunks, Path file)
            throws IOException {
        Files.write(file, Npy.encode(array));
        JobHandle job = fleet.submit(identity, Map.of(), array, axis, new ChunkSize.Count(chunks));
        Path result = Files.copy(Fleet.result(job), file.resolveSibling("result-" + file.getFileName()));
        return new Case(array + " along axis " + axis + " in " + chunks + " chunks", file, result);
    }
}

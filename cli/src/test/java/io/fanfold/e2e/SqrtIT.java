package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.NumPy;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** The square root through the fleet and by NumPy are the same bits: subnormals, negatives, infinities and NaN too. */
final class SqrtIT {
    private static final long SEED = 20260103;

    @TempDir
    private Path directory;

    @OnEveryBroker
    void theSquareRootIsNumPysToTheBit(BrokerKind kind) throws Exception {
        NumPy numPy = NumPy.here();
        RandomArrays random = new RandomArrays(SEED);
        try (Fleet fleet = Fleet.whole(kind)) {
            Map<String, JobHandle> jobs = new LinkedHashMap<>();
            for (String dtype : new String[] {"<f4", ">f4", "<f8", ">f8"}) {
                for (Order order : Order.values()) {
                    ArraySlice array = random.of(DType.parse(dtype), Shape.of(300, 41), order);
                    String name = dtype.substring(1) + (dtype.startsWith(">") ? "-big-" : "-little-") + order + ".npy";
                    Files.write(directory.resolve(name), Npy.encode(array));
                    jobs.put(name, fleet.submit(fleet.function("sqrt"), Map.of(), array, 0, new ChunkSize.Count(7)));
                }
            }
            for (var job : jobs.entrySet()) {
                Files.copy(Fleet.result(job.getValue()), directory.resolve("sqrt-" + job.getKey()));
            }
        }

        assertThat(numPy.run("""
            import glob, os, sys
            import numpy as np
            os.chdir(sys.argv[1])
            np.seterr(all="ignore")
            names = [n for n in sorted(os.listdir()) if not n.startswith("sqrt-")]
            for name in names:
                expected, actual = np.sqrt(np.load(name)), np.load("sqrt-" + name)
                if (actual.dtype, actual.shape) != (expected.dtype, expected.shape):
                    print(name, actual.dtype, actual.shape, "expected", expected.dtype, expected.shape)
                elif actual.tobytes() != expected.tobytes():
                    a, e = (x.view(f"u{x.itemsize}").ravel() for x in map(np.ascontiguousarray, (actual, expected)))
                    at = np.flatnonzero(a != e)[0]
                    print(name, "element", at, hex(a[at]), "expected", hex(e[at]), len(np.flatnonzero(a != e)))
            print(len(names), "compared")
            """, directory.toString())).as("seed " + SEED).isEqualTo("8 compared\n");
    }
}

package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.assemble.ResultLayout;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.AxisLayout;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results in a directory, whole from the moment their name is there. */
final class DirectoryStoreTest {
    private static final JobId JOB = new JobId("-job_1");

    @TempDir
    private Path directory;

    private DirectoryStore store;

    @BeforeEach
    void open() {
        store = new DirectoryStore(directory, "a-1", Optional.of("http://h:1"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static ResultLayout bytes(Order order, int axis, List<Long> lengths, long... dims) {
        DType dtype = DType.parse("|u1");
        Shape shape = Shape.of(dims);
        return new ResultLayout(new NpyHeader(dtype, shape, order), AxisLayout.of(dtype, shape, order, axis), lengths);
    }

    private static ByteBuffer data(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    private static byte[] npy(ResultLayout layout, int... values) {
        byte[] header = layout.header().encode();
        return ByteBuffer.allocate(header.length + values.length)
                .put(header)
                .put(data(values))
                .array();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(file ->
                            Files.isRegularFile(file) && !file.toString().endsWith(".lock"))
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void chunksOfTheSlowestAxisBecomeTheResultInWhateverOrderTheyCome() throws IOException {
        ResultLayout layout = bytes(Order.C, 0, List.of(2L, 1L), 3, 2);
        Spool spool = store.open(JOB, layout);
        spool.write(4, data(5, 6));
        spool.write(0, data(1, 2, 3, 4));

        store.publish(JOB, spool, layout);

        assertThat(Files.readAllBytes(store.result(JOB))).isEqualTo(npy(layout, 1, 2, 3, 4, 5, 6));
    }

    @Test
    void chunksOfAnInnerAxisAreStitched() throws IOException {
        ResultLayout layout = bytes(Order.C, 1, List.of(2L, 1L, 0L), 2, 3);
        Spool spool = store.open(JOB, layout);
        spool.write(4, data(3, 6));
        spool.write(0, data(1, 2, 4, 5));

        store.publish(JOB, spool, layout);

        assertThat(Files.readAllBytes(store.result(JOB))).isEqualTo(npy(layout, 1, 2, 3, 4, 5, 6));
    }

    @Test
    void aStitchedResultWithoutElementsIsAHeader() throws IOException {
        ResultLayout layout = bytes(Order.C, 1, List.of(0L, 0L), 2, 0);
        Spool spool = store.open(JOB, layout);

        store.publish(JOB, spool, layout);

        assertThat(Files.readAllBytes(store.result(JOB))).isEqualTo(npy(layout));
    }

    @Test
    void theFinalNameIsNotThereBeforeTheResultIsWhole() throws IOException {
        ResultLayout layout = bytes(Order.C, 0, List.of(2L, 1L), 3, 1);
        Spool spool = store.open(JOB, layout);
        spool.write(0, data(1, 2));

        assertThat(store.result(JOB)).doesNotExist();
        assertThat(files()).allMatch(name -> name.startsWith("spool/"));

        spool.write(2, data(3));
        store.publish(JOB, spool, layout);
        assertThat(files()).containsExactly("-job_1.npy");
    }

    @Test
    void nothingIsLeftInTheSpoolOfAStitchedResult() throws IOException {
        ResultLayout layout = bytes(Order.FORTRAN, 0, List.of(1L, 1L), 2, 2);
        Spool spool = store.open(JOB, layout);
        spool.write(0, data(1, 3, 2, 4));

        store.publish(JOB, spool, layout);

        assertThat(files()).containsExactly("-job_1.npy");
    }

    @Test
    void aResultSaysWhatItIsAndWhere() throws IOException {
        ResultLayout layout = bytes(Order.C, 0, List.of(3L), 3);
        Spool spool = store.open(JOB, layout);
        spool.write(0, data(1, 2, 3));

        ResultInfo info = store.publish(JOB, spool, layout);

        byte[] whole = npy(layout, 1, 2, 3);
        CRC32C crc = new CRC32C();
        crc.update(whole);
        assertThat(info)
                .isEqualTo(new ResultInfo(
                        "|u1",
                        "(3,)",
                        whole.length,
                        HexFormat.of().toHexDigits((int) crc.getValue()),
                        store.result(JOB).toUri().toString(),
                        Optional.of("http://h:1/v1/jobs/-job_1/result"),
                        Optional.of(ByteBuffer.wrap(whole))));
    }

    @Test
    void onlyASmallResultRidesInItsState() throws IOException {
        int most = ResultInfo.INLINE_BYTES - 128;
        assertThat(published(most).inline()).isPresent();
        assertThat(published(most + 1).inline()).isEmpty();
    }

    private ResultInfo published(int bytes) throws IOException {
        ResultLayout layout = bytes(Order.C, 0, List.of((long) bytes), bytes);
        Spool spool = store.open(JOB, layout);
        spool.write(0, ByteBuffer.allocate(bytes));
        return store.publish(JOB, spool, layout);
    }

    @Test
    void publishingAgainReplacesTheResultByTheSame() throws IOException {
        published(10);
        ResultInfo again = published(10);

        assertThat(Files.size(store.result(JOB))).isEqualTo(again.bytes());
        assertThat(files()).containsExactly("-job_1.npy");
    }

    @Test
    void aDiscardedSpoolLeavesNothing() throws IOException {
        Spool spool = store.open(JOB, bytes(Order.C, 0, List.of(3L), 3));
        spool.discard();

        assertThat(files()).isEmpty();
    }

    @Test
    void whatACrashLeftIsRemovedByTheSameOwnerAndNoOther() throws IOException {
        ResultLayout layout = bytes(Order.C, 0, List.of(3L), 3);
        store.open(JOB, layout).close();
        store.close();
        crash("a-2", layout);
        crash("a-11", layout);

        store = new DirectoryStore(directory, "a-1", Optional.empty());

        assertThat(files()).containsExactly("spool/-job_1.a-11.part", "spool/-job_1.a-2.part");
    }

    @Test
    void anOwnersNameThatIsNoFileNameIsMadeOne() throws IOException {
        ResultLayout layout = bytes(Order.C, 0, List.of(3L), 3);
        crash("../[*] ü/x", layout);
        assertThat(files()).hasSize(1).allMatch(name -> name.startsWith("spool/-job_1."));

        try (DirectoryStore again = new DirectoryStore(directory, "../[*] ü/x", Optional.empty())) {
            assertThat(again.result(JOB)).doesNotExist();
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void twoAggregatorsOfOneNameDoNotShareAStore() {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> new DirectoryStore(directory, "a-1", Optional.empty()))
                .withMessageContainingAll("a-1", directory.toString(), "--name");
    }

    /** An owner that leaves its spool behind. */
    private void crash(String owner, ResultLayout layout) throws IOException {
        try (DirectoryStore other = new DirectoryStore(directory, owner, Optional.empty())) {
            other.open(JOB, layout).close();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefusedWithTheRemedy() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> new DirectoryStore(file, "a-1", Optional.empty()))
                .withMessageContainingAll(file.toString(), "--store");
    }
}

package io.fanfold.producer.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.producer.source.Incoming;
import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreamSplitTest {
    private static final DType INT16 = DType.parse("<i2");

    private static ArraySlice array(long... dims) {
        Shape shape = Shape.of(dims);
        byte[] data = new byte[(int) (shape.size() * 2)];
        new Random(7).nextBytes(data);
        return new ArraySlice(INT16, shape, Order.C, MemorySegment.ofArray(data));
    }

    /** The bytes of an array, or fewer or more, as a stream. */
    private static Rows rows(ArraySlice array, boolean endless, int moreBytes) {
        byte[] data = java.util.Arrays.copyOf(
                array.data().toArray(ValueLayout.JAVA_BYTE), (int) array.data().byteSize() + moreBytes);
        return new Rows() {
            private int at;

            @Override
            public NpyHeader header() {
                Shape shape = endless ? array.shape().with(0, 0) : array.shape();
                return new NpyHeader(array.dtype(), shape, array.order());
            }

            @Override
            public boolean endless() {
                return endless;
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                int bytes = Math.min(length, data.length - at);
                System.arraycopy(data, at, into, offset, bytes);
                at += bytes;
                return bytes;
            }
        };
    }

    private static List<Pieces.Piece> all(Pieces pieces) throws IOException {
        List<Pieces.Piece> all = new ArrayList<>();
        for (Optional<Pieces.Piece> p = pieces.next(0); p.isPresent(); p = pieces.next(0)) {
            all.add(p.get());
        }
        return all;
    }

    @Test
    void whatComesInIsCutAsTheWholeArrayWouldBe() throws IOException {
        for (long[] dims : new long[][] {{10}, {10, 3}, {3, 2, 2}, {0}, {0, 4}, {5, 0}, {1}}) {
            for (Plan plan : List.of(new Plan.Chunks(0, 4), new Plan.Chunks(0, 1), new Plan.Rows(0, 3))) {
                ArraySlice array = array(dims);
                Pieces whole = new Split(array, plan).pieces();
                Pieces stream = new StreamSplit(Rows.ahead(rows(array, false, 0)), plan);

                assertThat(stream.count()).isEqualTo(whole.count());
                same(all(stream), all(whole));
                assertThat(stream.total()).isEqualTo(whole.total());
                assertThat(stream.rows()).isEqualTo(dims[0]);
                assertThat(stream.crc32c()).isEqualTo(whole.crc32c()).isEqualTo(Incoming.crc32c(array.data()));
            }
        }
    }

    private static void same(List<Pieces.Piece> some, List<Pieces.Piece> others) {
        assertThat(some).hasSameSizeAs(others);
        for (int i = 0; i < some.size(); i++) {
            assertThat(some.get(i).index()).isEqualTo(i);
            assertThat(some.get(i).start()).isEqualTo(others.get(i).start());
            assertThat(some.get(i).npy()).isEqualTo(others.get(i).npy());
        }
    }

    @Test
    void anEndlessArrayIsCutByRowsAndItsLastChunkIsShorter() throws IOException {
        for (int length : new int[] {0, 1, 3, 4, 6, 7}) {
            ArraySlice array = array(length, 2);
            Plan plan = new Plan.Rows(0, 3);
            Pieces stream = new StreamSplit(Rows.ahead(rows(array, true, 0)), plan);

            assertThat(stream.count()).isEmpty();
            same(all(stream), all(new Split(array, plan).pieces()));
            assertThat(stream.total()).isEqualTo(plan.count(length));
            assertThat(stream.rows()).isEqualTo(length);
            assertThat(stream.crc32c()).isEqualTo(Incoming.crc32c(array.data()));
        }
    }

    @Test
    void whoGoesOnSkipsWhatIsDoneAndStillSeesAllOfTheArray() throws IOException {
        ArraySlice array = array(10, 3);
        Plan plan = new Plan.Chunks(0, 5);
        for (Pieces pieces :
                List.of(new Split(array, plan).pieces(), new StreamSplit(Rows.ahead(rows(array, false, 0)), plan))) {
            assertThat(pieces.next(3).orElseThrow().index()).isEqualTo(3);
            assertThat(pieces.next(0).orElseThrow().index()).isEqualTo(4);
            assertThat(pieces.next(0)).isEmpty();
            assertThat(pieces.crc32c()).isEqualTo(Incoming.crc32c(array.data()));
        }
    }

    @Test
    void anArrayThatIsShorterOrLongerThanItsHeaderSaysIsRefused() throws IOException {
        ArraySlice array = array(10, 3);
        for (int more : new int[] {-1, -60, 1, 70_000}) {
            Pieces stream = new StreamSplit(Rows.ahead(rows(array, false, more)), new Plan.Chunks(0, 5));

            assertThatThrownBy(() -> all(stream))
                    .isInstanceOf(ArrayFormatException.class)
                    .hasMessageContaining(more < 0 ? "truncated" : "more behind the array");
        }
    }

    @Test
    void theLastChunkOfWhatIsLongerThanItsHeaderSaysIsNeverThere() throws IOException {
        for (Plan plan : List.of(new Plan.Chunks(0, 5), new Plan.Rows(0, 4), new Plan.Chunks(0, 1))) {
            Pieces stream = new StreamSplit(rows(array(10, 3), false, 1), plan);
            for (long i = 1; i < plan.count(10); i++) {
                assertThat(stream.next(0)).isPresent();
            }

            assertThatThrownBy(() -> stream.next(0)).isInstanceOf(ArrayFormatException.class);
        }
        Pieces empty = new StreamSplit(rows(array(0, 3), false, 1), new Plan.Rows(0, 4));
        assertThatThrownBy(() -> empty.next(0)).isInstanceOf(ArrayFormatException.class);
    }

    @Test
    void whatIsReadAheadTellsTheArrayAsItsBeginningDoes() throws IOException {
        for (int rows : new int[] {0, 3, 40_000}) {
            ArraySlice array = array(rows);

            assertThat(Rows.ahead(rows(array, false, 0)).incoming()).isEqualTo(Incoming.of(array));
        }
    }

    @Test
    void chunksAreWholeArraysOfTheirOwn() throws IOException {
        ArraySlice array = array(4, 2);
        Pieces stream = new StreamSplit(rows(array, false, 0), new Plan.Chunks(0, 2));

        ArraySlice first =
                Npy.decode(MemorySegment.ofArray(stream.next(0).orElseThrow().npy()), "chunk");

        assertThat(first.shape()).isEqualTo(Shape.of(2, 2));
        assertThat(first.data().mismatch(array.data().asSlice(0, 8))).isEqualTo(-1);
    }
}

package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.aggregator.assemble.Places;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A growing job's files. */
final class SpoolTest {
    @TempDir
    private Path directory;

    private Path stem() {
        return directory.resolve("job.me");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static Places.Place place(Random random) {
        return new Places.Place(random.nextLong(), random.nextLong(), random.nextLong());
    }

    @Test
    void whatAnArrayWillBeStandsInFrontOfItsData() throws IOException {
        try (Spool spool = Spool.empty(stem())) {
            spool.begin(bytes("head"));
            spool.write(3, ByteBuffer.wrap(bytes("def")));
            spool.write(0, ByteBuffer.wrap(bytes("abc")));

            assertThat(spool.dataOffset()).isEqualTo(4);
            assertThat(spool.data()).hasContent("headabcdef");
        }
    }

    @Test
    void theListSaysWhereEachChunkLiesInWhateverOrderTheyWereListed() throws IOException {
        Random random = new Random(7);
        int count = 10_000;
        Map<Integer, Places.Place> said = new HashMap<>();
        try (Spool spool = Spool.empty(stem())) {
            for (int i = 0; i < 3_000; i++) {
                int chunk = random.nextInt(count);
                said.put(chunk, place(random));
                spool.list(chunk, said.get(chunk));
            }

            Places places = spool.places(count, said::containsKey);

            assertThat(places.count()).isEqualTo(count);
            for (int chunk = 0; chunk < count; chunk++) {
                assertThat(places.of(chunk))
                        .as("chunk %d", chunk)
                        .isEqualTo(said.getOrDefault(chunk, Places.Place.NONE));
            }
            for (int i = 0; i < 100; i++) {
                int chunk = random.nextInt(count);
                assertThat(places.of(chunk)).isEqualTo(said.getOrDefault(chunk, Places.Place.NONE));
            }
        }
    }

    @Test
    void aListThatEndsBeforeAChunkThatHasArrivedIsNotReadAsAnother() throws IOException {
        try (Spool spool = Spool.empty(stem())) {
            Random random = new Random(1);
            for (int chunk = 0; chunk < 4100; chunk++) {
                spool.list(chunk, place(random));
            }
            Places places = spool.places(9000, _ -> true);
            places.of(0);

            assertThatExceptionOfType(EOFException.class)
                    .isThrownBy(() -> places.of(4200))
                    .withMessageContaining("4200");
        }
    }

    @Test
    void whatLiesWhereThePlanSaysCanBeListedAllAtOnce() throws IOException {
        int count = 9_001;
        BitSet arrived = new BitSet();
        new Random(3).ints(5_000, 0, count).forEach(arrived::set);
        Places plan = new Places() {
            @Override
            public int count() {
                return count;
            }

            @Override
            public Place of(int chunk) {
                return new Place(chunk * 8L, 8, 2);
            }
        };
        try (Spool spool = Spool.empty(stem())) {
            spool.list(4, new Places.Place(1, 2, 3)); // a stale entry
            spool.listAll(plan, arrived::get);

            Places places = spool.places(count, _ -> true);
            for (int chunk = 0; chunk < count; chunk++) {
                assertThat(places.of(chunk)).isEqualTo(arrived.get(chunk) ? plan.of(chunk) : Places.Place.NONE);
            }
        }
    }

    @Test
    void whatWasAddedToTheFailuresAfterTheCheckpointDoesNotCount() throws IOException {
        long counts;
        try (Spool spool = Spool.empty(stem())) {
            spool.fail(bytes("one"));
            counts = spool.failuresBytes();
            spool.fail(bytes("and a longer line"));
        }

        try (Spool spool = Spool.there(stem(), 0, 0, counts)) {
            assertThat(spool.failures()).hasContent("one\n");
            spool.fail(bytes("two"));
            assertThat(spool.failures()).hasContent("one\ntwo\n");
        }
        Spool.there(stem(), 0, 0, 0).close();
        assertThat(Spool.failures(stem())).doesNotExist();
    }

    @Test
    void aSpoolWhoseDataAreNotThereIsNone() throws IOException {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> Spool.there(stem(), 0, 0, 0));

        Files.write(Spool.data(stem()), bytes("hea"));
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> Spool.there(stem(), 4, 0, 0))
                .withMessageContainingAll(Spool.data(stem()).toString(), "3", "4");
    }

    @Test
    void filesThatAStoreHasTakenAreThereAgainWithTheSameBytes() throws IOException {
        byte[] large = new byte[300_000];
        new Random(1).nextBytes(large);
        try (Spool spool = Spool.empty(stem())) {
            spool.write(0, ByteBuffer.wrap(large));
            spool.list(0, new Places.Place(0, large.length, 1));
            byte[] list = Files.readAllBytes(spool.list());
            Files.move(spool.data(), directory.resolve("taken"));
            Files.delete(spool.list());

            spool.putBack();
            spool.putBack();

            assertThat(spool.data()).hasBinaryContent(large);
            assertThat(spool.list()).hasBinaryContent(list);
            assertThat(directory.resolve("taken")).hasBinaryContent(large);
        }
    }

    @Test
    void aDiscardedSpoolLeavesNothing() throws IOException {
        Spool spool = Spool.empty(stem());
        spool.write(0, ByteBuffer.wrap(bytes("abc")));
        spool.list(0, Places.Place.NONE);
        spool.fail(bytes("{}"));

        spool.discard();

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }
}

package io.fanfold.producer.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.protocol.wire.JobRecord.Revision.Run;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Chunks as runs, and as an aggregator lists them. */
final class HolesTest {
    private static BitSet bits(int... chunks) {
        BitSet bits = new BitSet();
        for (int chunk : chunks) {
            bits.set(chunk);
        }
        return bits;
    }

    private static BitSet listed(String json, long count) throws IOException {
        return ErrorList.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), count);
    }

    @Test
    void neighboursAreOneRun() {
        assertThat(Holes.runs(bits(0, 1, 7))).containsExactly(new Run(0, 2), new Run(7, 1));
        assertThat(Holes.runs(bits())).isEmpty();
    }

    @Test
    void runsAreTheChunksThatTheyWereMadeOf() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            BitSet chunks = new BitSet();
            random.ints(random.nextInt(50), 0, 80).forEach(chunks::set);

            assertThat(Holes.bits(Holes.runs(chunks))).as("seed %d", seed).isEqualTo(chunks);
        }
    }

    @Test
    void aListOfErrorsNamesItsChunks() throws IOException {
        String json = """
            {"job":"j","errors":[
              {"index":3,"start":30,"rows":10,"error":"E","message":"\\"index\\":5","function":"f@1","worker":"w","attempts":3},
              {"index":0,"start":0,"rows":10,"error":"E","message":"no"}]}\
            """;

        assertThat(listed(json, 4)).isEqualTo(bits(0, 3));
        assertThat(listed("{\"job\":\"j\",\"errors\":[]}", 4)).isEqualTo(bits());
    }

    @Test
    void chunksThatTheJobDoesNotHaveAreNotItsHoles() throws IOException {
        assertThat(listed("{\"errors\":[{\"index\":9},{\"index\":-1},{\"index\":1}]}", 4))
                .isEqualTo(bits(1));
    }
}

package io.fanfold.bench.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.bench.rig.Lab;
import io.fanfold.bench.rig.Rival;
import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RaceTest {
    @TempDir
    Path directory;

    private Lab lab;

    /** A rival that comes to what it was told. */
    static final class Told {
        private Told() {}

        public static void main(String[] args) throws Exception {
            Rival.serve(seconds -> new Rival.Answer(Double.parseDouble(seconds), Double.parseDouble(args[0])));
        }
    }

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(new Lab.Setup(true, "python3", directory));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private Race race(double tolerance, String... moments) throws IOException {
        Race race = new Race(lab, tolerance);
        for (String moment : moments) {
            race.rival(moment, Rival.java(lab, Told.class, moment), "0.25");
        }
        return race;
    }

    @Test
    void eachRoundIsTheSecondsThatARivalSays() throws Exception {
        assertThat(race(0, "10").run(1, 2).rounds().of("10")).isEqualTo(List.of(0.25, 0.25));
    }

    @Test
    void rivalsThatDifferByRoundingAgree() throws Exception {
        assertThat(race(1e-9, "10", "10.000000001").run(0, 1).rounds().measured())
                .hasSize(2);
    }

    @Test
    void rivalsThatComeToDifferentResultsEndTheRace() throws IOException {
        Race race = race(1e-9, "10", "10.00001");
        assertThatThrownBy(() -> race.run(0, 1))
                .isInstanceOf(FanfoldException.class)
                .hasMessageContaining("came to another result");
    }

    @Test
    void whatIsNoNumberAgreesWithNothing() throws IOException {
        Race race = race(0, "NaN");
        assertThatThrownBy(() -> race.run(0, 1)).isInstanceOf(FanfoldException.class);
    }
}

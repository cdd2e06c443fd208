package io.fanfold.bench.rig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RivalTest {
    @TempDir
    Path directory;

    private Lab lab;

    @BeforeEach
    void open() throws IOException {
        lab = new Lab(new Lab.Setup(true, "python3", directory));
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void oneProcessAnswersAllRounds() throws IOException {
        Rival rival = Rival.java(lab, Doubling.class, "7");
        assertThat(rival.round("1.5")).isEqualTo(new Rival.Answer(3, 7));
        assertThat(rival.round("-4")).isEqualTo(new Rival.Answer(-8, 7));
    }

    @Test
    void oneThatEndsIsNamedWithTheLastThatItSaid() throws IOException {
        Rival rival = Rival.java(lab, Doubling.class, "7");
        assertThatThrownBy(() -> rival.round("many"))
                .isInstanceOf(FanfoldException.class)
                .hasMessageStartingWith("Doubling has ended: ");
    }

    @Test
    void oneThatSaysSomethingElseIsRefused() {
        assertThatThrownBy(() -> Rival.start(lab, "echo", List.of("echo", "good morning")))
                .isInstanceOf(FanfoldException.class)
                .hasMessage("echo should have said \"ready\" and said \"good morning\"");
    }

    @Test
    void anInnerLabEndsItsRivals() throws IOException {
        Rival rival;
        try (Lab inner = lab.inner()) {
            rival = Rival.java(inner, Doubling.class, "7");
            rival.round("1");
        }
        assertThatThrownBy(() -> rival.round("1")).isInstanceOf(IOException.class);
    }
}

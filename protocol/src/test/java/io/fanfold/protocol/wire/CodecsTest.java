package io.fanfold.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodecsTest {
    @Test
    void allWorkWhereNativeCodeLoads() {
        assertThat(Codecs.usable()).isEqualTo(FunctionOffer.KAFKA_CLIENTS);
    }

    @Test
    void oneWhoseNativeCodeCannotBeUnpackedIsLeftOutAndNamed(@TempDir Path directory) throws Exception {
        String said = usableWith(directory.resolve("not-there"));

        assertThat(said).contains("[gzip, lz4, none]"); // lz4 has code for the JVM to fall back to
        assertThat(said).contains("zstd").contains("not-there");
    }

    private static String usableWith(Path temporary) throws IOException, InterruptedException {
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Printed.class.getName())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(java.waitFor()).as(said).isZero();
        return said;
    }

    /** What the child process runs. */
    static final class Printed {
        private Printed() {}

        public static void main(String[] arguments) {
            System.out.println(Codecs.usable());
        }
    }
}

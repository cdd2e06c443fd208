package io.fanfold.producer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A result is what was announced, or an error; it comes from its record or over HTTP. */
final class ResultsTest {
    private static final JobId JOB = new JobId("j");
    private static final byte[] NPY = Npy.encode(ArraySlice.of(new double[] {1, 2, 3}));

    @TempDir
    Path directory;

    private final Results results = new Results(Optional.empty());
    private HttpServer server;
    private Path served;

    @BeforeEach
    void serve() throws Exception {
        Path root = Files.createDirectory(directory.resolve("served")).toRealPath();
        served = Files.write(root.resolve("r.npy"), NPY);
        server = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), root, SimpleFileServer.OutputLevel.NONE);
        server.start();
    }

    @AfterEach
    void stop() {
        results.close();
        server.stop(0);
    }

    private String address(String name) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
    }

    private static String crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static ResultInfo info(long bytes, String crc, Optional<String> http, Optional<ByteBuffer> inline) {
        return new ResultInfo("<f8", "(3,)", bytes, crc, "file:///etc/passwd", http, inline);
    }

    private ResultInfo overHttp() {
        return info(NPY.length, crc(NPY), Optional.of(address("r.npy")), Optional.empty());
    }

    private static ResultInfo inline() {
        return info(NPY.length, crc(NPY), Optional.empty(), Optional.of(ByteBuffer.wrap(NPY)));
    }

    @Test
    void aResultIsTheSameFromItsRecordAndOverHttp() throws Exception {
        for (ResultInfo result : new ResultInfo[] {inline(), overHttp()}) {
            Path file = directory.resolve("y.npy");
            results.fetch(JOB, result, file);

            assertThat(file).hasBinaryContent(NPY);
            assertThat(results.array(JOB, result).toDoubles()).containsExactly(1, 2, 3);
            try (InputStream in = results.open(JOB, result)) {
                assertThat(in.readAllBytes()).isEqualTo(NPY);
            }
        }
    }

    @Test
    void someOfTheBytesOfARecordsResultCanBeHad() throws Exception {
        try (InputStream in = results.open(JOB, inline(), 1, 5)) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("NUMPY");
        }
    }

    @Test
    void aResultThatIsAnotherThanAnnouncedIsNotGiven() throws Exception {
        byte[] other = NPY.clone();
        other[other.length - 1]++;
        Path file = Files.writeString(directory.resolve("y.npy"), "before");
        for (byte[] wrong : new byte[][] {other, Arrays.copyOf(NPY, NPY.length - 1), {}}) {
            Files.write(served, wrong);

            assertThatThrownBy(() -> results.array(JOB, overHttp()))
                    .isInstanceOf(FanfoldException.class)
                    .hasMessageContainingAll("job j", "not what was announced", wrong.length + " bytes");
            assertThatThrownBy(() -> results.fetch(JOB, overHttp(), file)).isInstanceOf(FanfoldException.class);
        }
        assertThat(file).hasContent("before");
        assertThat(directory).isDirectoryNotContaining("glob:**/.fanfold-*");
    }

    @Test
    void aResultLongerThanAnnouncedIsNotGiven() throws Exception {
        Files.write(served, new byte[100_000]);

        assertThatThrownBy(() -> results.array(JOB, overHttp())).hasMessageContaining("not what was announced");
    }

    @Test
    void whatIsNotServedIsSaidToBe() {
        ResultInfo nowhere = info(1, "00000000", Optional.empty(), Optional.empty());
        ResultInfo missing = info(1, "00000000", Optional.of(address("other.npy")), Optional.empty());

        assertThatThrownBy(() -> results.array(JOB, nowhere))
                .isInstanceOf(FanfoldException.class)
                .hasMessageContaining("--http-advertised");
        assertThatThrownBy(() -> results.array(JOB, missing)).hasMessageContaining("status 404");
    }

    @Test
    void anAggregatorThatDoesNotAnswerIsNamed() {
        String address = address("r.npy");
        server.stop(0);

        assertThatThrownBy(() -> results.array(JOB, info(1, "00000000", Optional.of(address), Optional.empty())))
                .isInstanceOf(FanfoldException.class)
                .hasMessageContaining(address);
    }

    @Test
    void aResultThatDoesNotFitInMemoryIsRefusedWithTheRemedy() {
        ResultInfo large = info(1L << 31, "00000000", Optional.of(address("r.npy")), Optional.empty());

        assertThatThrownBy(() -> results.array(JOB, large)).hasMessageContainingAll("2147483648", "resultTo");
    }
}

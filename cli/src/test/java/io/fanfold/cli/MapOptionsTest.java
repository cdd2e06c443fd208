package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.RequestOptions;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.Strategy;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The options of a map as texts: what they say is what a fleet reads. */
final class MapOptionsTest {
    @Command(name = "any")
    private static final class Any {
        @Mixin
        MapOptions options = new MapOptions();
    }

    private static MapRequest request(String... arguments) {
        Any any = new Any();
        var _ = new CommandLine(any).parseArgs(arguments);
        return RequestOptions.parse(any.options.texts("f", "gpu"), Optional.of("k"));
    }

    @Test
    void nothingSaidIsTheRequestWithoutOptions() {
        assertThat(request()).isEqualTo(MapRequest.of("f").inPool("gpu").withKey("k"));
    }

    @Test
    void everyOptionIsCarried() {
        MapRequest request = request(
                "-p",
                "a=1",
                "-p",
                "b=x=y",
                "--chunks",
                "7",
                "--axis",
                "-1",
                "--strategy",
                "threads",
                "--fold",
                "sum",
                "--keep-going",
                "--error-budget",
                "3",
                "--time-to-live",
                "60",
                "--chunk-timeout",
                "1.5");

        assertThat(request.parameters()).containsEntry("a", "1").containsEntry("b", "x=y");
        assertThat(request.chunkSize()).isEqualTo(new ChunkSize.Count(7));
        assertThat(request.axis()).isEqualTo(-1);
        assertThat(request.strategy()).isEqualTo(Strategy.THREADS);
        assertThat(request.fold().name()).isEqualTo("sum");
        assertThat(request.errors()).isEqualTo(new ErrorPolicy.KeepGoing(3));
        assertThat(request.limits().toString()).contains("60000", "1500");
        assertThat(request("--chunk-bytes", "900").chunkSize()).isEqualTo(new ChunkSize.Bytes(900));
    }
}

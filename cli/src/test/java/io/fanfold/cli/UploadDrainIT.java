package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.http.HttpSettings;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.RandomArrays;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A producer that is told to end while an array comes in. */
final class UploadDrainIT {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final ArraySlice ARRAY = new RandomArrays(11).of(DType.parse("<f8"), Shape.of(5000, 3), Order.C);

    @TempDir
    Path directory;

    private static HttpSettings draining(Duration drain) {
        return new HttpSettings(Optional.empty(), 0, 16384, new HttpSettings.Uploads(1 << 30, 4, 100, drain));
    }

    @Test
    void whatIsComingInIsTakenToItsEndAndNothingElse() throws Exception {
        byte[] npy = Npy.encode(ARRAY);
        try (HttpFleet fleet = HttpFleet.whole(directory, HttpSettings.DEFAULT);
                HttpFleet ending = HttpFleet.producer(fleet.kafka(), directory, draining(LONG))) {
            Dripping dripping = new Dripping(npy);
            CompletableFuture<HttpResponse<String>> answer = ending.client()
                    .sendAsync(
                            ending.to("/v1/jobs?function=identity&chunk-bytes=10000")
                                    .POST(BodyPublishers.ofInputStream(() -> dripping))
                                    .build(),
                            BodyHandlers.ofString());
            await().atMost(LONG).until(() -> !jobs(fleet).isEmpty());

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(ending::stop);
            await().atMost(LONG).until(() -> refuses(ending, npy));
            dripping.goOn();

            assertThat(answer.join().statusCode()).isEqualTo(202);
            stopped.join();
            String job = jobs(fleet).getFirst();
            await().atMost(LONG)
                    .until(() -> fleet.job(job).path("state").asText().equals("COMPLETED"));
            assertThat(fleet.bytes(fleet.to("/v1/jobs/" + job + "/result")).body())
                    .isEqualTo(npy);
            assertThat(jobs(fleet)).hasSize(1);
        }
    }

    private static boolean refuses(HttpFleet ending, byte[] npy) throws Exception {
        HttpResponse<String> answer = ending.post("/v1/jobs?function=identity", npy);
        return answer.statusCode() == 503 && answer.body().contains("being stopped");
    }

    private static List<String> jobs(HttpFleet fleet) throws Exception {
        return HttpFleet.json(fleet.get("/v1/jobs?limit=10000")).path("jobs").findValuesAsText("job");
    }
}

package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.http.HttpSettings;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.testkit.RandomArrays;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a producer says in metrics of the work that remains, while there is some and when it is done. */
final class RemainingIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SECONDS = "fanfold_pool_remaining_seconds{pool=\"default\"}";
    private static final String CHUNKS = "fanfold_pool_remaining_chunks{pool=\"default\"}";
    private static final String RUNNING = "fanfold_jobs_open{pool=\"default\",state=\"RUNNING\"}";
    private static final byte[] ARRAY =
            Npy.encode(new RandomArrays(17).of(DType.parse("<f8"), Shape.of(1200, 10), Order.C));

    @TempDir
    Path directory;

    @Test
    void whatRemainsRisesWithAJobFallsAsItGoesAndIsZeroAtItsEndForEveryProducer() throws Exception {
        try (HttpFleet fleet = HttpFleet.whole(directory);
                HttpFleet other = HttpFleet.producer(fleet.kafka(), directory, HttpSettings.DEFAULT)) {
            assertThat(gauge(fleet, SECONDS)).isZero();
            assertThat(gauge(fleet, CHUNKS)).isZero();
            String job = submitted(fleet, "function=sleep&param.ms=1000&chunks=1200&strategy=threads");

            await().atMost(LONG).until(() -> gauge(fleet, CHUNKS) > 5);
            await().atMost(LONG).until(() -> gauge(other, CHUNKS) > 0);
            await().atMost(LONG).until(() -> gauge(fleet, RUNNING) == 1);
            double before = gauge(fleet, CHUNKS);
            await().atMost(LONG).until(() -> gauge(fleet, CHUNKS) < before && gauge(fleet, CHUNKS) > 0);
            await().atMost(LONG).until(() -> measured(gauge(fleet, SECONDS), gauge(fleet, CHUNKS)));

            fleet.text(fleet.to("/v1/jobs/" + job).DELETE());
            await().atMost(LONG)
                    .until(() -> fleet.job(job).get("state").asText().equals("CANCELLED"));
            String brief = submitted(fleet, "function=identity&chunks=4");
            await().atMost(LONG)
                    .until(() -> fleet.job(brief).get("state").asText().equals("COMPLETED"));
            for (HttpFleet each : new HttpFleet[] {fleet, other}) {
                await().atMost(LONG).until(() -> gauge(each, CHUNKS) == 0);
                assertThat(gauge(each, SECONDS)).isZero();
                assertThat(gauge(each, RUNNING)).isZero();
                assertThat(gauge(each, "fanfold_jobs_waiting{pool=\"default\"}"))
                        .isZero();
                assertThat(gauge(each, "fanfold_jobs_read_age_seconds")).isBetween(0.0, 30.0);
            }
        }
    }

    @Test
    void aJobOfWhichNoChunkEndsRemainsAndGrowsUntilItIsCancelled() throws Exception {
        try (HttpFleet fleet = HttpFleet.whole(directory)) {
            String job = submitted(fleet, "function=sleep&param.ms=100000&chunks=40");
            await().atMost(LONG).until(() -> gauge(fleet, CHUNKS) == 40);
            await().alias("40 chunks, none of which has ended for some seconds")
                    .atMost(LONG)
                    .until(() -> gauge(fleet, SECONDS) > 40 * 3);

            fleet.text(fleet.to("/v1/jobs/" + job).DELETE());

            await().atMost(LONG).until(() -> gauge(fleet, CHUNKS) == 0);
            assertThat(gauge(fleet, SECONDS)).isZero();
        }
    }

    /** Whether a chunk is said to take the second that it takes, once the worker has said so; it did not know at first. */
    private static boolean measured(double seconds, double chunks) {
        return chunks > 0 && seconds / chunks > 0.9 && seconds / chunks < 2;
    }

    private static String submitted(HttpFleet fleet, String query) throws Exception {
        await().atMost(LONG).until(() -> fleet.get("/v1/functions").body().contains("\"sleep@1\""));
        HttpResponse<String> accepted = fleet.post("/v1/jobs?" + query, ARRAY);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        return HttpFleet.json(accepted).get("job").asText();
    }

    /** The value of one line of metrics. */
    private static double gauge(HttpFleet fleet, String line) throws Exception {
        String scrape = fleet.get("/prometheus").body();
        return scrape.lines()
                .filter(said -> said.startsWith(line + " "))
                .mapToDouble(said -> Double.parseDouble(said.substring(line.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + line + " in " + scrape));
    }
}

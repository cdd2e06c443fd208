package io.fanfold.deploy.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.testkit.NumPy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The profile cluster, and another beside it: each record is on three brokers, and one may go, the first as well. */
@EnabledIfEnvironmentVariable(
        named = "FANFOLD_TEST_CONTAINERS",
        matches = "1",
        disabledReason = "docker-compose.yml with three brokers DID NOT RUN: FANFOLD_TEST_CONTAINERS is not 1")
class ComposeClusterIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir
    static Path files;

    @Test
    void aBrokerDiesAndNothingIsLost() throws IOException {
        NumPy numpy = NumPy.here();
        try (ComposeProject project = new ComposeProject("fanfold-cluster-it", "cluster", "python")) {
            assertThat(project.compose("--profile", "metrics", "config", "--services"))
                    .contains("prometheus\n", "grafana\n", "kafka-3\n", "worker-python\n");
            project.compose("up", "--build", "--detach", "--wait");
            Curl curl = new Curl(project.server(), files);
            numpy.run("""
                import sys, os, numpy as np
                os.chdir(sys.argv[1])
                np.save("x.npy", np.random.default_rng(3).random((50000, 20)))
                """, files.toString());
            assertThat(described(project, "fanfold.chunks.default"))
                    .contains("ReplicationFactor: 3", "min.insync.replicas=2");
            assertThat(described(project, "fanfold.outcomes"))
                    .contains("ReplicationFactor: 3", "min.insync.replicas=2");
            assertThat(described(project, "__consumer_offsets")).contains("ReplicationFactor: 3");

            String job = curl.submit("x.npy", "function=sleep&param.ms=2000&chunks=200&strategy=threads");
            await().atMost(LONG).until(() -> Integer.parseInt(curl.of(job, "chunksDone")) > 0);
            ComposeProject.docker("kill", project.container("kafka"));
            assertThat(curl.of(job, "state")).isEqualTo("RUNNING");
            startsWithoutTheFirstBroker(project, project.container("worker"));

            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(curl.of(job, "state")).as(project::logs).isEqualTo("COMPLETED"));
            assertThat(curl.of(job, "chunksDone")).isEqualTo("200");
            curl.run("/v1/jobs/" + job + "/result", "--output", "y.npy");
            numpy.assertEqual(List.of(new NumPy.Pair(files.resolve("x.npy"), files.resolve("y.npy"))));
        }
    }

    /** A role that comes up now has to find the others by itself. */
    private static void startsWithoutTheFirstBroker(ComposeProject project, String worker) {
        ComposeProject.docker("restart", worker);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(ComposeProject.docker("inspect", "-f", "{{.State.Health.Status}}", worker))
                                .as(project::logs)
                                .isEqualTo("healthy"));
        assertThat(project.containers("kafka")).as("the broker that is away").isEmpty();
    }

    private static String described(ComposeProject project, String topic) {
        return project.compose(
                "exec",
                "-T",
                "kafka",
                "/opt/kafka/bin/kafka-topics.sh",
                "--bootstrap-server",
                "localhost:19092",
                "--describe",
                "--topic",
                topic);
    }
}

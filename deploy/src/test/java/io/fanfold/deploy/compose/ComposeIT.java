package io.fanfold.deploy.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.testkit.NumPy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docker compose up}, and what a user does next; then what should not happen to a fleet. */
@EnabledIfEnvironmentVariable(
        named = "FANFOLD_TEST_CONTAINERS",
        matches = "1",
        disabledReason = "Docker images and docker-compose.yml DID NOT RUN: FANFOLD_TEST_CONTAINERS is not 1")
class ComposeIT {
    private static final Duration LONG = Duration.ofMinutes(3);
    private static final int CHUNKS = 300;
    /** More chunks than the fleet computes at once. */
    private static final int BUSY = 24;

    private static final int A_FEW = 4;
    /** Megabytes, of which a half and three quarters are whole numbers of what a heap grows by. */
    private static final int MEMORY = 512;

    private static final String FLAGS = "-XX:+PrintFlagsFinal";

    @TempDir
    static Path files;

    private static ComposeProject project;
    private static Curl curl;
    private static NumPy numpy;

    @BeforeAll
    static void up() throws IOException {
        numpy = NumPy.here();
        project = new ComposeProject("fanfold-it");
        ComposeProject.docker(
                "image", "rm", "--force", "fanfold/producer:under-test"); // as on a machine where it was never built
        project.compose("up", "--build", "--detach", "--wait");
        project.compose("--profile", "python", "build", "worker-python");
        curl = new Curl(project.server(), files);
        numpy.run("""
            import sys, os, numpy as np
            os.chdir(sys.argv[1])
            random = np.random.default_rng(7)
            x = random.random((4000, 300))
            np.save("x.npy", x)
            np.save("sqrt.npy", np.sqrt(x))
            np.save("doubled.npy", np.sqrt(x) * 2)
            np.save("many.npy", random.integers(0, 1000, (60000, 20)))
            """, files.toString());
    }

    @AfterAll
    static void down() {
        if (project != null) {
            project.close();
        }
    }

    @Test
    void oneCurlGivesAResult() {
        curl.run("/v1/map/sqrt", "--data-binary", "@x.npy", "--output", "first.npy");

        same("sqrt.npy", "first.npy");
    }

    @Test
    void nothingIsLostWhereWorkersComeGoAndAreKilledAndTheAggregatorIs() throws Exception {
        Trickle rows = new Trickle(Files.readAllBytes(files.resolve("many.npy")), CHUNKS);
        CompletableFuture<HttpResponse<String>> accepted =
                sent(rows, "kept", "function=sleep&param.ms=1500&strategy=threads&chunks=" + CHUNKS);
        rows.more(BUSY);
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(Integer.parseInt(curl.ofKey("kept", "chunksDone")))
                        .isPositive());
        String job = curl.ofKey("kept", "job");

        rows.more(BUSY);
        scale(3);
        assertThat(project.containers("worker")).hasSize(3);
        await("a new worker takes part").atMost(LONG).until(() -> {
            if (done(job) > rows.allowed() - A_FEW) {
                rows.more(A_FEW);
            }
            return computed(project.containers("worker")) > 1;
        });
        rows.more(BUSY);
        ComposeProject.docker("kill", project.containers("worker").getFirst());
        assertThat(project.containers("worker")).hasSize(2);
        String aggregator = project.container("aggregator");
        String before = started(aggregator);
        rows.more(BUSY);
        ComposeProject.docker("exec", aggregator, "bash", "-c", "kill -KILL $(cat /proc/1/task/1/children)");
        await("the aggregator is started again")
                .atMost(LONG)
                .until(() -> !started(aggregator).equals(before));
        String beside = curl.submit("x.npy", "function=sqrt");
        assertThat(curl.of(job, "state")).as("there is work left to lose").isEqualTo("RUNNING");
        rows.rest();
        scale(1);
        assertThat(project.containers("worker")).hasSize(1);

        ended(beside);
        ended(job);
        assertThat(accepted.get().statusCode()).isEqualTo(202);
        assertThat(curl.of(job, "chunksDone")).isEqualTo(curl.of(job, "chunks")).isEqualTo("" + CHUNKS);
        assertThat(curl.of(job, "failed")).isEqualTo("0");
        fetched(job, "kept.npy");
        same("many.npy", "kept.npy");
        fetched(beside, "beside.npy");
        same("sqrt.npy", "beside.npy");
    }

    @Test
    void resultsAndJobsOutliveTheContainers() {
        String job = curl.submit("x.npy", "function=sqrt");
        ended(job);

        project.compose("--profile", "*", "down", "--timeout", "30");
        project.compose("up", "--detach", "--wait");

        assertThat(curl.of(job, "state")).isEqualTo("COMPLETED");
        fetched(job, "old.npy");
        same("sqrt.npy", "old.npy");
    }

    @Test
    void profilePythonComputesWithNumPy() {
        withPython();

        curl.run("/v1/map/example:f?pool=python", "--data-binary", "@x.npy", "--output", "python.npy");

        same("doubled.npy", "python.npy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "worker", "worker-python", "aggregator"})
    void aRoleMayDoNothingThatItNeedNot(String service) {
        withPython();
        String id = project.containers(service).getFirst();

        assertThat(ComposeProject.docker("exec", id, "id", "-u")).isEqualTo("10001");
        assertThat(ComposeProject.docker("inspect", "-f", "{{.HostConfig.ReadonlyRootfs}}", id))
                .isEqualTo("true");
        assertThat(ComposeProject.docker("inspect", "-f", "{{.HostConfig.CapDrop}}", id))
                .isEqualTo("[ALL]");
        assertThat(ComposeProject.docker("inspect", "-f", "{{.State.Health.Status}}", id))
                .isEqualTo("healthy");
        assertThat(ComposeProject.docker("inspect", "-f", "{{json .Config.Labels}}", id))
                .contains("org.opencontainers.image.title", "org.opencontainers.image.licenses\":\"Apache-2.0");
        assertThat(ComposeProject.docker("inspect", "-f", "{{range .Mounts}}{{.Type}} {{.Name}};{{end}}", id))
                .as("volumes without a name, which nobody would remove")
                .doesNotContainPattern("volume [0-9a-f]{64};");
        assertThat(ComposeProject.docker(
                        "exec",
                        id,
                        "sh",
                        "-c",
                        "touch \"$HOME/a\" && rm \"$HOME/a\" && touch b && rm b && echo written"))
                .isEqualTo("written");
    }

    /** The JVM says where it takes classes from; without the cache that comes from the jars. */
    @ParameterizedTest
    @ValueSource(strings = {"producer", "worker", "worker-python", "aggregator"})
    void aStartUsesWhatWasRecorded(String role) {
        assertThat(run(role, "FANFOLD_JAVA_OPTS=-Xlog:class+load"))
                .contains("io.fanfold.cli.Main source: shared objects file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"FANFOLD_JAVA_OPTS", "JDK_JAVA_OPTIONS"})
    void whatAUserAsksOfTheJvmWins(String variable) {
        assertThat(run("worker", variable + "=" + FLAGS))
                .containsPattern(heap(50))
                .containsPattern("UseParallelGC += true");
        assertThat(run("worker", variable + "=" + FLAGS + " -XX:MaxRAMPercentage=75 -XX:+UseG1GC"))
                .containsPattern(heap(75))
                .containsPattern("UseG1GC += true")
                .containsPattern("(?m)^fanfold ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "worker", "aggregator"})
    void theCommandIsAtHandInAContainer(String service) {
        assertThat(project.compose("exec", "-T", service, "fanfold", "--version"))
                .startsWith("fanfold ");
        assertThat(project.compose("exec", "-T", service, "fanfold", "doctor")).contains("brokers");
    }

    @Test
    void threeBrokersAreNotMadeOfTheDiskOfOne() {
        String said = project.compose(
                "run",
                "--rm",
                "-T",
                "--entrypoint",
                "bash",
                "kafka-mark",
                "-c",
                "/etc/fanfold/broker mark 2>&1; echo $?");

        assertThat(said).contains("docker compose --profile '*' down --volumes").endsWith("\n1\n");
    }

    @Test
    void anImageHasNoBrokerAndSaysSo() {
        String said = ComposeProject.docker(
                "run", "--rm", "--entrypoint", "sh", "fanfold/producer:under-test", "-c", "fanfold up 2>&1; echo $?");

        assertThat(said).contains("there is no broker in this installation").endsWith("\n1");
        assertThat(said.lines()).hasSize(2);
    }

    private static void withPython() {
        project.compose("--profile", "python", "up", "--detach", "--wait");
    }

    /** What {@code --version} prints in an image, with a variable in its environment. */
    private static String run(String image, String variable) {
        return ComposeProject.docker(
                "run",
                "--rm",
                "--memory",
                MEMORY + "m",
                "--env",
                variable,
                "fanfold/" + image + ":under-test",
                "--version");
    }

    /** What the JVM prints of its heap where that is so many percent of the memory. */
    private static String heap(int percent) {
        return "MaxHeapSize += " + ((long) MEMORY << 20) * percent / 100 + " ";
    }

    /** Sends an array under a key while it comes; the answer comes when all of it has. */
    private static CompletableFuture<HttpResponse<String>> sent(Trickle array, String key, String query) {
        return HttpClient.newHttpClient()
                .sendAsync(
                        HttpRequest.newBuilder(URI.create(project.server() + "/v1/jobs?" + query))
                                .header("Idempotency-Key", key)
                                .POST(BodyPublishers.ofInputStream(() -> array))
                                .build(),
                        BodyHandlers.ofString());
    }

    private static void scale(int workers) {
        project.compose("up", "--detach", "--wait", "--no-recreate", "--scale", "worker=" + workers, "worker");
    }

    private static int done(String job) {
        return Integer.parseInt(curl.of(job, "chunksDone"));
    }

    /** How many of these containers have computed a chunk, by what each says of itself. */
    private static long computed(List<String> containers) {
        return containers.stream()
                .filter(id -> ComposeProject.docker(
                                "exec",
                                id,
                                "bash",
                                "-c",
                                "exec 3<>/dev/tcp/127.0.0.1/8080; printf 'GET /prometheus HTTP/1.0\\r"
                                        + "\\n"
                                        + "\\r"
                                        + "\\n"
                                        + "' >&3; cat <&3")
                        .contains("fanfold_chunks_computed_total{"))
                .count();
    }

    private static String started(String container) {
        return ComposeProject.docker("inspect", "-f", "{{.State.StartedAt}} {{.State.Running}}", container);
    }

    private static void ended(String job) {
        await().atMost(LONG)
                .ignoreExceptions() // an aggregator or a producer that has just been started
                .untilAsserted(() -> assertThat(curl.of(job, "state"))
                        .as(() -> project.logs())
                        .isEqualTo("COMPLETED"));
    }

    private static void fetched(String job, String file) {
        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(() -> curl.run("/v1/jobs/" + job + "/result", "--output", file));
    }

    private static void same(String expected, String actual) {
        numpy.assertEqual(List.of(new NumPy.Pair(files.resolve(expected), files.resolve(actual))));
    }
}

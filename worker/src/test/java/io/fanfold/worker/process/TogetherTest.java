package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.worker.process.Nursery.Started;
import io.fanfold.worker.strategy.Call;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many calls in one child JVM. */
final class TogetherTest {
    private final Nursery nursery = new Nursery(1, 0);
    private final Execution together = nursery.children.together();

    @TempDir
    private Path files;

    @AfterEach
    void close() {
        nursery.close();
    }

    private Started start(String function, Map<String, Object> parameters) {
        return start(function, parameters, Duration.ZERO);
    }

    private Started start(String function, Map<String, Object> parameters, Duration timeout) {
        return Nursery.start(together, call(function, parameters, timeout));
    }

    private Call call(String function, Map<String, Object> parameters, Duration timeout) {
        return nursery.call(Nursery.java(function), parameters, Nursery.npy(1, 2), timeout);
    }

    /** A call that runs and never ends. */
    private Started hanging(String name) {
        Path begun = files.resolve(name);
        Started started = start("hang", Nursery.file(begun));
        await().atMost(Nursery.PATIENCE).until(() -> Files.exists(begun));
        return started;
    }

    @Test
    void manyCallsAreAnsweredByOneProcess() {
        List<Started> all = IntStream.range(0, 50)
                .mapToObj(_ -> start("identity", Map.of()))
                .toList();

        assertThat(all)
                .allSatisfy(
                        started -> assertThat(Nursery.doubles(started.end())).containsExactly(1, 2));
        assertThat(nursery.count("fanfold.children.started")).isEqualTo(1);
        assertThat(nursery.meters.get("fanfold.children").gauge().value()).isEqualTo(1);
    }

    @Test
    void aCallThatEndsTheProcessTakesTheOthersWithItAndNoneIsSaidToBeTheCause() {
        List<Started> others = List.of(hanging("a"), hanging("b"));

        Ending guilty = start("exit", Map.of()).end();

        Ending.Crashed crashed = new Ending.Crashed("exit code 7", false);
        assertThat(guilty).isEqualTo(crashed);
        assertThat(others).allSatisfy(other -> assertThat(other.end()).isEqualTo(crashed));
        assertThat(Nursery.doubles(start("identity", Map.of()).end())).containsExactly(1, 2);
        assertThat(nursery.count("fanfold.children.crashed")).isEqualTo(1);
    }

    @Test
    void aCallThatEndsTheProcessWithNobodyElseInItIsTheCause() {
        assertThat(start("exit", Map.of()).end()).isEqualTo(new Ending.Crashed("exit code 7", true));
    }

    @Test
    void aCallThatExhaustsTheHeapEndsTheProcessWhichSaysSo() {
        Ending ending = start("hoard", Map.of()).end();

        assertThat(ending)
                .isInstanceOfSatisfying(
                        Ending.Crashed.class,
                        crashed -> assertThat(crashed.how())
                                .startsWith("exit code 3")
                                .contains("OutOfMemoryError"));
    }

    @Test
    void aCallThatIsStoppedLeavesTheOthersAlone() {
        Started other = hanging("other");
        Started stopped = hanging("stopped");

        stopped.running().stop();

        assertThat(stopped.end()).isEqualTo(new Ending.Stopped());
        assertThat(other.ending()).isNotDone();
        assertThat(Nursery.doubles(start("identity", Map.of()).end())).containsExactly(1, 2);
        assertThat(nursery.count("fanfold.children.started"))
                .as("what is stopped goes on in its JVM, so others get a new one")
                .isEqualTo(2);
        other.running().stop();
        await().atMost(Nursery.PATIENCE).until(() -> nursery.count("fanfold.children.killed") == 1);
    }

    @Test
    void aCallThatRunsLateEndsAndSoDoesAProcessThatNobodyWaitsFor() {
        Path begun = files.resolve("late");
        Duration timeout = Duration.ofMillis(300);

        Ending ending = start("spin", Nursery.file(begun), timeout).end();

        assertThat(ending).isEqualTo(new Ending.TimedOut(timeout));
        await().atMost(Nursery.PATIENCE).until(() -> nursery.count("fanfold.children.killed") == 1);
    }

    @Test
    void anErrorSaysItsTypeItsMessageInOneLineAndWhetherItLasts() {
        assertThat(start("wrong", Map.of()).end()).isInstanceOfSatisfying(Ending.Raised.class, raised -> {
            assertThat(raised.error()).isEqualTo("java.lang.IllegalArgumentException");
            assertThat(raised.message()).isEqualTo("wrong throughout");
            assertThat(raised.trace()).contains("TestChild");
            assertThat(raised.lasting()).isTrue();
        });
        assertThat(start("unlucky", Map.of()).end()).isInstanceOfSatisfying(Ending.Raised.class, raised -> {
            assertThat(raised.error()).isEqualTo("java.io.IOException");
            assertThat(raised.lasting()).isFalse();
        });
        assertThat(start("final", Map.of()).end())
                .isInstanceOfSatisfying(
                        Ending.Raised.class,
                        raised -> assertThat(raised.lasting()).isTrue());
    }

    @Test
    void functionsInOtherLanguagesRunInChildrenOfTheirOwn() {
        Call call = nursery.call(
                Nursery.perl(
                        "echo", "while (my ($id, $body) = request()) { frame(qq({\"id\":$id,\"ok\":true}), $body); }"),
                Map.of(),
                Nursery.npy(3),
                Duration.ZERO);

        assertThat(Nursery.doubles(Nursery.start(together, call).end())).containsExactly(3);
    }
}

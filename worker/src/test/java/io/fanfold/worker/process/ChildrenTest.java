package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.process.Nursery.Started;
import io.fanfold.worker.strategy.Ending;
import io.fanfold.worker.strategy.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker's children do for it, whatever language they speak. */
final class ChildrenTest {
    private static final String ANSWER = "frame(qq({\"id\":$id,\"ok\":true}), $body);";
    private static final ChildFunction ECHO =
            Nursery.perl("echo", "while (my ($id, $body) = request()) { " + ANSWER + " }");

    private static final ChildFunction OTHER =
            Nursery.perl("other", "while (my ($id, $body) = request()) { " + ANSWER + " } #");

    @TempDir
    private Path files;

    /** A child that makes a file when it has a chunk, and never answers. */
    private ChildFunction hanging(Path begun) {
        return Nursery.perl("hang", "request(); open my $f, '>', '" + begun + "'; close $f; sleep 1 while 1;");
    }

    /** How a child crashed at a chunk that no pipe holds: a child that does not read it is noticed. */
    private static String crash(Nursery nursery, String script) {
        return assertThat(nursery.run(Nursery.perl("f", script), Map.of(), new double[100_000]))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.type(Ending.Crashed.class))
                .satisfies(crashed -> assertThat(crashed.alone()).isTrue())
                .actual()
                .how();
    }

    @Test
    void aChunkComesBackAsItsChildAnswersItAndTheChildIsUsedAgain() {
        try (Nursery nursery = new Nursery(2, 0)) {
            for (int i = 0; i < 20; i++) {
                assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), i, i + 1)))
                        .containsExactly(i, i + 1);
            }
            assertThat(nursery.count("fanfold.children.started")).isEqualTo(1);
        }
    }

    @Test
    void javaFunctionsRunInChildJvmsThatMeasureTheirCpuTime() {
        try (Nursery nursery = new Nursery(1, 0)) {
            Ending ending = nursery.run(Nursery.java("pid"), Map.of(), 1, 2);

            assertThat(Nursery.doubles(ending)).containsExactly(1, 2);
            assertThat(((Ending.Answered) ending).cpuNanos().orElseThrow()).isPositive();
            assertThat(((Ending.Answered) ending).wallNanos()).isPositive();
            assertThat(nursery.run(Nursery.java("exit"), Map.of(), 1))
                    .isEqualTo(new Ending.Crashed("exit code 7", true));
        }
    }

    @Test
    void aChildIsReplacedAfterSoManyChunks() {
        try (Nursery nursery = new Nursery(1, 3)) {
            for (int i = 0; i < 7; i++) {
                assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), i))).containsExactly(i);
            }
            assertThat(nursery.count("fanfold.children.started")).isEqualTo(3);
            assertThat(nursery.count("fanfold.children.recycled")).isEqualTo(2);
            await().atMost(Nursery.PATIENCE)
                    .until(() -> nursery.meters.get("fanfold.children").gauge().value() == 1);
            assertThat(nursery.count("fanfold.children.killed")).isZero();
            assertThat(nursery.count("fanfold.children.crashed")).isZero();
        }
    }

    @Test
    void anIdleChildMakesRoomForAnotherCommand() {
        try (Nursery nursery = new Nursery(1, 0)) {
            assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), 1))).containsExactly(1);
            assertThat(Nursery.doubles(nursery.run(OTHER, Map.of(), 2))).containsExactly(2);

            await().atMost(Nursery.PATIENCE)
                    .until(() -> nursery.meters.get("fanfold.children").gauge().value() == 1);
            assertThat(nursery.count("fanfold.children.started")).isEqualTo(2);
        }
    }

    @Test
    void aChildThatExitsFailsItsChunkWithItsExitCodeAndItsLastWords() {
        try (Nursery nursery = new Nursery(1, 0)) {
            assertThat(crash(nursery, "request(); print STDERR qq(first\\nno more paper\\n\\n); exit 3;"))
                    .isEqualTo("exit code 3: no more paper");
            assertThat(crash(nursery, "request(); kill 9, $$; sleep 9;")).isEqualTo("killed by SIGKILL");
            assertThat(crash(nursery, "request(); kill 11, $$; sleep 9;")).isEqualTo("killed by SIGSEGV");
            assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), 1))).containsExactly(1);
            assertThat(nursery.count("fanfold.children.crashed")).isEqualTo(3);
        }
    }

    @Test
    void aChildThatWritesRubbishIsNamedAndKilled() {
        try (Nursery nursery = new Nursery(1, 0)) {
            assertThat(crash(nursery, "request(); print qq(Computing...\\n); sleep 1 while 1;"))
                    .isEqualTo("wrote something that is no frame: \"Computing...\uFFFD\"");
            assertThat(crash(nursery, "request(); frame('[1]', ''); sleep 1 while 1;"))
                    .isEqualTo("wrote something that is no frame: \"[1]\"");
            assertThat(crash(nursery, "request(); frame('{\"id\":77,\"ok\":true}', ''); sleep 1 while 1;"))
                    .isEqualTo("answered request 77, which it was not asked");
            assertThat(crash(
                            nursery,
                            "request(); print pack('V', 17), '{\"id\":1,\"ok\":true}'; close STDOUT; sleep 1 while 1;"))
                    .startsWith("wrote something that is no frame");
            assertThat(crash(
                            nursery,
                            "my ($id) = request(); frame(qq({\"id\":$id,\"ok\":false}), 'x'); sleep 1 while 1;"))
                    .isEqualTo("wrote a body where there is none");
            assertThat(crash(nursery, "request(); close STDOUT; sleep 1 while 1;"))
                    .isEqualTo("closed its standard output");
            assertThat(crash(nursery, "close STDIN; sleep 1 while 1;")).isEqualTo("closed its standard input");
            assertThat(nursery.count("fanfold.children.killed")).isEqualTo(7);
        }
    }

    @Test
    void aChildThatSpeaksAnotherVersionIsRefused() {
        try (Nursery nursery = new Nursery(1, 0)) {
            ChildFunction newer = Nursery.command(
                    "newer",
                    "perl",
                    "-e",
                    "$| = 1; $_ = '{\"fanfold\":2,\"ready\":true}'; print pack('V', length), $_; sleep 9;");

            assertThat(nursery.run(newer, Map.of(), 1))
                    .isEqualTo(
                            new Ending.Crashed("speaks version 2 of the child protocol, this worker speaks 1", true));
        }
    }

    @Test
    void aChildThatCannotBeStartedFailsItsChunk() {
        try (Nursery nursery = new Nursery(1, 0)) {
            assertThat(nursery.run(Nursery.command("none", "/no/such/program"), Map.of(), 1))
                    .isInstanceOfSatisfying(Ending.Raised.class, raised -> {
                        assertThat(raised.message()).contains("/no/such/program");
                        assertThat(raised.lasting()).isFalse();
                    });
            assertThat(nursery.run(Nursery.command("dead", "perl", "-e", "die qq(no licence\\n)"), Map.of(), 1))
                    .isInstanceOfSatisfying(
                            Ending.Crashed.class,
                            crashed -> assertThat(crashed.how()).endsWith(": no licence"));
        }
    }

    @Test
    void aChildThatDoesNotGetReadyFailsItsChunk() {
        ChildSettings settings = new ChildSettings(1, 0, TestChild.COMMAND, Duration.ofMillis(300), 1 << 20);
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(nursery.run(Nursery.command("mute", "perl", "-e", "sleep 1 while 1"), Map.of(), 1))
                    .isEqualTo(new Ending.Crashed("not ready within 300 ms", true));
        }
    }

    @Test
    void anAnswerThatIsNoArrayIsRefused() {
        try (Nursery nursery = new Nursery(1, 0)) {
            ChildFunction wrong = Nursery.perl(
                    "wrong", "while (my ($id) = request()) { frame(qq({\"id\":$id,\"ok\":true}), 'nine'); }");

            assertThat(nursery.run(wrong, Map.of(), 1)).isInstanceOfSatisfying(Ending.Raised.class, raised -> {
                assertThat(raised.error()).isEqualTo("ArrayFormatException");
                assertThat(raised.message()).contains("chunk 0 of job").contains("nine");
                assertThat(raised.lasting()).isTrue();
            });
        }
    }

    @Test
    void anAnswerThatNoRecordHoldsIsRefusedBeforeItIsRead() {
        ChildSettings settings = new ChildSettings(1, 0, TestChild.COMMAND, Duration.ofSeconds(30), 1000);
        try (Nursery nursery = new Nursery(settings)) {
            assertThat(nursery.run(ECHO, Map.of(), new double[1000]))
                    .isEqualTo(new Ending.Raised(
                            "IllegalArgumentException",
                            "the outcome has 8128 bytes, a record holds 1000: make more chunks (--chunks), or raise the"
                                    + " limit (--max-message-bytes) of topics and roles",
                            "",
                            true));
            assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), 1))).containsExactly(1);
        }
    }

    @Test
    void aChunkThatRunsLateIsKilledWithAllThatItsChildStarted() throws IOException {
        Path grandchild = files.resolve("grandchild");
        Duration timeout = Duration.ofMillis(500);
        ChildFunction slow = Nursery.perl(
                "slow",
                "my ($id, $body) = request(); my $pid = fork; if (!$pid) { sleep 1 while 1; } open my $f, '>', '"
                        + grandchild + "'; print $f $pid; close $f; " + ANSWER + " request(); sleep 1 while 1;");
        try (Nursery nursery = new Nursery(1, 0)) {
            assertThat(Nursery.doubles(nursery.run(slow, Map.of(), 1))).containsExactly(1);
            assertThat(nursery.runFor(timeout, slow, Map.of())).isEqualTo(new Ending.TimedOut(timeout));

            long pid = Long.parseLong(Files.readString(grandchild));
            await().atMost(Nursery.PATIENCE)
                    .until(() ->
                            ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
            assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), 1))).containsExactly(1);
            assertThat(nursery.count("fanfold.children.killed")).isEqualTo(1);
        }
    }

    @Test
    void aDeadChildIsNoticedThoughAnotherProcessHoldsItsPipes() {
        try (Nursery nursery = new Nursery(1, 0)) {
            assertThat(crash(nursery, "request(); if (fork) { exit 5 } sleep 3;"))
                    .isEqualTo("exit code 5");
        }
    }

    @Test
    void aCallCanBeStoppedWhileItRunsAndWhileItWaits() {
        try (Nursery nursery = new Nursery(1, 0)) {
            Path begun = files.resolve("begun");
            Started running = nursery.start(hanging(begun), Map.of(), 1);
            Started waiting = nursery.start(ECHO, Map.of(), 2);
            Started behind = nursery.start(ECHO, Map.of(), 3);
            await().atMost(Nursery.PATIENCE).until(() -> Files.exists(begun));

            waiting.running().stop();
            assertThat(waiting.end()).isEqualTo(new Ending.Stopped());
            assertThat(running.ending()).isNotDone();

            running.running().stop();
            running.running().stop();
            assertThat(running.end()).isEqualTo(new Ending.Stopped());
            assertThat(Nursery.doubles(behind.end())).containsExactly(3);
            behind.running().stop();
            assertThat(nursery.count("fanfold.children.started")).isEqualTo(2);
        }
    }

    @Test
    void asManyChunksAreComputedAtOnceAsThereAreProcesses() {
        String other = "my ($me, $you) = $body =~ /\\x{40}/ ? ('b', 'a') : ('a', 'b');";
        String meet = "while (my ($id, $body) = request()) { " + other + " open my $f, '>', '" + files
                + "/'.$me; close $f; select undef, undef, undef, 0.01 until -e '" + files + "/'.$you; " + ANSWER + " }";
        ChildFunction rendezvous = Nursery.perl("rendezvous", meet);
        try (Nursery nursery = new Nursery(2, 0)) {
            Started one = nursery.start(rendezvous, Map.of(), 0);
            Started two = nursery.start(rendezvous, Map.of(), 2);

            assertThat(Nursery.doubles(one.end())).containsExactly(0);
            assertThat(Nursery.doubles(two.end())).containsExactly(2);
        }
    }

    @Test
    void whoeverComesFirstIsServedFirst() {
        try (Nursery nursery = new Nursery(1, 0)) {
            List<Integer> order = Collections.synchronizedList(new ArrayList<>());
            List<CompletableFuture<Void>> all = new ArrayList<>();
            Execution execution = nursery.children.execution(1, () -> {});
            for (int i = 0; i < 20; i++) {
                int place = i;
                Started started = Nursery.start(
                        execution, nursery.call(i % 2 == 0 ? ECHO : OTHER, Map.of(), Nursery.npy(i), Duration.ZERO));
                all.add(started.ending().thenAccept(_ -> order.add(place)));
            }

            all.forEach(CompletableFuture::join);
            assertThat(order).isSorted();
        }
    }

    @Test
    void aLanesShareCountsItsOwnCallsUntilTheirEndHasBeenTold() {
        try (Nursery nursery = new Nursery(1, 0)) {
            Execution lane = nursery.children.execution(2, () -> {});
            Execution other = nursery.children.execution(2, () -> {});
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicReference<Thread> teller = new AtomicReference<>();
            Execution.Running _ = lane.start(nursery.call(ECHO, Map.of(), Nursery.npy(1), Duration.ZERO), _ -> {
                teller.set(Thread.currentThread());
                told.countDown();
                awaitLatch(goOn);
            });

            awaitLatch(told);
            assertThat(lane.free()).isEqualTo(1);
            assertThat(other.free()).isEqualTo(2);
            assertThat(teller.get()).isNotSameAs(Thread.currentThread());
            assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), 2)))
                    .as("who is told may wait without holding the child")
                    .containsExactly(2);

            lane.resize(5);
            assertThat(lane.free()).isEqualTo(4);
            goOn.countDown();
            await().atMost(Nursery.PATIENCE).until(() -> lane.free() == 5);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void closingStopsWhatRunsAndWaitsAndLeavesNoProcess() {
        List<Long> before = Nursery.processes();
        Nursery nursery = new Nursery(2, 0);
        Path begun = files.resolve("begun");
        assertThat(Nursery.doubles(nursery.run(ECHO, Map.of(), 1))).containsExactly(1);
        Started running = nursery.start(hanging(begun), Map.of(), 1);
        Started starting = nursery.start(Nursery.java("identity"), Map.of(), 1);
        Started waiting = nursery.start(ECHO, Map.of(), 1);
        await().atMost(Nursery.PATIENCE).until(() -> Files.exists(begun));

        nursery.close();

        assertThat(running.end()).isEqualTo(new Ending.Stopped());
        assertThat(waiting.end()).isInstanceOfAny(Ending.Stopped.class, Ending.Answered.class);
        assertThat(starting.end()).isNotNull();
        assertThat(Nursery.processes()).isSubsetOf(before);
        assertThat(nursery.run(ECHO, Map.of(), 1)).isEqualTo(new Ending.Stopped());
    }

    @Test
    void aFloodOfErrorOutputHoldsNothingUp() {
        try (Nursery nursery = new Nursery(1, 0)) {
            ChildFunction loud = Nursery.perl(
                    "loud",
                    "while (my ($id, $body) = request()) { print STDERR 'x' x 5_000_000; print STDERR qq(\\n"
                            + "line $_) for 1..200_000; "
                            + ANSWER + " }");

            assertThat(Nursery.doubles(nursery.run(loud, Map.of(), 1))).containsExactly(1);
        }
    }
}

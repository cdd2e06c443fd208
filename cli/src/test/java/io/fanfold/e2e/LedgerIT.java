package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.topics.TopicLayout;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.fanfold.worker.lane.Bookmark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a successor computes again of a lane whose lowest chunk is slow, and of which all others are done. */
final class LedgerIT {
    private static final int QUICK = 200;
    private static final ArraySlice ARRAY = Jobs.array(0, 1 + QUICK);
    private static final TopicLayout ONE_LANE = new TopicLayout(Set.of(Topics.DEFAULT_POOL), 1, 2, 1);

    @TempDir
    private Path directory;

    private static long done(Bookmark bookmark) {
        return bookmark.offset()
                + bookmark.done().stream()
                        .mapToLong(run -> run.to() - run.from())
                        .sum();
    }

    /** What the successor has begun of a worker that was killed when so many chunks were committed as done. */
    private List<Long> begunAgain(int committed, String... options) throws Exception {
        Path plugins = Plugins.crashes(directory);
        Tally tally = new Tally(directory.resolve("tally"));
        Path gate = directory.resolve("gate");
        Map<String, ?> parameters = Map.of("log", tally.file().toString(), "gated", 0, "gate", gate.toString());
        try (Fleet fleet = Fleet.on(TestBroker.of(BrokerKind.IN_JVM).mortalFleet(ONE_LANE))) {
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle job =
                    Jobs.submit(fleet, Plugins.description(plugins, "tally@1"), parameters, Strategy.THREADS, ARRAY);
            try (RealWorker _ = RealWorker.start(fleet.kafka(), "worker-1", plugins, options)) {
                await().atMost(Fleet.LONG).until(() -> job.progress().done() == QUICK);
                Jobs.untilCommitted(fleet, lanes -> lanes.size() == 1 && done(lanes.getFirst()) == committed);
            }
            assertThat(tally.runs()).hasSize(1 + QUICK);
            Files.createFile(gate);
            try (RealWorker second = RealWorker.start(fleet.kafka(), "worker-2", plugins, options)) {
                assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
                Jobs.untilDone(fleet, 1 + QUICK);
                return tally.runsIn(second).stream().map(Tally.Run::chunk).toList();
            }
        }
    }

    @Test
    void aSuccessorComputesAgainWhatWasNotDoneAndNothingElse() throws Exception {
        assertThat(begunAgain(QUICK, "--threads", "2")).containsExactly(0L);
    }

    @Test
    void withoutTheCompletionsInTheCommitItComputesAllAgainAboveTheLowest() throws Exception {
        assertThat(begunAgain(0, "--threads", "2", "--no-completions"))
                .doesNotHaveDuplicates()
                .hasSize(1 + QUICK);
    }
}

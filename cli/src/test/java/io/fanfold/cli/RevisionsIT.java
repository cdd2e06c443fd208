package io.fanfold.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fanfold.producer.client.Changes;
import io.fanfold.producer.client.Revision;
import io.fanfold.producer.client.Revisions;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.ChunkHeader;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.ResultInfo;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.TestBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code replay}: what is written to make a result whole, and what is refused. Nobody computes here; ends are written by hand. */
final class RevisionsIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final JobId HOLED = new JobId("jHoled");

    @TempDir
    Path directory;

    private final Holed fleet = new Holed(TestBroker.of(BrokerKind.IN_JVM).freshFleet());

    /** A job without chunks 1 and 3, whose letters lie among others: one twice, one of another job. */
    @BeforeEach
    void aJobWithHoles() {
        fleet.accepted("jHoled");
        fleet.accepted("jOther");
        fleet.setAside("jOther", 0);
        fleet.setAside("jHoled", 3);
        fleet.setAside("jHoled", 1);
        fleet.setAside("jHoled", 3);
        fleet.completed("jHoled", 2);
    }

    private Revisions revisions() {
        return Revisions.connect(fleet.kafka(), "test", Optional.empty(), new SimpleMeterRegistry());
    }

    private Revision replay(JobId job, Changes changes) {
        try (Revisions revisions = revisions()) {
            return revisions.replay(job, changes);
        }
    }

    private void refused(String job, String... named) {
        Holed.Said said = fleet.fanfold("replay", job);

        assertThat(said.err().lines()).as(said.err()).hasSize(1);
        assertThat(said.err()).contains(named);
        assertThat(said.code()).isEqualTo(2);
    }

    private JobHeader headerOf(ConsumerRecord<byte[], byte[]> chunk) {
        return Records.jobHeader(Records.rawJobHeader(chunk));
    }

    @Test
    void aRevisionIsAJobOfTheFailedChunksAloneWithTheirOwnValues() {
        Revision revision = replay(HOLED, Changes.NONE);

        assertThat(revision.standing()).isEqualTo(Revision.Standing.NEW);
        JobRecord.Spec old = Holed.spec("jHoled", Optional.empty());
        JobRecord.Spec expected = Holed.spec(
                "jHoled-r2",
                Optional.of(new JobRecord.Revision(
                        HOLED, 2, List.of(new JobRecord.Revision.Run(1, 1), new JobRecord.Revision.Run(3, 1)))));
        JobRecord.Spec spec = revision.job().spec();
        assertThat(spec)
                .usingRecursiveComparison()
                .ignoringFields("fingerprint")
                .isEqualTo(expected);
        assertThat(spec.header().outcomesPartition()).isEqualTo(old.header().outcomesPartition());
        assertThat(fleet.jobs()).contains(spec).endsWith(new JobRecord.Seal(spec.job(), 4, 20));
        assertThat(fleet.read(fleet.chunks())).hasSize(2).allSatisfy(chunk -> {
            ChunkHeader place = Records.chunkHeader(chunk);
            assertThat(headerOf(chunk)).isEqualTo(spec.header());
            assertThat(place).isEqualTo(new ChunkHeader(place.index(), 5 * place.index(), OptionalLong.of(4)));
            assertThat(chunk.value()).isEqualTo(Holed.value((int) place.index()));
            assertThat(new String(chunk.key(), StandardCharsets.UTF_8)).isEqualTo("jHoled-r2/" + place.index());
        });
        assertThat(fleet.read(fleet.chunks()))
                .extracting(chunk -> Records.chunkHeader(chunk).index())
                .containsExactlyInAnyOrder(1L, 3L);
    }

    @Test
    void theCommandWaitsForItAndFetchesItsResult() throws Exception {
        Path out = directory.resolve("y.npy");
        CompletableFuture<Holed.Said> said =
                CompletableFuture.supplyAsync(() -> fleet.fanfold("replay", "jHoled", "--out", out.toString()));
        await().atMost(LONG).until(() -> fleet.read(fleet.chunks()).size() == 2);
        assertThat(said).isNotDone();

        fleet.completed("jHoled-r2", 0);

        Holed.Said ended = said.get(60, TimeUnit.SECONDS);
        assertThat(ended.code()).as(ended.err()).isZero();
        assertThat(ended.out())
                .contains("job jHoled-r2: 2 chunks of jHoled again with scale@1, all computed", out.toString());
        assertThat(out).hasBinaryContent(Npy.encode(Holed.ROWS));
    }

    @Test
    void oneThatIsWholeIsNotMadeAgainButFetched() {
        replay(HOLED, Changes.NONE);
        fleet.completed("jHoled-r2", 0);
        int jobs = fleet.jobs().size();
        Path out = directory.resolve("y.npy");

        Holed.Said said = fleet.fanfold("replay", "jHoled", "--out", out.toString(), "--json");

        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .startsWith("{\"job\":\"jHoled-r2\",\"revisionOf\":\"jHoled\",\"revision\":2,\"standing\":\"whole\"")
                .contains("\"replayed\":2,\"failed\":0");
        assertThat(out).hasBinaryContent(Npy.encode(Holed.ROWS));
        assertThat(fleet.fanfold("replay", "jHoled-r2").out()).contains("job jHoled-r2 is whole already");
        assertThat(fleet.jobs()).hasSize(jobs);
    }

    @Test
    void oneThatRunsIsJoinedAndNothingIsWrittenTwice() {
        replay(HOLED, Changes.NONE);

        try (Revisions revisions = revisions()) {
            Revision joined = revisions.replay(HOLED, Changes.NONE);

            assertThat(joined.standing()).isEqualTo(Revision.Standing.RUNNING);
            assertThat(fleet.read(fleet.chunks())).hasSize(2);
            fleet.said(JobState.Terminal.ended(joined.job().id(), JobState.End.FAILED, "too bad"));
            assertThat(joined.job()
                            .ended()
                            .orTimeout(60, TimeUnit.SECONDS)
                            .join()
                            .error())
                    .contains("too bad");
        }
    }

    @Test
    void oneWhoseMakerDiedBeforeItsChunksWereWrittenIsWrittenByTheNext() {
        try (Revisions first = revisions()) {
            first.accept(HOLED, Changes.NONE);
        }
        assertThat(fleet.read(fleet.chunks())).isEmpty();

        assertThat(replay(HOLED, Changes.NONE).standing()).isEqualTo(Revision.Standing.RUNNING);

        assertThat(fleet.read(fleet.chunks())).hasSize(2);
        assertThat(fleet.jobs()).endsWith(new JobRecord.Seal(new JobId("jHoled-r2"), 4, 20));
    }

    @Test
    void aDispatchThatIsStoppedSealsNothing() {
        try (Revisions revisions = revisions()) {
            Revision revision = revisions.accept(HOLED, Changes.NONE);

            revisions.dispatch(revision, () -> false);

            assertThat(fleet.read(fleet.chunks())).isEmpty();
            assertThat(fleet.jobs()).noneMatch(record -> record instanceof JobRecord.Seal);
        }
    }

    @Test
    void afterARevisionThatFailedComesAnotherOfTheSameJob() {
        replay(HOLED, Changes.NONE);
        fleet.said(JobState.Terminal.ended(new JobId("jHoled-r2"), JobState.End.CANCELLED, "not now"));

        JobRecord.Spec third = replay(HOLED, Changes.NONE).job().spec();

        assertThat(third.job().value()).isEqualTo("jHoled-r3");
        assertThat(third.revision().orElseThrow().of()).isEqualTo(HOLED);
    }

    @Test
    void whatFailsAgainIsTakenFromTheRevisionsOwnLetters() {
        replay(HOLED, Changes.NONE);
        fleet.setAside("jHoled-r2", 3);
        fleet.completed("jHoled-r2", 1);

        JobRecord.Revision third =
                replay(HOLED, Changes.NONE).job().spec().revision().orElseThrow();

        assertThat(third.of()).isEqualTo(new JobId("jHoled-r2"));
        assertThat(third.holes()).containsExactly(new JobRecord.Revision.Run(3, 1));
    }

    @Test
    void anotherVersionAndOtherParametersAreInTheChunksHeaders() {
        FunctionDescription second = FunctionDescription.of("scale@2", "x")
                .withParameters(
                        Parameter.required("factor", Parameter.Type.NUMBER, "x"),
                        Parameter.withDefault("mended", Parameter.Type.BOOLEAN, true, "x"));
        fleet.write(List.of(Records.offer(fleet.kafka().topics(), new FunctionOffer("default", second))));

        replay(HOLED, new Changes(Optional.of("scale@2"), Map.of("factor", "3"), Optional.empty()));

        assertThat(fleet.read(fleet.chunks())).hasSize(2).allSatisfy(chunk -> {
            assertThat(headerOf(chunk).function()).isEqualTo(FunctionId.parse("scale@2"));
            assertThat(headerOf(chunk).parameters()).isEqualTo(Map.of("factor", 3L, "mended", true));
        });
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> replay(HOLED, new Changes(Optional.empty(), Map.of("factor", "4"), Optional.empty())))
                .withMessageContaining("jHoled-r2 is running already, with scale@2");
        refusedFunction();
    }

    private void refusedFunction() {
        fleet.said(JobState.Terminal.ended(new JobId("jHoled-r2"), JobState.End.FAILED, "no"));
        Holed.Said said = fleet.fanfold("replay", "jHoled", "--function", "nope");
        assertThat(said.err()).contains("no worker of pool default has a function \"nope\"");
        assertThat(said.code()).isEqualTo(2);
    }

    @Test
    void aChunkThatIsNotAmongTheLettersIsMissedBeforeAnythingIsWritten() {
        fleet.accepted("jThin");
        fleet.setAside("jThin", 2);
        fleet.completed("jThin", 3);

        refused("jThin", "no record of 2 of its 3 failed chunks; there are those of chunk 2", "submit the array again");
        assertThat(fleet.jobs()).hasSize(3);
    }

    @Test
    void lettersOfMoreChunksThanFailedAreNotGuessedAt() {
        fleet.accepted("jThick");
        fleet.setAside("jThick", 0);
        fleet.setAside("jThick", 1);
        fleet.completed("jThick", 1);

        refused("jThick", "jThick has 1 failed chunks and dead letters of 2", "list of errors", "--http-advertised");
    }

    @Test
    void whereTheListOfErrorsIsServedTheMissingAreNamedAndChunksThatWereComputedElsewhereAreLeftOut() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] json = "{\"errors\":[{\"index\":3}]}".getBytes(StandardCharsets.UTF_8);
            if (exchange.getRequestURI().getPath().endsWith("jThin")) {
                json = "{\"errors\":[{\"index\":0},{\"index\":2}]}".getBytes(StandardCharsets.UTF_8);
            }
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
            exchange.close();
        });
        server.start();
        try {
            String base = "http://localhost:" + server.getAddress().getPort() + "/";
            fleet.accepted("jThin");
            fleet.setAside("jThin", 2);
            served("jThin", 2, base);
            fleet.accepted("jLate");
            fleet.setAside("jLate", 1);
            fleet.setAside("jLate", 3);
            served("jLate", 1, base);

            refused("jThin", "no record of chunk 0; submit the array again");
            assertThat(replay(new JobId("jLate"), Changes.NONE)
                            .job()
                            .spec()
                            .revision()
                            .orElseThrow()
                            .holes())
                    .containsExactly(new JobRecord.Revision.Run(3, 1));
        } finally {
            server.stop(0);
        }
    }

    private void served(String job, long holes, String base) {
        ResultInfo.Holes where = new ResultInfo.Holes(holes, Optional.empty(), Optional.of(base + job));
        fleet.said(JobState.Terminal.completed(
                new JobId(job),
                new ResultInfo(
                        "<f4",
                        "(5, 3)",
                        9,
                        "0badcafe",
                        "file:///x",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(where),
                        Optional.empty())));
    }

    @Test
    void whatCannotBeMadeWholeIsSaidInALine() {
        fleet.said(JobState.Terminal.ended(new JobId("jOther"), JobState.End.FAILED, "chunk 0 failed"));
        fleet.accepted("jWhole");
        fleet.completed("jWhole", 0);
        fleet.accepted("jRuns");

        refused("jNone", "there is no job jNone; fanfold jobs");
        refused("jOther", "jOther ended FAILED", "(chunk 0 failed)", "submit it again");
        refused("jWhole", "jWhole is whole: none of its chunks failed");
        refused("jRuns", "jRuns is SUBMITTED", "once it is COMPLETED");
        refused("a/b", "\"a/b\"");
        fleet.said(new JobState.Gone(HOLED, JobState.End.LOST, "the disk was replaced"));
        refused("jHoled", "jHoled is LOST (the disk was replaced)", "submit the array again");
        assertThat(fleet.fanfold("replay", "jHoled", "--out", "/nowhere/y.npy").err())
                .contains("no directory");
    }

    @Test
    void aLetterOfAJobThatIsCompletedPointsTheWay() {
        assertThat(fleet.fanfold("dead-letters", "replay", "1").err())
                .contains("job jHoled ended COMPLETED: its result stands; fanfold replay jHoled makes a whole one");
    }
}

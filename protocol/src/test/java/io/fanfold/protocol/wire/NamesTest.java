package io.fanfold.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names that become files, topics and groups. */
final class NamesTest {
    @Test
    void generatedJobIdsDifferAndStartWithALetter() {
        Set<JobId> ids =
                IntStream.range(0, 10_000).mapToObj(_ -> JobId.generate()).collect(Collectors.toSet());

        assertThat(ids).hasSize(10_000).allSatisfy(id -> assertThat(id.value()).matches("j[A-Za-z0-9_-]{16}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "a\\b", "a b", "a\n", "a\0", "ü", "a.npy"})
    void aJobIdThatCouldBeAPathIsRefused(String id) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> new JobId(id))
                .withMessageStartingWith("job id \"")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void aJobIdHasAtMostSixtyFourCharacters() {
        assertThat(new JobId("x".repeat(64)).value()).hasSize(64);
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> new JobId("x".repeat(65)));
    }

    @Test
    void aFunctionIsNamedByNameAndVersion() {
        FunctionId id = FunctionId.parse("my.module:f-2@1.0");

        assertThat(id).isEqualTo(new FunctionId("my.module:f-2", "1.0"));
        assertThat(id).hasToString("my.module:f-2@1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"f", "f@", "@1", "f@1@2", "1f@1", "f g@1", "f@1/2", ""})
    void whatIsNoFunctionIsRefused(String text) {
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> FunctionId.parse(text));
    }

    @Test
    void everyTopicGroupAndTransactionalIdIsUnderThePrefix() {
        Topics topics = new Topics("acme");

        assertThat(Set.of(
                        topics.submissions(),
                        topics.jobs(),
                        topics.chunks("gpu"),
                        topics.outcomes(),
                        topics.states(),
                        topics.functions(),
                        topics.control(),
                        topics.deadLetters(),
                        topics.workerGroup("gpu"),
                        topics.producerGroup(),
                        topics.aggregatorGroup(),
                        topics.ownerOf(3)))
                .hasSize(12)
                .allSatisfy(name -> assertThat(name).startsWith("acme."));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "ü"})
    void aPrefixOrPoolThatNoTopicCanHaveIsRefused(String name) {
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> new Topics(name));
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> Topics.DEFAULT.chunks(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "threads", "processes", "async"})
    void aStrategyIsWrittenAsPeopleWriteIt(String text) {
        assertThat(Strategy.parse(text).wire()).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"1,2", "9,10", "1.9,1.10", "1.9.3,1.10", "1,1.1", "v2,v10", "2,v1", "1-rc1,1-rc2"})
    void versionsAreOrderedAsPeopleCountThem(String earlier, String later) {
        assertThat(FunctionId.compareVersions(earlier, later)).isNegative();
        assertThat(FunctionId.compareVersions(later, earlier)).isPositive();
        assertThat(FunctionId.compareVersions(later, later)).isZero();
    }

    @Test
    void aChunksTopicTellsItsPoolAndNoOtherTopicHasOne() {
        Topics topics = new Topics("acme");

        assertThat(topics.poolOf(topics.chunks("gpu"))).contains("gpu");
        assertThat(topics.poolOf("acme.chunks.")).isEmpty();
        assertThat(topics.poolOf("acme.chunks.a/b")).isEmpty();
        assertThat(topics.poolOf("fanfold.chunks.gpu")).isEmpty();
        assertThat(topics.poolOf(topics.outcomes())).isEmpty();
    }
}

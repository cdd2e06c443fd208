package io.fanfold.producer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.WireException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a revision computes, where its request says something else than the job. */
final class ChangesTest {
    private static final JobRecord.Spec SPEC = Reports.spec("j", Optional.empty());
    private static final FunctionDescription SECOND = FunctionDescription.of("f@2", "x")
            .withParameters(
                    Parameter.required("kept", Parameter.Type.ANY, "x"),
                    Parameter.withDefault("added", Parameter.Type.NUMBER, 0.5, "x"));

    private static Changes.Work of(Changes changes, FunctionDescription there) {
        return changes.of(SPEC, (pool, name) -> {
            assertThat(pool).isEqualTo("default");
            assertThat(there.id().toString()).startsWith(name);
            return there;
        });
    }

    private static Changes to(String function, Map<String, String> parameters) {
        return new Changes(Optional.of(function), parameters, Optional.empty());
    }

    @Test
    void withoutAnyTheFunctionNeedNotBeOffered() {
        Changes.Work work = Changes.NONE.of(SPEC, (pool, name) -> {
            throw new AssertionError("asked for " + name);
        });

        assertThat(work)
                .isEqualTo(
                        new Changes.Work(FunctionId.parse("f@1"), SPEC.header().parameters(), "default"));
    }

    @Test
    void anotherVersionKeepsTheParametersThatItHasAndFillsInTheOthers() {
        Changes.Work work = of(to("f@2", Map.of()), SECOND);

        assertThat(work.function()).isEqualTo(FunctionId.parse("f@2"));
        assertThat(work.parameters())
                .as("text that the job carries stays text")
                .isEqualTo(Map.of("kept", "7", "added", 0.5));
    }

    @Test
    void aParameterThatIsGivenWins() {
        assertThat(of(to("f", Map.of("kept", "8", "added", "2.5")), SECOND).parameters())
                .isEqualTo(Map.of("kept", 8L, "added", 2.5));
    }

    @Test
    void parametersAloneAreThoseOfTheJobsOwnVersion() {
        FunctionDescription first = FunctionDescription.of("f@1", "x")
                .withParameters(
                        Parameter.required("kept", Parameter.Type.STRING, "x"),
                        Parameter.required("changed", Parameter.Type.INTEGER, "x"));
        Changes changes = new Changes(Optional.empty(), Map.of("changed", "5"), Optional.empty());

        assertThat(of(changes, first).parameters()).isEqualTo(Map.of("kept", "7", "changed", 5L));
    }

    @Test
    void aFunctionThatCannotDoItIsRefused() {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> of(to("f@2", Map.of("none", "1")), SECOND))
                .withMessageContaining("\"none\"");
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> of(to("f@2", Map.of()), SECOND.withAnswers("int8", "int8")))
                .withMessageContaining("does not take float64");
    }
}

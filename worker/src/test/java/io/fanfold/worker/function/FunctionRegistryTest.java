package io.fanfold.worker.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.FunctionId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FunctionRegistryTest {
    private final FunctionRegistry builtIn = FunctionRegistry.builtIn();

    @Test
    void theBuiltInFunctionsAreListedInTheirOrder() {
        assertThat(builtIn.descriptions())
                .extracting(description -> description.id().toString())
                .containsExactly(
                        "identity@1",
                        "negate@1",
                        "abs@1",
                        "sqrt@1",
                        "exp@1",
                        "log@1",
                        "scale@1",
                        "clip@1",
                        "mandelbrot@1",
                        "sleep@1");
    }

    @Test
    void aFunctionIsFoundByItsNameAndVersionOnly() {
        assertThat(builtIn.find(FunctionId.parse("sqrt@1"))).isPresent();
        assertThat(builtIn.find(FunctionId.parse("sqrt@2"))).isEmpty();
        assertThat(builtIn.find(FunctionId.parse("cbrt@1"))).isEmpty();
    }

    @Test
    void anyDtypePassesThroughIdentityAtItsOwnSize() {
        FunctionDescription identity = builtIn.latest("identity").orElseThrow();

        assertThat(identity.itemSizeOf(DType.parse("<U7"))).isEqualTo(28);
    }

    @Test
    void theSizeOfAnAnswerIsKnownBeforeItIsComputed() {
        assertThat(builtIn.latest("sqrt").orElseThrow().itemSizeOf(DType.parse(">i2")))
                .isEqualTo(4);
        assertThat(builtIn.latest("abs").orElseThrow().itemSizeOf(DType.parse("<c16")))
                .isEqualTo(8);
        assertThat(builtIn.latest("mandelbrot").orElseThrow().itemSizeOf(DType.parse("<c8")))
                .isEqualTo(4);
    }

    @Test
    void theLatestOfSeveralVersionsIsTheHighestNumberWhereverItIsListed() {
        FunctionRegistry registry =
                FunctionRegistry.of(List.of(named("f", "1.9"), named("f", "1.10"), named("g", "2"), named("f", "1.2")));

        assertThat(registry.latest("f")).map(FunctionDescription::id).contains(new FunctionId("f", "1.10"));
        assertThat(registry.latest("h")).isEmpty();
    }

    @Test
    void twoFunctionsOfOneNameAndVersionAreRefused() {
        assertThatThrownBy(() -> FunctionRegistry.of(List.of(named("f", "1"), named("f", "1"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("two functions are f@1");
        assertThatThrownBy(() -> builtIn.with(List.of(named("sqrt", "1"))))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining("two functions are sqrt@1");
    }

    @Test
    void functionsAreAddedAfterThoseThatAreThereAndTheBuiltInOnesStayAsTheyAre() {
        FunctionRegistry more = builtIn.with(List.of(named("f", "1"), named("sqrt", "2")));

        assertThat(more.descriptions())
                .hasSize(12)
                .startsWith(builtIn.descriptions().toArray(FunctionDescription[]::new));
        assertThat(more.latest("sqrt")).map(FunctionDescription::id).contains(new FunctionId("sqrt", "2"));
        assertThat(builtIn.descriptions()).hasSize(10);
    }

    private static ChunkFunction named(String name, String version) {
        FunctionDescription description =
                new FunctionDescription(new FunctionId(name, version), "", "same", Map.of(), List.of());
        return new ChunkFunction() {
            @Override
            public FunctionDescription description() {
                return description;
            }

            @Override
            public ArraySlice apply(ArraySlice chunk, Map<String, Object> parameters) {
                return chunk;
            }
        };
    }
}

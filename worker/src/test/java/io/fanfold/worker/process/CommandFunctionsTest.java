package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.worker.function.ChildFunction;
import io.fanfold.worker.strategy.Ending;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Functions that are programs of their own, the documented example among them. */
final class CommandFunctionsTest {
    private static final Path EXAMPLE =
            Path.of("../docs/examples/scale.pl").toAbsolutePath().normalize();

    /** The example, where there is a Perl to run it. */
    static ChildFunction example() throws IOException, InterruptedException {
        Printed perl = Printed.by(List.of("perl", "-MJSON::PP", "-e", "1"), Duration.ofSeconds(60));
        Assumptions.assumeTrue(perl.how().equals("exit code 0"), "perl has no JSON::PP: the example is not run");
        return CommandFunctions.describe("scale", List.of("perl", EXAMPLE.toString()));
    }

    @Test
    void theDocumentedExampleSaysWhatItTakes() throws Exception {
        FunctionDescription description = example().description();

        assertThat(description.id()).hasToString("scale@1");
        assertThat(description.about()).isEqualTo("factor * x, for float64");
        assertThat(description.parameters())
                .containsExactly(Parameter.withDefault("factor", Parameter.Type.NUMBER, 2L, "what to multiply by"));
    }

    @Test
    void theDocumentedExampleComputesAndRefuses() throws Exception {
        ChildFunction example = example();
        try (Nursery nursery = new Nursery(1, 0)) {
            Map<String, Object> parameters = example.description().resolve(Map.of("factor", "2.5"));
            for (int i = 0; i < 3; i++) {
                assertThat(Nursery.doubles(nursery.run(example, parameters, i, -4)))
                        .containsExactly(2.5 * i, -10);
            }
            byte[] floats = Npy.encode(
                    new ArraySlice(DType.parse("<f4"), Shape.of(1), Order.C, MemorySegment.ofArray(new byte[4])));
            assertThat(nursery.run(example, floats))
                    .isEqualTo(new Ending.Raised(
                            "WrongDtype", "scale.pl takes float64, not <f4: convert with x.astype('<f8')", "", true));
            assertThat(nursery.count("fanfold.children.started")).isEqualTo(1);
        }
    }

    @Test
    void aProgramThatDoesNotDescribeItselfTakesNoParameters() {
        ChildFunction function = CommandFunctions.describe("echo@7", List.of("echo", "hello"));

        assertThat(function.description().id()).hasToString("echo@7");
        assertThat(function.description().about()).isEqualTo("command echo hello");
        assertThat(function.description().parameters()).isEmpty();
        assertThat(function.description().dtypes()).isEqualTo(Map.of("any", "any"));
        assertThat(function.command()).containsExactly("echo", "hello");
    }

    @Test
    void aProgramThatIsNotThereOrANameThatIsNoneIsRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> CommandFunctions.describe("f", List.of("/no/such/program")))
                .withMessageStartingWith("the command of f cannot be started: ")
                .withMessageContaining("/no/such/program");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> CommandFunctions.describe("1 2", List.of("true")))
                .withMessageContaining("\"1 2\"");
    }
}

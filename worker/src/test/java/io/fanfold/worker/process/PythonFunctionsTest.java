package io.fanfold.worker.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.wire.FunctionDescription;
import io.fanfold.protocol.wire.Parameter;
import io.fanfold.protocol.wire.Strategy;
import io.fanfold.testkit.NumPy;
import io.fanfold.worker.function.ChildFunction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is found out about a function in a Python file. */
final class PythonFunctionsTest {
    private static final String PYTHON = NumPy.here().python();

    @TempDir
    private Path files;

    private ChildFunction describe(String source, String function) throws IOException {
        Path file = files.resolve("work.py");
        Files.writeString(file, source);
        return PythonFunctions.describe(PYTHON, file + ":" + function);
    }

    private String refusal(String source, String function) {
        return assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> describe(source, function))
                .actual()
                .getMessage();
    }

    @Test
    void aFunctionIsNamedAfterItsFileAndRunsAsAProcess() throws IOException {
        ChildFunction f = describe("""
            \"""Work.\"""
            __version__ = "2.1-rc"
            print("importing")
            def f(x):
                \"""Doubles  every element.

                At length.
                \"""
                return 2 * x
            """, "f");

        FunctionDescription description = f.description();
        assertThat(description.id()).hasToString("work:f@2.1-rc");
        assertThat(description.about()).isEqualTo("Doubles every element.");
        assertThat(description.parameters()).isEmpty();
        assertThat(description.dtypes()).isEqualTo(Map.of("any", "any"));
        assertThat(description.strategies()).containsExactlyInAnyOrder(Strategy.AUTO, Strategy.PROCESSES);
        assertThat(description.itemSizeOf(DType.parse("<U7"))).isEqualTo(28);
        assertThat(f.command()).endsWith(files.resolve("work.py").toString(), "f");
    }

    @Test
    void aFunctionThatSaysNothingOfItselfIsVersionOne() throws IOException {
        FunctionDescription description = describe(
                        "__version__ = (1, 2)\nclass A:\n  @staticmethod\n  def f(x): return x\n", "A.f")
                .description();

        assertThat(description.id()).hasToString("work:A.f@1");
        assertThat(description.about()).isEqualTo("python work.py:A.f");
    }

    @Test
    void parametersAreWhatTheSignatureSays() throws IOException {
        FunctionDescription description = describe("""
            from typing import Optional
            def f(x, /, a: int, b: float, c: str, d: bool, e, g=2, h=0.5, i="s", j=True, k=None, l=(1, 2),
                  *, m: Optional[float] = None, n: "int" = 3, o=float("inf"), p=2**70):
                return x
            """, "f").description();

        assertThat(description.parameters())
                .extracting(Parameter::name, Parameter::type, Parameter::required, Parameter::fallback)
                .containsExactly(
                        parameter("a", Parameter.Type.INTEGER, true, null),
                        parameter("b", Parameter.Type.NUMBER, true, null),
                        parameter("c", Parameter.Type.STRING, true, null),
                        parameter("d", Parameter.Type.BOOLEAN, true, null),
                        parameter("e", Parameter.Type.ANY, true, null),
                        parameter("g", Parameter.Type.NUMBER, false, 2L),
                        parameter("h", Parameter.Type.NUMBER, false, 0.5),
                        parameter("i", Parameter.Type.STRING, false, "s"),
                        parameter("j", Parameter.Type.BOOLEAN, false, true),
                        parameter("k", Parameter.Type.ANY, false, null),
                        parameter("l", Parameter.Type.ANY, false, null),
                        parameter("m", Parameter.Type.NUMBER, false, null),
                        parameter("n", Parameter.Type.INTEGER, false, 3L),
                        parameter("o", Parameter.Type.NUMBER, false, null),
                        parameter("p", Parameter.Type.NUMBER, false, null));
    }

    private static org.assertj.core.groups.Tuple parameter(
            String name, Parameter.Type type, boolean required, Object fallback) {
        return org.assertj.core.api.Assertions.tuple(name, type, required, Optional.ofNullable(fallback));
    }

    @Test
    void whatPythonHasNoSignatureOfTakesNoParameters() throws IOException {
        assertThat(describe("from operator import itemgetter\nf = itemgetter(0)\n", "f")
                        .description()
                        .parameters())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "def f(): pass | work.py:f takes no chunk: its first parameter must be the array",
                "def f(*, x): pass | work.py:f takes no chunk: its first parameter must be the array",
                "def f(*x): pass | work.py:f takes *x, so its parameters cannot be known: name each of them, or wrap"
                        + " it",
                "def f(x, *more): pass | work.py:f takes *more, so its parameters cannot be known",
                "def f(x, **more): pass | work.py:f takes **more, so its parameters cannot be known",
                "def f(x, y, /): pass | work.py:f takes y by position only: parameters are given by name",
                "f = [1] | f in work.py is a list, not a function",
                "def g(x): pass; h = g; _i = g | work.py has no function f; it has g",
                "from math import sin | work.py has no function f; it has none",
                "import nowhere | work.py cannot be imported: ModuleNotFoundError: No module named 'nowhere' (line 1)",
                "x = 1; y = x / 0 | work.py cannot be imported: ZeroDivisionError: division by zero (line 1)",
                "def f(x) return x | work.py cannot be imported: SyntaxError",
                "import sys; sys.exit(2) | work.py cannot be imported: it calls sys.exit(2); put that under if __name__"
            })
    void whatCannotBeRunIsRefusedInOneLine(String source, String message) {
        assertThat(refusal(source, "f")).startsWith(message).doesNotContain("\n");
    }

    @Test
    void theLineOfASyntaxErrorIsNamed() {
        assertThat(refusal("import os\n\ndef f(x) return x\n", "f")).endsWith("(line 3)");
    }

    @Test
    void aFileThatIsNotThereOrNamesNoFunctionIsRefused() {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> PythonFunctions.describe(PYTHON, "no/such.py:f"))
                .withMessageStartingWith("no such file: /")
                .withMessageEndingWith("no/such.py; check the path");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> PythonFunctions.describe(PYTHON, "work.py"))
                .withMessage("\"work.py\" names no function of a file: write FILE.py:FUNCTION");
    }

    @Test
    void aPythonThatIsNotThereOrIsNoneIsRefused() throws IOException {
        Path file = Files.writeString(files.resolve("work.py"), "def f(x): return x\n");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> PythonFunctions.describe("/no/python", file + ":f"))
                .withMessageStartingWith("cannot run /no/python: ")
                .withMessageEndingWith("; Python 3.9 or later with NumPy is needed");
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> PythonFunctions.describe("true", file + ":f"))
                .withMessage(
                        "work.py:f cannot be imported by true (exit code 0): Python 3.9 or later with NumPy is needed");
    }

    @Test
    void aPythonWithoutNumPyIsRefusedWithTheRemedy() throws IOException {
        Path blind = Files.writeString(files.resolve("blind-python"), """
            #!/bin/sh
            exec "%s" -I -S "$@"
            """.formatted(PYTHON));
        assertThat(blind.toFile().setExecutable(true)).isTrue();
        Path file = Files.writeString(files.resolve("work.py"), "def f(x): return x\n");

        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> PythonFunctions.describe(blind.toString(), file + ":f"))
                .withMessageContaining("has no NumPy")
                .withMessageContaining("-m pip install numpy");
    }

    @Test
    void lettersThatNoNameHasAreReplaced() throws IOException {
        Path file = Files.writeString(files.resolve("3d möbius.py"), "def größe(x): return x\n");

        assertThat(PythonFunctions.describe(PYTHON, file + ":größe")
                        .description()
                        .id())
                .hasToString("_3d_m_bius:gr__e@1");
    }
}

package io.fanfold.cli.show;

import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Colours of a terminal, where a person watches and has not said {@code NO_COLOR}. */
public enum Colours {
    GREEN("32"),
    YELLOW("33"),
    RED("31"),
    CYAN("36"),
    PLAIN("");

    private final String code;

    Colours(String code) {
        this.code = code;
    }

    /** Whether there are any here. */
    public static boolean on() {
        return wanted(System.getenv("NO_COLOR")) && Progress.onTerminal();
    }

    /** @param noColor what the environment says; nothing, and nothing in it, are the same */
    static boolean wanted(@Nullable String noColor) {
        return noColor == null || noColor.isEmpty();
    }

    /** The text in this colour, where there are any. */
    public String of(String text) {
        return on() ? always(text) : text;
    }

    String always(String text) {
        return code.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** Each text in a colour of its own. */
    public static UnaryOperator<String> by(Function<String, Colours> colour) {
        return text -> colour.apply(text.strip()).of(text);
    }
}

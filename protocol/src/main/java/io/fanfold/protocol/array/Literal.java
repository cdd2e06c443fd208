package io.fanfold.protocol.array;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A value written as Python source, as far as .npy headers use it (NEP 1: the header is a Python literal). Reading is
 * {@link #parse}, writing is {@link #repr}, which gives the characters that Python's {@code repr} gives.
 */
public sealed interface Literal {

    /** A string: {@code 'a'}. */
    record Text(String value) implements Literal {
        @Override
        public String repr() {
            return PythonText.repr(value);
        }
    }

    /** An integer of 64 bits: {@code 12}. */
    record Whole(long value) implements Literal {
        @Override
        public String repr() {
            return Long.toString(value);
        }
    }

    /** {@code True} or {@code False}. */
    record Flag(boolean value) implements Literal {
        @Override
        public String repr() {
            return value ? "True" : "False";
        }
    }

    /** {@code None}. */
    record None() implements Literal {
        @Override
        public String repr() {
            return "None";
        }
    }

    /** A tuple: {@code (1, 2)}, {@code (1,)}, {@code ()}. */
    record Tuple(List<Literal> items) implements Literal {
        public Tuple {
            items = List.copyOf(items);
        }

        @Override
        public String repr() {
            return "(" + joined(items) + (items.size() == 1 ? ",)" : ")");
        }
    }

    /** A list: {@code [1, 2]}. */
    record Sequence(List<Literal> items) implements Literal {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String repr() {
            return "[" + joined(items) + "]";
        }
    }

    /** A dict whose keys are strings: <code>{'a': 1}</code>. {@code repr} writes the keys in alphabetical order. */
    record Dict(Map<String, Literal> entries) implements Literal {
        public Dict {
            entries = Map.copyOf(entries);
        }

        @Override
        public String repr() {
            return entries.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(entry -> PythonText.repr(entry.getKey()) + ": "
                            + entry.getValue().repr())
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /** The value as Python writes it. */
    String repr();

    /**
     * Reads one Python literal: strings with escapes, integers, True, False, None, tuples, lists and dicts. Nothing is
     * ever evaluated.
     *
     * @throws ArrayFormatException where the text is something else, is nested deeper than 64, or an integer passes 64
     *     bits
     */
    static Literal parse(String text) {
        return new LiteralParser(text).parse();
    }

    /** The value as an error quotes it: as Python writes it, on one line, shortened to about 80 characters. */
    default String brief() {
        String repr = repr();
        return repr.length() <= 80 ? repr : repr.substring(0, 80) + "...";
    }

    /** A text as an error quotes it. */
    static String quote(String text) {
        return new Text(text).brief();
    }

    private static String joined(List<Literal> items) {
        return items.stream().map(Literal::repr).collect(Collectors.joining(", "));
    }
}

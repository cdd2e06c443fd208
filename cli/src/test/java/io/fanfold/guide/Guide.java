package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fenced blocks of a guide, in their order. The first starts the fleet; of the others, {@code sh} is for a terminal, a block whose
 * first line is a comment with a file's name is that file, and {@code text} and {@code json} are what the terminal shows after the
 * block before.
 */
record Guide(List<Snippet> snippets) {
    /** How every guide begins. */
    static final String FLEET = "./fanfold up --port 9092 --http-port 8080\n";

    private static final Pattern BLOCK =
            Pattern.compile("^```(?<language>\\w*)\\n(?<text>.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("(?:#|//) (?<name>[\\w-]+\\.\\w+)\\n.*", Pattern.DOTALL);

    /** What a reader does with a block. */
    sealed interface Snippet {
        /** Saves it. */
        record Source(String name, String text) implements Snippet {}

        /** Types it. */
        record Typed(String text, Optional<Shown> shown) implements Snippet {}
    }

    /** What a terminal shows; each {@code …} stands for any text. */
    record Shown(String text) {
        private static final String ANYTHING = "\u2026";

        void assertIs(String output) {
            StringBuilder pattern = new StringBuilder();
            for (String part : text.strip().split(ANYTHING, -1)) {
                pattern.append(pattern.isEmpty() ? "" : ".*?").append(Pattern.quote(part));
            }
            assertThat(output.replace("\r\n", "\n").strip())
                    .as("what the guide shows:%n%s", text)
                    .matches(Pattern.compile(pattern.toString(), Pattern.DOTALL));
        }
    }

    /** Reads a guide; every block of it is one of those above. */
    static Guide read(Path file) throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        boolean begun = false;
        Matcher block = BLOCK.matcher(Files.readString(file));
        while (block.find()) {
            String text = block.group("text");
            if (begun) {
                add(snippets, block.group("language"), text);
            } else {
                assertThat(text).as("the first block of %s", file).isEqualTo(FLEET);
                begun = true;
            }
        }
        return new Guide(snippets);
    }

    private static void add(List<Snippet> snippets, String language, String text) {
        switch (language) {
            case "sh" -> snippets.add(new Snippet.Typed(text, Optional.empty()));
            case "text", "json" -> {
                assertThat(snippets.removeLast())
                        .as("what comes before\n%s", text)
                        .isInstanceOfSatisfying(
                                Snippet.Typed.class,
                                typed -> snippets.add(new Snippet.Typed(typed.text(), Optional.of(new Shown(text)))));
            }
            default -> {
                Matcher name = NAME.matcher(text);
                assertThat(name.matches())
                        .as("a comment that names a file begins this block:%n%s", text)
                        .isTrue();
                snippets.add(new Snippet.Source(name.group("name"), text));
            }
        }
    }

    List<Snippet.Source> sources() {
        return only(Snippet.Source.class);
    }

    List<Snippet.Typed> typed() {
        return only(Snippet.Typed.class);
    }

    private <T> List<T> only(Class<T> kind) {
        return snippets.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
}

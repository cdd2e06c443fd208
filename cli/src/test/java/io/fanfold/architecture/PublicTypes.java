package io.fanfold.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The list of types that other packages may see, one name a line. */
final class PublicTypes {
    static final String FILE = "cli/src/test/resources/public-types.txt";

    private PublicTypes() {}

    /** The public top-level types that a module may have. */
    static Set<String> of(String module) {
        try (InputStream in = Objects.requireNonNull(PublicTypes.class.getResourceAsStream("/public-types.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("io.fanfold." + module + "."))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

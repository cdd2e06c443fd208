package io.fanfold.aggregator.store;

import java.util.regex.Pattern;

/**
 * A whole file in a store, as it was when it was looked up.
 *
 * @param bytes how many it has
 * @param version letters, digits and hyphens; another one once other bytes are put under the name
 */
public record Kept(String name, long bytes, String version) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,127}");

    public Kept {
        checked(name);
    }

    /** The name, which cannot lead out of the store. */
    static String checked(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name
                    + "\" names nothing in a store: 1 to 128 of A-Z a-z 0-9 _ . -, the first of them no dot");
        }
        return name;
    }
}

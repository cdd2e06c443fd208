package io.fanfold.protocol.wire;

import java.util.regex.Pattern;

/** How outcomes become the result: {@code concat}, or the name of a reduction. */
public record Fold(String name) {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_.:-]{0,63}"); // before the first Fold

    public static final Fold CONCAT = new Fold("concat");

    public Fold {
        if (!FORM.matcher(name).matches()) {
            throw new WireException("fold \"" + Json.shorten(name) + "\" does not match " + FORM.pattern());
        }
    }

    @Override
    public String toString() {
        return name;
    }
}

package io.fanfold.protocol.wire;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A function's name and version, written {@code name@version}. A job names exactly one version. */
public record FunctionId(String name, String version) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:-]{0,127}");
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._-]{1,32}");
    /** Between a digit and something else. */
    private static final String PARTS = "(?<=\\d)(?=\\D)|(?<=\\D)(?=\\d)";

    private static final Pattern FORM = Pattern.compile("([^@]*)@([^@]*)");

    public FunctionId {
        if (!NAME.matcher(name).matches()) {
            throw new WireException("function name \"" + Json.shorten(name) + "\" does not match " + NAME.pattern());
        }
        if (!VERSION.matcher(version).matches()) {
            throw new WireException(
                    "function version \"" + Json.shorten(version) + "\" does not match " + VERSION.pattern());
        }
    }

    public static FunctionId parse(String text) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) {
            throw new WireException("function \"" + Json.shorten(text) + "\" is not of the form name@version");
        }
        return new FunctionId(m.group(1), m.group(2));
    }

    /** Orders versions as people count them: digits in a row are one number, so that 1.10 comes after 1.9. */
    public static int compareVersions(String a, String b) {
        String[] left = a.split(PARTS, -1);
        String[] right = b.split(PARTS, -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = compareParts(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int compareParts(String a, String b) {
        boolean numbers = a.matches("\\d+") && b.matches("\\d+");
        return numbers ? new BigInteger(a).compareTo(new BigInteger(b)) : a.compareTo(b);
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}

package io.fanfold.cli.doctor;

import java.util.Locale;

/** Numbers of bytes for people. */
final class Bytes {
    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};
    private static final int STEP = 1000;

    private Bytes() {}

    /** Such as {@code 512 bytes} or {@code 1.5 GB}. */
    static String text(long bytes) {
        if (bytes < STEP) {
            return bytes + " bytes";
        }
        double rest = (double) bytes / STEP;
        int unit = 0;
        while (rest >= STEP && unit < UNITS.length - 1) {
            rest /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", rest, UNITS[unit]);
    }
}

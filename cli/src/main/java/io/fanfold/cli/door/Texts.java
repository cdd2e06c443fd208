package io.fanfold.cli.door;

/** What others wrote, made fit for one line of an error. */
final class Texts {
    private static final int LONGEST = 300;

    private Texts() {}

    static String shorten(String text) {
        String line = text.replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
    }
}

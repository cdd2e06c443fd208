package io.fanfold.cli.doctor;

import java.util.Optional;

/**
 * What was seen of one thing.
 *
 * @param what the thing, in a word or two
 * @param detail one line: how it is
 * @param remedy what to do about it: one line
 */
public record Check(String what, Level level, String detail, Optional<String> remedy) {
    /** How bad it is. */
    public enum Level {
        OK,
        /** It could not be found out. */
        UNKNOWN,
        /** The fleet works, and may not for long, or not as it should. */
        WARNING,
        /** The fleet does not work. */
        PROBLEM
    }

    static Check ok(String what, String detail) {
        return new Check(what, Level.OK, detail, Optional.empty());
    }

    static Check unknown(String what, String detail) {
        return new Check(what, Level.UNKNOWN, "not checked: " + detail, Optional.empty());
    }

    static Check warning(String what, String detail, String remedy) {
        return new Check(what, Level.WARNING, detail, Optional.of(remedy));
    }

    static Check problem(String what, String detail, String remedy) {
        return new Check(what, Level.PROBLEM, detail, Optional.of(remedy));
    }
}

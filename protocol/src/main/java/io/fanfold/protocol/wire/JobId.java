package io.fanfold.protocol.wire;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * The name of one accepted job. It is generated at each acceptance and never used again, so chunks and outcomes of two
 * arrays cannot mix. It names files, hence the narrow alphabet.
 */
public record JobId(String value) {
    private static final int LONGEST = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    public JobId {
        if (value.isEmpty() || value.length() > LONGEST || !value.chars().allMatch(JobId::allowed)) {
            throw new WireException("job id \"" + Json.shorten(value) + "\" does not match [A-Za-z0-9_-]{1,64}");
        }
    }

    private static boolean allowed(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    /** A new id of 96 random bits. It starts with a letter, so that it is never taken for a command-line option. */
    public static JobId generate() {
        byte[] bits = new byte[12];
        RANDOM.nextBytes(bits);
        return new JobId("j" + Base64.getUrlEncoder().withoutPadding().encodeToString(bits));
    }

    @Override
    public String toString() {
        return value;
    }
}

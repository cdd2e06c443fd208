package io.fanfold.http;

import io.fanfold.protocol.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;

/**
 * What an HTTP server lets in.
 *
 * @param token what every request has to bear, but those for health, metrics and the interface's description; none: everybody is
 *     let in
 * @param requestsPerSecond of one remote address, in the mean; 0: any number
 * @param headerBytes the most that the head of a request may have
 * @param uploads what a producer takes in
 */
public record HttpSettings(Optional<String> token, int requestsPerSecond, int headerBytes, Uploads uploads) {
    /** What lets everybody in who behaves. */
    public static final HttpSettings DEFAULT = new HttpSettings(Optional.empty(), 1000, 16 * 1024, Uploads.DEFAULT);

    private static final int LEAST_HEADER_BYTES = 1024;

    public HttpSettings {
        Uploads.requireAtLeast("requests-per-second", requestsPerSecond, 0);
        Uploads.requireAtLeast("max-header-bytes", headerBytes, LEAST_HEADER_BYTES);
        token.ifPresent(text -> requireToken("of the server", text));
    }

    /**
     * Makes sure that a token can be sent.
     *
     * @param where it is from, for the error, which does not say the token
     * @throws InvalidRequestException if it is empty, or has characters that a header cannot carry
     */
    public static void requireToken(String where, String token) {
        if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw new InvalidRequestException("the token " + where
                    + " has characters that a header cannot carry (blanks, ends of lines, what is not ASCII), or none"
                    + " at all: use letters, digits and signs of ASCII");
        }
    }

    /**
     * What a producer takes in over HTTP.
     *
     * @param bodyBytes the most that one body may have
     * @param atOnce how many bodies may come in at the same time: each holds some chunks in memory
     * @param openJobs how many jobs may have come in here and not have ended
     * @param drain how long a body that is coming in may go on when the producer is told to end
     */
    public record Uploads(long bodyBytes, int atOnce, int openJobs, Duration drain) {
        public static final Uploads DEFAULT = new Uploads(1L << 40, 32, 1000);

        /** With 20 seconds to drain. */
        public Uploads(long bodyBytes, int atOnce, int openJobs) {
            this(bodyBytes, atOnce, openJobs, Duration.ofSeconds(20));
        }

        public Uploads {
            requireAtLeast("max-body-bytes", bodyBytes, 1);
            requireAtLeast("max-uploads", atOnce, 1);
            requireAtLeast("max-jobs", openJobs, 1);
            requireAtLeast("drain", drain.toSeconds(), 0);
        }

        /** Here and not in the settings, whose defaults need those of the uploads: they would be made one before the other. */
        private static void requireAtLeast(String name, long value, long least) {
            if (value < least) {
                throw new InvalidRequestException(name + " is " + value + "; it must be at least " + least);
            }
        }
    }
}

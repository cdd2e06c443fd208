package io.fanfold.cli.door;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Where a fleet is reached, and how. */
public sealed interface DoorAddress {
    /**
     * Over HTTP.
     *
     * @param server scheme, host and port, perhaps a path; nothing behind it
     * @param token what the server knows us by
     */
    record Http(URI server, Optional<String> token) implements DoorAddress {
        /**
         * Reads an address; without a scheme it is {@code http}.
         *
         * @throws InvalidRequestException if that cannot be one
         */
        public static Http parse(String text, Optional<String> token) {
            String whole = text.contains("://") ? text : "http://" + text;
            Optional<URI> uri = uri(whole.replaceFirst("/+$", "")).filter(Http::fits);
            return new Http(
                    uri.orElseThrow(() -> new InvalidRequestException(
                            "server \"" + text + "\" is no HTTP address; give one such as http://localhost:8080")),
                    token);
        }

        private static Optional<URI> uri(String text) {
            try {
                return Optional.of(new URI(text));
            } catch (URISyntaxException e) {
                return Optional.empty();
            }
        }

        private static boolean fits(URI uri) {
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return http && uri.getHost() != null && uri.getQuery() == null && uri.getFragment() == null;
        }

        @Override
        public Door open(String clientId) {
            return new OverHttp(this);
        }

        @Override
        public String option() {
            return "--server " + server;
        }
    }

    /**
     * Over Kafka, with no server between but those that results are fetched from.
     *
     * @param token what those know us by
     */
    record Kafka(KafkaSettings settings, Optional<String> token) implements DoorAddress {
        @Override
        public Door open(String clientId) {
            return OverKafka.open(settings, token, clientId);
        }

        @Override
        public String option() {
            String prefix = settings.topics().prefix();
            return "--bootstrap-server " + settings.bootstrapServers()
                    + (prefix.equals("fanfold") ? "" : " --topic-prefix " + prefix);
        }
    }

    /**
     * Opens the door.
     *
     * @param clientId what a broker sees us as
     * @throws io.fanfold.protocol.FanfoldException if a broker does not answer, or topics are missing; a server is asked later
     */
    Door open(String clientId);

    /** The same on a command line. */
    String option();
}

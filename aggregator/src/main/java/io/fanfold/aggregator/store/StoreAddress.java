package io.fanfold.aggregator.store;

import io.fanfold.protocol.InvalidRequestException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where results are kept, as it is given to an aggregator: a directory, or {@code s3://BUCKET/PREFIX}. */
public sealed interface StoreAddress {
    /**
     * Reads an address.
     *
     * @param endpoint where the S3 service is, if it is not Amazon's; a directory needs none
     * @throws InvalidRequestException if it is none
     */
    static StoreAddress parse(String text, Optional<String> endpoint) {
        Matcher s3 = S3.ADDRESS.matcher(text);
        if (s3.matches()) {
            String prefix = Objects.requireNonNullElse(s3.group(2), "");
            return new S3(Objects.requireNonNull(s3.group(1)), prefix, endpoint.map(S3::endpoint));
        }
        if (text.isBlank() || text.matches("[A-Za-z][A-Za-z0-9+.-]+:/.*")) {
            throw new InvalidRequestException("the store \"" + text + "\" is neither a directory nor " + S3.FORM
                    + " (--store)" + (text.startsWith("s3:") ? "; " + S3.RULES : ""));
        }
        return new Directory(Path.of(text));
    }

    /** Opens the store; makes a directory, but no bucket. The caller closes. */
    Results open();

    /** A directory of a file system, local or shared. */
    record Directory(Path path) implements StoreAddress {
        @Override
        public Results open() {
            return DirectoryResults.open(path);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * A bucket of Amazon S3 or of a service that speaks its protocol.
     *
     * @param prefix what the names of the objects begin with: empty, or ending with a slash
     * @param endpoint the service, if it is not Amazon's
     */
    record S3(String bucket, String prefix, Optional<URI> endpoint) implements StoreAddress {
        private static final String FORM = "s3://BUCKET/PREFIX";
        private static final String RULES =
                "a bucket has 3 to 63 of a-z 0-9 . -, a prefix has no empty parts and no dots as parts";
        private static final Pattern ADDRESS =
                Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([\\w.!*'()/-]*))?");

        public S3 {
            prefix = slashed(prefix);
        }

        private static String slashed(String prefix) {
            if (prefix.isEmpty()) {
                return "";
            }
            List<String> parts = List.of(prefix.split("/"));
            if (parts.isEmpty() || parts.stream().anyMatch(part -> part.matches("\\.{0,2}"))) {
                throw new InvalidRequestException(
                        "the prefix \"" + prefix + "\" of the store is none (--store); " + RULES);
            }
            return String.join("/", parts) + "/";
        }

        private static URI endpoint(String text) {
            try {
                URI uri = new URI(text);
                if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                throw noEndpoint(text);
            }
            throw noEndpoint(text);
        }

        private static InvalidRequestException noEndpoint(String text) {
            return new InvalidRequestException(
                    "the S3 endpoint \"" + text + "\" is no address such as https://host:port (--s3-endpoint)");
        }

        @Override
        public Results open() {
            return S3Results.open(this);
        }

        @Override
        public String toString() {
            return "s3://" + bucket + "/" + prefix;
        }
    }
}

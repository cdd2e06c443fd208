package io.fanfold.producer.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.BitSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The list of errors of a job with holes, as an aggregator serves it; read as a stream. */
final class ErrorList {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorList.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ErrorList() {}

    /** The chunks that it lists; empty where it cannot be had. */
    static Optional<BitSet> chunks(String address, JobReport of) {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<InputStream> response = http.send(
                    HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return response.statusCode() == 200
                        ? Optional.of(read(body, of.count().orElseThrow()))
                        : Optional.empty();
            }
        } catch (IOException | IllegalArgumentException e) {
            LOG.atWarn().setCause(e).addKeyValue("address", address).log("list of errors cannot be read");
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /**
     * The {@code index} of each object in the array {@code errors}.
     *
     * @param count chunks of the job
     */
    static BitSet read(InputStream json, long count) throws IOException {
        BitSet chunks = new BitSet();
        try (JsonParser parser = new JsonFactory().createParser(json)) {
            while (parser.nextToken() != null) {
                boolean index = parser.currentToken() == JsonToken.FIELD_NAME
                        && "index".equals(parser.currentName())
                        && parser.nextToken() == JsonToken.VALUE_NUMBER_INT;
                if (index && parser.getLongValue() >= 0 && parser.getLongValue() < count) {
                    chunks.set(Math.toIntExact(parser.getLongValue()));
                }
            }
        }
        return chunks;
    }
}

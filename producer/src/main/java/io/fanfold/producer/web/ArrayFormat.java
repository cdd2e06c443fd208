package io.fanfold.producer.web;

import io.fanfold.producer.source.CsvFormat;
import io.fanfold.producer.source.CsvRows;
import io.fanfold.producer.source.JsonRows;
import io.fanfold.producer.source.NpyRows;
import io.fanfold.producer.source.NumberType;
import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.array.DType;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How an array is written in the body of a request. */
sealed interface ArrayFormat {
    /** Those in which numbers are written as in UTF-8. */
    Set<String> CHARSETS = Set.of("utf-8", "utf8", "us-ascii", "ascii");

    /** A {@code .npy} value. */
    record Npy() implements ArrayFormat {}

    /** Lines of numbers. */
    record Csv(CsvFormat format) implements ArrayFormat {}

    /** A nested array. */
    record Json(DType dtype) implements ArrayFormat {}

    /**
     * What a content type says.
     *
     * @param query loses the options that only the format needs
     */
    static ArrayFormat of(HttpRequest<?> request, Query query) {
        Optional<String> said = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        Optional<MediaType> type = request.getContentType();
        if (said.isPresent() && type.isEmpty()) {
            throw unreadable(said.get());
        }
        String name = type.map(MediaType::getName).orElse(MediaType.APPLICATION_OCTET_STREAM);
        type.flatMap(given -> given.getParameters().get("charset")).ifPresent(ArrayFormat::requireUtf8);
        return switch (name) {
            case MediaType.APPLICATION_OCTET_STREAM, "application/x-npy", MediaType.APPLICATION_FORM_URLENCODED ->
                new Npy();
            case "text/csv" ->
                new Csv(CsvFormat.parse(query.take("dtype"), query.take("delimiter"), query.take("skip-rows")));
            case MediaType.APPLICATION_JSON ->
                new Json(query.take("dtype").map(NumberType::parse).orElse(NumberType.DEFAULT));
            default -> throw unreadable(name);
        };
    }

    private static HttpStatusException unreadable(String type) {
        return new HttpStatusException(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "an array cannot be read from \"" + Query.plain(type)
                        + "\"; send application/octet-stream (.npy), text/csv or application/json");
    }

    private static void requireUtf8(String charset) {
        if (!CHARSETS.contains(charset.toLowerCase(Locale.ROOT))) {
            throw new HttpStatusException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "the charset is \"" + Query.plain(charset) + "\"; send the array in UTF-8");
        }
    }

    /** Reads the beginning of a body. */
    default Rows open(InputStream body) throws IOException {
        return switch (this) {
            case Npy() -> NpyRows.open(body, "the body of the request");
            case Csv(CsvFormat format) -> CsvRows.open(body, format);
            case Json(DType dtype) -> JsonRows.open(body, dtype);
        };
    }
}

package io.fanfold.producer.web;

import io.fanfold.producer.source.CsvFormat;
import io.fanfold.producer.source.CsvRows;
import io.fanfold.producer.source.JsonRows;
import io.fanfold.producer.source.NpyRows;
import io.fanfold.producer.source.NumberType;
import io.fanfold.producer.source.Rows;
import io.fanfold.protocol.array.DType;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.exceptions.HttpStatusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** How an array is written in the body of a request. */
sealed interface ArrayFormat {
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
    static ArrayFormat of(Optional<MediaType> type, Query query) {
        String name = type.map(MediaType::getName).orElse(MediaType.APPLICATION_OCTET_STREAM);
        type.flatMap(MediaType::getCharset).ifPresent(ArrayFormat::requireUtf8);
        return switch (name) {
            case MediaType.APPLICATION_OCTET_STREAM, "application/x-npy", MediaType.APPLICATION_FORM_URLENCODED ->
                new Npy();
            case "text/csv" ->
                new Csv(CsvFormat.parse(query.take("dtype"), query.take("delimiter"), query.take("skip-rows")));
            case MediaType.APPLICATION_JSON ->
                new Json(query.take("dtype").map(NumberType::parse).orElse(NumberType.DEFAULT));
            default ->
                throw new HttpStatusException(
                        HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                        "an array cannot be read from " + Query.plain(name)
                                + "; send application/octet-stream (.npy), text/csv or application/json");
        };
    }

    private static void requireUtf8(Charset charset) {
        if (!charset.equals(StandardCharsets.UTF_8) && !charset.equals(StandardCharsets.US_ASCII)) {
            throw new HttpStatusException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "the charset is " + charset + "; send the array in UTF-8");
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

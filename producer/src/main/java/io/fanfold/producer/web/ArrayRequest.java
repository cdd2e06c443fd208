package io.fanfold.producer.web;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.RequestOptions;
import io.fanfold.protocol.InvalidRequestException;
import io.micronaut.http.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that brings an array: how it is written, and what to compute on it.
 *
 * @param announced how many bytes it has; negative: it does not say
 */
record ArrayRequest(ArrayFormat format, MapRequest request, long announced) {
    static ArrayRequest of(HttpRequest<?> request, Query query, @Nullable String key) {
        ArrayFormat format = ArrayFormat.of(request, query);
        return new ArrayRequest(
                format, RequestOptions.parse(query.all(), Optional.ofNullable(key)), request.getContentLength());
    }

    /** Takes the array in. */
    JobHandle submit(@Nullable InputStream body, Uploads uploads) throws IOException {
        if (body == null) {
            throw new InvalidRequestException(
                    "the body of the request is empty: send the array in it, for instance with --data-binary @x.npy");
        }
        return uploads.take(body, announced, format, request);
    }
}

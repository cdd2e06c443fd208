package io.fanfold.producer.web;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.RequestOptions;
import io.fanfold.protocol.InvalidRequestException;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.body.ByteBody;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request that brings an array: the array, how it is written, and what to compute on it. What is not opened of it the server
 * passes over, so that its connection is there for the next request.
 */
record ArrayRequest(ByteBody body, ArrayFormat format, MapRequest request) {
    static ArrayRequest of(HttpRequest<?> request, Query query, @Nullable String key) {
        ArrayFormat format = ArrayFormat.of(request, query);
        ByteBody body = ((ServerHttpRequest<?>) request).byteBody();
        return new ArrayRequest(body, format, RequestOptions.parse(query.all(), Optional.ofNullable(key)));
    }

    /** Takes the array in. */
    JobHandle submit(Uploads uploads) throws IOException {
        long announced = body.expectedLength().orElse(-1);
        if (announced == 0) {
            throw new InvalidRequestException(
                    "the body of the request is empty: send the array in it, for instance with --data-binary @x.npy");
        }
        uploads.requireShort(announced);
        try (InputStream in = body.toInputStream()) {
            return uploads.take(in, format, request);
        }
    }
}

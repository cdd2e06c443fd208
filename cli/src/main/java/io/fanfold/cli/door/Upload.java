package io.fanfold.cli.door;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.npy.Npy;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/**
 * An array on its way to a server.
 *
 * @param server its address, for errors
 */
record Upload(Web web, String server) {
    /** Sends it; returns what the server says of its job. */
    JsonNode send(Request request, LongConsumer sent) throws IOException, InterruptedException {
        try (InputStream in = open(request.array());
                Sent counted = new Sent(in, sent)) {
            HttpRequest.Builder post = web.request(OverHttp.JOBS + Web.query(new TreeMap<>(request.options())))
                    .header("Content-Type", "application/octet-stream")
                    .POST(body(counted, request.array()));
            request.key().ifPresent(key -> withKey(post, key));
            return sent(post, request, counted);
        }
    }

    private static void withKey(HttpRequest.Builder post, String key) {
        if (!key.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new InvalidRequestException("the key \"" + Texts.shorten(key)
                    + "\" cannot go into an HTTP header; take letters, digits and signs of ASCII, or submit"
                    + " over Kafka");
        }
        post.header("Idempotency-Key", key);
    }

    private JsonNode sent(HttpRequest.Builder post, Request request, Sent counted)
            throws IOException, InterruptedException {
        try {
            return web.upload(post);
        } catch (FanfoldException e) {
            throw e;
        } catch (IOException e) {
            throw new FanfoldException(
                    "the connection to " + server + " broke after " + counted.bytes() + " bytes of the array ("
                            + Texts.shorten(String.valueOf(e.getMessage())) + "): "
                            + request.key()
                                    .map(key -> "the same command goes on where it stopped")
                                    .orElse("submit it again; with --key, that goes on where it stopped"),
                    e);
        }
    }

    private static InputStream open(Request.Array array) throws IOException {
        return switch (array) {
            case Request.Array.File file -> {
                try (Arena arena = Arena.ofShared()) {
                    ArraySlice _ = Npy.map(file.path(), arena); // what is no array is found before it is sent
                }
                yield Files.newInputStream(file.path());
            }
            case Request.Array.Stream stream -> stream.in();
        };
    }

    private static BodyPublisher body(Sent counted, Request.Array array) throws IOException {
        BodyPublisher bytes = BodyPublishers.ofInputStream(() -> counted);
        return switch (array) {
            case Request.Array.File file -> BodyPublishers.fromPublisher(bytes, Files.size(file.path()));
            case Request.Array.Stream stream -> bytes;
        };
    }
}

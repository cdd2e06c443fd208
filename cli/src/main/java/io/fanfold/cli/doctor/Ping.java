package io.fanfold.cli.doctor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Whether something is served over HTTP. */
final class Ping {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Ping() {}

    /** Whether it is there, be it only for those who have a token. */
    static boolean answers(String address) {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpRequest head = HttpRequest.newBuilder(URI.create(address))
                    .timeout(PATIENCE)
                    .HEAD()
                    .build();
            int status = http.send(head, BodyHandlers.discarding()).statusCode();
            return status == 200 || status == 401;
        } catch (IOException | IllegalArgumentException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

package io.fanfold.deploy.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** A Prometheus that runs with the product's configuration, but for the addresses of what it scrapes and how often. */
final class LivePrometheus implements AutoCloseable {
    private static final int NOT_READY = 503;

    private final Process process;
    private final int port;
    private final HttpClient http = HttpClient.newHttpClient();

    private LivePrometheus(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param targets host and port of each job
     */
    static LivePrometheus start(Path directory, Map<String, String> targets) throws IOException {
        Map<String, Object> configuration = new Yaml().load(MetricsFiles.text(MetricsFiles.PROMETHEUS));
        configuration.put("global", Map.of("scrape_interval", "1s", "evaluation_interval", "1s"));
        for (Object job : (List<?>) configuration.get("scrape_configs")) {
            @SuppressWarnings("unchecked")
            Map<String, Object> scrape = (Map<String, Object>) job;
            scrape.remove("dns_sd_configs");
            scrape.put(
                    "static_configs",
                    List.of(Map.of("targets", List.of(targets.get(String.valueOf(scrape.get("job_name")))))));
        }
        Files.writeString(directory.resolve("prometheus.yml"), new Yaml().dump(configuration));
        Files.copy(MetricsFiles.ALERTS, directory.resolve("alerts.yml"));
        int port = freePort();
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=data",
                        "--web.listen-address=127.0.0.1:" + port)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
        return new LivePrometheus(process, port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What it answers, be it content or not; an empty object as long as it is not ready. */
    JsonNode ask(String path) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return MetricsFiles.json(answer.statusCode() == NOT_READY ? "{}" : answer.body());
        } catch (IOException e) {
            return MetricsFiles.json("{}");
        }
    }

    JsonNode query(String promql) throws InterruptedException {
        return ask("query?query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        http.close();
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

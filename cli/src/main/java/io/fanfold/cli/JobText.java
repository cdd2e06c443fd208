package io.fanfold.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.cli.door.JobView;
import io.fanfold.cli.show.TimeLeft;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Jobs as texts. What others wrote of them is shown, never obeyed by the terminal. */
final class JobText {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String[] HEADER = {"JOB", "STATE", "FUNCTION", "CHUNKS", "FAILED", "ROWS LEFT", "TIME LEFT", "NEWS"};
    /** Which column of the table says the state. */
    static final int STATE = 1;

    private JobText() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** A line of the table under {@link #HEADER}. */
    static String[] row(JobView job) {
        return new String[] {
            job.job().value(),
            job.state().name(),
            LetterText.plain(job.text("function").orElse("-")),
            chunks(job),
            job.failed() == 0 ? "-" : Long.toString(job.failed()),
            job.ended() ? "-" : text(job.number("rowsLeft")),
            timeLeft(job),
            LetterText.plain(news(job))
        };
    }

    static String chunks(JobView job) {
        return job.done() + "/" + (job.chunks().isPresent() ? job.chunks().getAsLong() : "?");
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
    }

    private static String timeLeft(JobView job) {
        OptionalLong millis = job.number("millisLeft");
        return millis.isPresent() && !job.ended() ? TimeLeft.of(millis.getAsLong()) : "-";
    }

    /** What it waits for, why there is no result, or where that is. */
    private static String news(JobView job) {
        return job.waiting()
                .map(what -> "waiting: " + what)
                .or(job::error)
                .or(() -> job.text("result"))
                .or(() -> job.text("uri"))
                .orElse("");
    }

    /** One line on how it stands. */
    static String line(JobView job) {
        String failed = job.failed() == 0 ? "" : ", " + job.failed() + " failed";
        String why = job.error().or(job::waiting).map(text -> ": " + text).orElse("");
        return LetterText.plain(
                "job " + job.job() + ": " + job.state() + ", " + chunks(job) + " chunks" + failed + why);
    }

    /** All that is known, by name, for a person. */
    static Map<String, String> lines(JobView job) {
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("job", job.job().value());
        lines.put("state", job.state().name());
        job.text("key").ifPresent(key -> lines.put("key", key));
        job.text("accepted").ifPresent(at -> lines.put("accepted", seconds(at)));
        job.text("revisionOf")
                .ifPresent(of -> lines.put(
                        "revision",
                        text(job.number("revision")) + ", of " + of + ", "
                                + RunCommand.plural(job.number("replayed").orElse(0), "chunk")));
        job.text("function")
                .ifPresent(f -> lines.put("function", f + parameters(job.json().path("parameters"))));
        with("pool", job.text("pool"), ", strategy ", job.text("strategy"), lines);
        job.text("dtype")
                .ifPresent(dtype -> lines.put(
                        "array",
                        dtype
                                + shape(job.json().path("shape"))
                                + job.text("plan").map(plan -> ", " + plan).orElse("")));
        with("fold", job.text("fold"), ", ", job.text("errorPolicy"), lines);
        lines.put("chunks", chunks(job) + (job.failed() == 0 ? "" : ", " + job.failed() + " failed"));
        if (!job.ended()) {
            lines.put("left", text(job.number("rowsLeft")) + " rows, " + timeLeft(job));
        }
        job.waiting().ifPresent(what -> lines.put("waiting", what));
        job.error().ifPresent(why -> lines.put("error", why));
        result(job, lines);
        return lines;
    }

    private static void with(
            String name, Optional<String> first, String between, Optional<String> second, Map<String, String> lines) {
        first.ifPresent(text ->
                lines.put(name, text + second.map(more -> between + more).orElse("")));
    }

    private static void result(JobView job, Map<String, String> lines) {
        job.text("result").or(() -> job.text("uri")).ifPresent(at -> lines.put("result", at));
        job.number("bytes")
                .ifPresent(bytes -> lines.put(
                        "bytes",
                        bytes + ", " + job.text("resultDtype").orElse("") + " "
                                + job.text("resultShape").orElse("")));
        job.text("mask").ifPresent(at -> lines.put("mask", at));
        job.text("errors").ifPresent(at -> lines.put("errors", at));
    }

    /** As Java writes a map; nothing where there are none. */
    private static String parameters(JsonNode parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.properties().stream()
                        .map(e -> e.getKey() + "=" + e.getValue().asText())
                        .collect(Collectors.joining(", ", " {", "}"));
    }

    /** As a Python tuple; nothing where it is not known. */
    private static String shape(JsonNode dims) {
        List<String> lengths = new ArrayList<>();
        dims.forEach(length -> lengths.add(length.asText()));
        return dims.isArray() ? " (" + String.join(", ", lengths) + (lengths.size() == 1 ? ",)" : ")") : "";
    }

    private static String seconds(String time) {
        try {
            return Instant.parse(time).truncatedTo(ChronoUnit.SECONDS).toString();
        } catch (DateTimeException e) {
            return time;
        }
    }
}

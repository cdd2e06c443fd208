package io.fanfold.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.cli.show.TimeLeft;
import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.ResultInfo;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Jobs as texts. What others wrote of them is shown, never obeyed by the terminal. */
final class JobText {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String[] HEADER = {"JOB", "STATE", "FUNCTION", "CHUNKS", "FAILED", "ROWS LEFT", "TIME LEFT", "NEWS"};

    private JobText() {}

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** A line of the table under {@link #HEADER}. */
    static String[] row(JobReport report) {
        return new String[] {
            report.job().value(),
            report.state().name(),
            LetterText.plain(report.spec().header().function().toString()),
            chunks(report),
            report.failed() == 0 ? "-" : Long.toString(report.failed()),
            report.ended() ? "-" : text(report.rowsLeft()),
            timeLeft(report),
            LetterText.plain(news(report))
        };
    }

    private static String chunks(JobReport report) {
        return report.done() + "/"
                + (report.count().isPresent() ? report.count().getAsLong() : "?");
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : "-";
    }

    private static String timeLeft(JobReport report) {
        return report.millisLeft().isPresent() ? TimeLeft.of(report.millisLeft().getAsLong()) : "-";
    }

    /** What it waits for, why there is no result, or where that is. */
    private static String news(JobReport report) {
        return report.waiting()
                .map(what -> "waiting: " + what)
                .or(report::error)
                .or(() -> report.result().map(r -> r.http().orElse(r.uri())))
                .orElse("");
    }

    /** All that is known, by name, for a person. */
    static Map<String, String> lines(JobReport report) {
        JobRecord.Spec spec = report.spec();
        JobHeader header = spec.header();
        Map<String, String> lines = new LinkedHashMap<>();
        lines.put("job", report.job().value());
        lines.put("state", report.state().name());
        report.accepted()
                .ifPresent(at ->
                        lines.put("accepted", at.truncatedTo(ChronoUnit.SECONDS).toString()));
        spec.revision()
                .ifPresent(r -> lines.put(
                        "revision", r.number() + ", of " + r.of() + ", " + RunCommand.plural(r.chunks(), "chunk")));
        lines.put("function", header.function() + (header.parameters().isEmpty() ? "" : " " + header.parameters()));
        lines.put("pool", spec.pool() + ", strategy " + header.strategy().wire());
        lines.put("array", spec.dtype().name() + " " + spec.shape() + ", " + plan(spec.plan()));
        lines.put("fold", header.fold() + ", " + errors(header.errors()));
        lines.put("chunks", chunks(report) + (report.failed() == 0 ? "" : ", " + report.failed() + " failed"));
        if (!report.ended()) {
            lines.put("left", text(report.rowsLeft()) + " rows, " + timeLeft(report));
        }
        report.waiting().ifPresent(what -> lines.put("waiting", what));
        report.error().ifPresent(why -> lines.put("error", why));
        report.result().ifPresent(result -> result(result, lines));
        return lines;
    }

    private static void result(ResultInfo result, Map<String, String> lines) {
        lines.put("result", result.http().orElse(result.uri()));
        lines.put("bytes", result.bytes() + ", " + result.descr() + " " + result.shape());
        result.holes().flatMap(ResultInfo.Holes::mask).ifPresent(at -> lines.put("mask", at));
        result.holes().flatMap(ResultInfo.Holes::errors).ifPresent(at -> lines.put("errors", at));
    }

    private static String plan(Plan plan) {
        return switch (plan) {
            case Plan.Chunks c -> RunCommand.plural(c.chunks(), "chunk") + " along axis " + c.axis();
            case Plan.Rows r -> RunCommand.plural(r.rowsPerChunk(), "row") + " a chunk along axis " + r.axis();
        };
    }

    private static String errors(ErrorPolicy policy) {
        return switch (policy) {
            case ErrorPolicy.FailFast f -> "fail-fast";
            case ErrorPolicy.KeepGoing k ->
                "keep-going"
                        + (k.budget() == Long.MAX_VALUE
                                ? ""
                                : ", " + RunCommand.plural(k.budget(), "chunk") + " may fail");
        };
    }

    /** All that is known, for a program; the fields are those of HTTP, and more. */
    static ObjectNode json(JobReport report) {
        JobRecord.Spec spec = report.spec();
        JobHeader header = spec.header();
        ObjectNode o = object().put("job", report.job().value())
                .put("state", report.state().name())
                .put("function", header.function().toString());
        report.count().ifPresent(count -> o.put("chunks", count));
        o.put("chunksDone", report.done()).put("failed", report.failed());
        report.rowsLeft().ifPresent(rows -> o.put("rowsLeft", rows));
        report.millisLeft().ifPresent(millis -> o.put("millisLeft", millis));
        report.waiting().ifPresent(what -> o.put("waiting", what));
        report.result().ifPresent(result -> json(result, o));
        report.error().ifPresent(why -> o.put("error", why));
        report.accepted().ifPresent(at -> o.put("accepted", at.toString()));
        o.put("pool", spec.pool()).put("key", spec.key());
        o.set("parameters", JSON.valueToTree(header.parameters()));
        o.put("fold", header.fold().name()).put("dtype", spec.dtype().descr());
        o.put("shape", spec.shape().toString());
        spec.revision().ifPresent(r -> o.put("revisionOf", r.of().value()).put("revision", r.number()));
        return o;
    }

    private static void json(ResultInfo result, ObjectNode o) {
        result.http().ifPresent(at -> o.put("result", at));
        result.holes().flatMap(ResultInfo.Holes::mask).ifPresent(at -> o.put("mask", at));
        result.holes().flatMap(ResultInfo.Holes::errors).ifPresent(at -> o.put("errors", at));
        o.put("bytes", result.bytes()).put("crc32c", result.crc32c()).put("uri", result.uri());
    }
}

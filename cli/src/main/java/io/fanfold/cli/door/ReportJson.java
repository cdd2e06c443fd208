package io.fanfold.cli.door;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.wire.ErrorPolicy;
import io.fanfold.protocol.wire.JobHeader;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.ResultInfo;
import java.util.Arrays;
import java.util.OptionalLong;

/** What topics say of a job, as JSON for a program; the fields are those of HTTP, and more. */
final class ReportJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReportJson() {}

    static ObjectNode of(JobReport report) {
        JobRecord.Spec spec = report.spec();
        JobHeader header = spec.header();
        ObjectNode o = JSON.createObjectNode()
                .put("job", report.job().value())
                .put("state", report.state().name())
                .put("function", header.function().toString());
        progress(report, o);
        report.result().ifPresent(result -> result(result, o));
        report.error().ifPresent(why -> o.put("error", why));
        report.accepted().ifPresent(at -> o.put("accepted", at.toString()));
        o.put("pool", spec.pool());
        spec.claim().ifPresent(claim -> o.put("key", spec.key()));
        o.set("parameters", JSON.valueToTree(header.parameters()));
        o.put("fold", header.fold().name()).put("dtype", spec.dtype().name());
        shape(report, o);
        o.put("strategy", header.strategy().wire());
        o.put("plan", plan(spec.plan())).put("errorPolicy", policy(header.errors()));
        spec.revision()
                .ifPresent(r -> o.put("revisionOf", r.of().value())
                        .put("revision", r.number())
                        .put("replayed", r.chunks()));
        return o;
    }

    /** Of a stream it is known when that is sealed. */
    private static void shape(JobReport report, ObjectNode o) {
        OptionalLong rows = report.rows();
        if (rows.isPresent()) {
            ArrayNode dims = o.putArray("shape");
            Arrays.stream(report.spec().sealed(rows.getAsLong()).shape().dims()).forEach(dims::add);
        }
    }

    static ObjectNode of(JobRecord.Refusal refusal) {
        return JSON.createObjectNode()
                .put("job", refusal.job().value())
                .put("state", JobReport.State.FAILED.name())
                .put("error", refusal.error())
                .put("key", refusal.key());
    }

    private static void progress(JobReport report, ObjectNode o) {
        report.count().ifPresent(count -> o.put("chunks", count));
        o.put("chunksDone", report.done()).put("failed", report.failed());
        report.rowsLeft().ifPresent(rows -> o.put("rowsLeft", rows));
        report.millisLeft().ifPresent(millis -> o.put("millisLeft", millis));
        report.waiting().ifPresent(what -> o.put("waiting", what));
        report.rows().ifPresent(rows -> o.put("rows", rows));
    }

    private static void result(ResultInfo result, ObjectNode o) {
        result.http().ifPresent(at -> o.put("result", at));
        result.holes().flatMap(ResultInfo.Holes::mask).ifPresent(at -> o.put("mask", at));
        result.holes().flatMap(ResultInfo.Holes::errors).ifPresent(at -> o.put("errors", at));
        o.put("bytes", result.bytes()).put("crc32c", result.crc32c()).put("uri", result.uri());
        o.put("resultDtype", result.descr()).put("resultShape", result.shape());
    }

    private static String plan(Plan plan) {
        return switch (plan) {
            case Plan.Chunks c -> plural(c.chunks(), "chunk") + " along axis " + c.axis();
            case Plan.Rows r -> plural(r.rowsPerChunk(), "row") + " a chunk along axis " + r.axis();
        };
    }

    private static String policy(ErrorPolicy policy) {
        return switch (policy) {
            case ErrorPolicy.FailFast f -> "fail-fast";
            case ErrorPolicy.KeepGoing k ->
                "keep-going" + (k.budget() == Long.MAX_VALUE ? "" : ", " + plural(k.budget(), "chunk") + " may fail");
        };
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}

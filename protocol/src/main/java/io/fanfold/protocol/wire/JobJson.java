package io.fanfold.protocol.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The JSON of job headers, specs and seals. Pure. */
final class JobJson {
    private JobJson() {}

    static ObjectNode write(JobHeader h) {
        ObjectNode o = Json.object();
        o.put("job", h.job().value()).put("function", h.function().toString());
        o.set("parameters", Json.objectOf(h.parameters()));
        o.put("strategy", h.strategy().wire()).put("fold", h.fold().name());
        switch (h.errors()) {
            case ErrorPolicy.FailFast _ -> o.put("errors", "fail-fast");
            case ErrorPolicy.KeepGoing keep -> {
                o.put("errors", "keep-going");
                if (keep.budget() < Long.MAX_VALUE) {
                    o.put("errorBudget", keep.budget());
                }
            }
        }
        h.timeToLiveMs().ifPresent(ms -> o.put("timeToLiveMs", ms));
        h.chunkTimeoutMs().ifPresent(ms -> o.put("chunkTimeoutMs", ms));
        h.rows().ifPresent(rows -> o.put("rows", rows));
        return o.put("axis", h.axis()).put("outcomesPartition", h.outcomesPartition());
    }

    static JobHeader header(Json j) {
        return new JobHeader(
                new JobId(j.text("job")),
                FunctionId.parse(j.text("function")),
                j.has("parameters") ? j.inner("parameters").values() : java.util.Map.of(),
                j.optionalText("strategy").map(Strategy::parse).orElse(Strategy.AUTO),
                j.optionalText("fold").map(Fold::new).orElse(Fold.CONCAT),
                errors(j),
                j.optionalNumber("timeToLiveMs"),
                j.optionalNumber("chunkTimeoutMs"),
                j.optionalNumber("rows"),
                j.has("axis") ? j.smallNumber("axis") : 0,
                j.smallNumber("outcomesPartition"));
    }

    private static ErrorPolicy errors(Json j) {
        String policy = j.optionalText("errors").orElse("fail-fast");
        return switch (policy) {
            case "fail-fast" -> new ErrorPolicy.FailFast();
            case "keep-going" ->
                new ErrorPolicy.KeepGoing(j.optionalNumber("errorBudget").orElse(Long.MAX_VALUE));
            default -> throw j.refused("errors", "fail-fast or keep-going");
        };
    }

    static ObjectNode write(JobRecord.Spec s) {
        ObjectNode o = Json.object();
        o.set("job", write(s.header()));
        o.put("key", s.key()).put("fingerprint", s.fingerprint()).put("pool", s.pool());
        o.put("dtype", s.dtype().descr());
        ArrayNode shape = o.putArray("shape");
        for (int i = 0; i < s.shape().rank(); i++) {
            if (i == s.plan().axis() && s.header().rows().isEmpty()) {
                shape.addNull();
            } else {
                shape.add(s.shape().dim(i));
            }
        }
        o.put("order", s.order() == Order.C ? "C" : "F");
        o.set("plan", write(s.plan()));
        s.revision().ifPresent(revision -> o.set("revision", write(revision)));
        s.claim().ifPresent(claim -> {
            ObjectNode made = o.putObject("claim");
            claim.after().ifPresent(job -> made.put("after", job.value()));
            claim.head().ifPresent(crc -> made.put("head", crc));
        });
        return o;
    }

    private static ObjectNode write(JobRecord.Revision r) {
        ObjectNode o = Json.object().put("of", r.of().value()).put("number", r.number());
        ArrayNode holes = o.putArray("holes");
        r.holes().forEach(run -> holes.addArray().add(run.first()).add(run.count()));
        return o;
    }

    private static JobRecord.Revision revision(Json j) {
        JsonNode holes = j.raw("holes");
        List<JobRecord.Revision.Run> runs = new ArrayList<>();
        for (JsonNode run : holes) {
            if (run.size() != 2
                    || !run.get(0).canConvertToLong()
                    || !run.get(1).canConvertToLong()
                    || run.get(0).longValue() < 0) {
                throw j.refused("holes", "an array of [first, count]");
            }
            runs.add(new JobRecord.Revision.Run(
                    run.get(0).longValue(), run.get(1).longValue()));
        }
        return new JobRecord.Revision(new JobId(j.text("of")), j.smallNumber("number"), runs);
    }

    static ObjectNode write(Plan plan) {
        ObjectNode o = Json.object().put("axis", plan.axis());
        return switch (plan) {
            case Plan.Chunks even -> o.put("chunks", even.chunks());
            case Plan.Rows fixed -> o.put("rowsPerChunk", fixed.rowsPerChunk());
        };
    }

    static JobRecord.Spec spec(Json j) {
        JobHeader header = header(j.inner("job"));
        try {
            Shape shape = shape(j);
            Plan plan = plan(j.inner("plan"));
            if (plan.axis() >= shape.rank() || plan.axis() != header.axis()) {
                throw j.refused("plan", "on axis " + header.axis() + ", one of the array's " + shape.rank());
            }
            OptionalLong rows = header.rows();
            if (rows.isPresent() && rows.getAsLong() != shape.dim(plan.axis())) {
                throw j.refused("shape", "of " + rows.getAsLong() + " rows along axis " + plan.axis());
            }
            return new JobRecord.Spec(
                    header,
                    j.text("key"),
                    j.text("fingerprint"),
                    j.text("pool"),
                    DType.parse(j.text("dtype")),
                    shape,
                    order(j),
                    plan,
                    j.has("revision") ? Optional.of(revision(j.inner("revision"))) : Optional.empty(),
                    j.has("claim") ? Optional.of(claim(j.inner("claim"))) : Optional.empty());
        } catch (ArrayFormatException | IllegalArgumentException e) {
            throw new WireException("spec of job " + header.job() + ": " + e.getMessage(), e);
        }
    }

    private static JobRecord.Claim claim(Json j) {
        return new JobRecord.Claim(j.optionalText("after").map(JobId::new), j.optionalText("head"));
    }

    private static Order order(Json j) {
        return switch (j.text("order")) {
            case "C" -> Order.C;
            case "F" -> Order.FORTRAN;
            default -> throw j.refused("order", "C or F");
        };
    }

    private static Shape shape(Json j) {
        JsonNode dims = j.raw("shape");
        if (!dims.isArray() || dims.size() > 64) {
            throw j.refused("shape", "an array of lengths");
        }
        long[] lengths = new long[dims.size()];
        for (int i = 0; i < lengths.length; i++) {
            JsonNode dim = dims.get(i);
            if (!dim.isNull() && !(dim.isIntegralNumber() && dim.canConvertToLong() && dim.longValue() >= 0)) {
                throw j.refused("shape", "an array of lengths");
            }
            lengths[i] = dim.isNull() ? 0 : dim.longValue();
        }
        return Shape.of(lengths);
    }

    private static Plan plan(Json j) {
        int axis = j.smallNumber("axis");
        return j.has("chunks")
                ? new Plan.Chunks(axis, j.smallNumber("chunks"))
                : new Plan.Rows(axis, j.number("rowsPerChunk"));
    }

    static ObjectNode write(JobRecord.Seal s) {
        ObjectNode o = Json.object().put("count", s.count()).put("rows", s.rows());
        s.crc32c().ifPresent(crc -> o.put("crc32c", crc));
        return o;
    }

    static JobRecord.Seal seal(JobId job, Json j) {
        return new JobRecord.Seal(job, j.number("count"), j.number("rows"), j.optionalText("crc32c"));
    }

    static ObjectNode write(JobRecord.Refusal r) {
        return Json.object()
                .put("key", r.key())
                .put("error", r.error())
                .put("outcomesPartition", r.outcomesPartition());
    }

    static JobRecord.Refusal refusal(JobId job, Json j) {
        return new JobRecord.Refusal(job, j.text("key"), j.text("error"), j.smallNumber("outcomesPartition"));
    }

    /** Written by hand: there is one for every chunk, and nothing in it needs to be quoted. */
    static String write(ChunkHeader c) {
        String count = c.count().isPresent() ? ",\"count\":" + c.count().getAsLong() : "";
        return "{\"index\":" + c.index() + ",\"start\":" + c.start() + count + '}';
    }

    static ChunkHeader chunk(Fields j) {
        return new ChunkHeader(j.number("index"), j.number("start"), j.optionalNumber("count"));
    }
}

package io.fanfold.protocol.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The JSON of progress, ends, failures and dead letters. Pure. */
final class StateJson {
    /** What Kafka takes for the name of a topic. */
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

    private StateJson() {}

    static ObjectNode write(JobState state) {
        return switch (state) {
            case JobState.Progress p -> {
                ObjectNode o = Json.object().put("state", "RUNNING").put("done", p.done());
                p.count().ifPresent(count -> o.put("count", count));
                o.put("rowsDone", p.rowsDone());
                p.rows().ifPresent(rows -> o.put("rows", rows));
                if (p.failed() > 0) {
                    o.put("failed", p.failed());
                }
                p.millisLeft().ifPresent(millis -> o.put("millisLeft", millis));
                p.waiting().ifPresent(what -> o.put("waiting", what));
                if (p.doneBelow() > 0) {
                    o.put("doneBelow", p.doneBelow());
                }
                yield o;
            }
            case JobState.Terminal t -> {
                ObjectNode o = Json.object().put("state", t.end().name());
                t.result().ifPresent(r -> o.set("result", write(r)));
                t.error().ifPresent(e -> o.put("error", e));
                t.chunk().ifPresent(chunk -> o.set("failure", write(chunk)));
                yield o;
            }
            case JobState.Gone g -> Json.object().put("state", g.end().name()).put("error", g.error());
        };
    }

    static JobState.Progress progress(JobId job, Json j) {
        return new JobState.Progress(
                job,
                j.number("done"),
                j.optionalNumber("count"),
                j.number("rowsDone"),
                j.optionalNumber("rows"),
                j.optionalNumber("failed").orElse(0),
                j.optionalNumber("millisLeft"),
                j.optionalText("waiting"),
                j.optionalNumber("doneBelow").orElse(0));
    }

    static JobState.Gone gone(JobId job, Json j) {
        return new JobState.Gone(job, end(job, j), j.text("error"));
    }

    private static JobState.End end(JobId job, Json j) {
        try {
            return JobState.End.valueOf(j.text("state").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new WireException("state of job " + job + ": " + e.getMessage(), e);
        }
    }

    static JobState.Terminal terminal(JobId job, Json j) {
        try {
            return new JobState.Terminal(
                    job,
                    end(job, j),
                    j.has("result") ? Optional.of(result(j.inner("result"))) : Optional.empty(),
                    j.optionalText("error"),
                    j.has("failure") ? Optional.of(failedChunk(j.inner("failure"))) : Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new WireException("terminal state of job " + job + ": " + e.getMessage(), e);
        }
    }

    private static ObjectNode write(ResultInfo r) {
        ObjectNode o = Json.object();
        o.put("dtype", r.descr()).put("shape", r.shape()).put("bytes", r.bytes());
        o.put("crc32c", r.crc32c()).put("uri", r.uri());
        r.http().ifPresent(url -> o.put("http", url));
        r.inline().ifPresent(npy -> o.put("inline", base64(npy)));
        r.holes().ifPresent(holes -> {
            ObjectNode missing = o.putObject("holes").put("chunks", holes.chunks());
            holes.mask().ifPresent(url -> missing.put("mask", url));
            holes.errors().ifPresent(url -> missing.put("errors", url));
        });
        r.origin()
                .ifPresent(origin -> o.putObject("origin")
                        .put("store", origin.store())
                        .put("aggregator", origin.aggregator())
                        .put("firstOutcome", origin.firstOutcome())
                        .put("lastOutcome", origin.lastOutcome()));
        return o;
    }

    private static String base64(ByteBuffer npy) {
        byte[] bytes = new byte[npy.remaining()];
        npy.duplicate().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static ResultInfo result(Json j) {
        return new ResultInfo(
                j.text("dtype"),
                j.text("shape"),
                j.number("bytes"),
                j.text("crc32c"),
                j.text("uri"),
                j.optionalText("http"),
                j.optionalText("inline")
                        .map(text -> ByteBuffer.wrap(Base64.getDecoder().decode(text))),
                j.has("holes") ? Optional.of(holes(j.inner("holes"))) : Optional.empty(),
                j.has("origin") ? Optional.of(origin(j.inner("origin"))) : Optional.empty());
    }

    private static ResultInfo.Holes holes(Json j) {
        return new ResultInfo.Holes(j.number("chunks"), j.optionalText("mask"), j.optionalText("errors"));
    }

    private static ResultInfo.Origin origin(Json j) {
        return new ResultInfo.Origin(
                j.text("store"), j.text("aggregator"), j.number("firstOutcome"), j.number("lastOutcome"));
    }

    private static ObjectNode write(JobState.FailedChunk chunk) {
        return write(chunk.failure()).put("index", chunk.index()).put("rows", chunk.rows());
    }

    private static JobState.FailedChunk failedChunk(Json j) {
        return new JobState.FailedChunk(j.number("index"), j.number("rows"), failure(j));
    }

    static ObjectNode write(Failure f) {
        return Json.object()
                .put("error", f.error())
                .put("message", f.message())
                .put("function", f.function())
                .put("start", f.start())
                .put("worker", f.worker());
    }

    static Failure failure(Json j) {
        return new Failure(j.text("error"), j.text("message"), j.text("function"), j.number("start"), j.text("worker"));
    }

    static ObjectNode write(DeadLetter letter) {
        ObjectNode o = Json.object()
                .put("reason", letter.reason())
                .put("topic", letter.topic())
                .put("partition", letter.partition())
                .put("offset", letter.offset());
        if (!letter.whole()) {
            o.put("whole", false);
        }
        letter.outcome().ifPresent(failed -> {
            o.put("job", failed.job().value()).put("index", failed.index()).put("attempts", failed.attempt());
            o.set("failure", write(failed.failure()));
        });
        return o;
    }

    static DeadLetter deadLetter(Json j) {
        if (!TOPIC.matcher(j.text("topic")).matches()) {
            throw j.refused("topic", "the name of a topic");
        }
        return new DeadLetter(
                j.text("reason"),
                j.text("topic"),
                j.smallNumber("partition"),
                j.number("offset"),
                !j.has("whole") || j.raw("whole").asBoolean(true),
                j.has("failure") ? Optional.of(failed(j)) : Optional.empty());
    }

    private static Outcome.Failed failed(Json j) {
        return new Outcome.Failed(
                new JobId(j.text("job")), j.number("index"), j.smallNumber("attempts"), failure(j.inner("failure")));
    }
}

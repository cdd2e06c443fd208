package io.fanfold.producer.web;

import io.fanfold.http.StreamBody;
import io.fanfold.producer.client.ChunkOutcome;
import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.Outcomes;
import io.fanfold.protocol.wire.JobState;
import io.micronaut.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outcomes of a job's chunks, one line of JSON each as it comes, and a last line that says how the job ended. */
final class OutcomeLines implements StreamBody.Pieces {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    /** A line without anything, which readers of lines of JSON pass over; it finds out whether the client is still there. */
    private static final byte[] EMPTY = {'\n'};

    private final JobHandle job;
    private final Outcomes outcomes;
    private final boolean values;
    private final JsonMapper json;
    private boolean ended;

    /** @param values whether computed ones have what was computed */
    OutcomeLines(JobHandle job, boolean values, JsonMapper json) {
        this.job = job;
        this.outcomes = job.outcomes();
        this.values = values;
        this.json = json;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        if (ended) {
            return null;
        }
        Optional<ChunkOutcome> outcome = outcomes.poll(HEARTBEAT);
        if (outcome.isPresent()) {
            return line(fields(outcome.get()));
        }
        ended = outcomes.over();
        return ended ? line(end(job.report())) : EMPTY;
    }

    private Map<String, Object> fields(ChunkOutcome outcome) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("index", outcome.index());
        fields.put("start", outcome.start());
        fields.put("rows", outcome.rows());
        switch (outcome) {
            case ChunkOutcome.Computed computed -> {
                fields.put("state", "computed");
                computed.foldedRows().ifPresent(rows -> fields.put("foldedRows", rows));
                if (values) {
                    fields.put("npy", base64(computed.npy()));
                }
            }
            case ChunkOutcome.Failed failed -> {
                fields.put("state", "failed");
                fields.put("error", failed.failure().error());
                fields.put("message", failed.failure().message());
            }
        }
        return fields;
    }

    private static String base64(ByteBuffer npy) {
        byte[] bytes = new byte[npy.remaining()];
        npy.duplicate().get(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Map<String, Object> end(JobReport report) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "end",
                report.terminal()
                        .map(JobState.Terminal::end)
                        .map(Enum::name)
                        .orElse(report.state().name()));
        report.terminal().flatMap(JobState.Terminal::error).ifPresent(error -> fields.put("error", error));
        return fields;
    }

    private byte[] line(Map<String, Object> fields) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.write(json.writeValueAsBytes(fields));
        line.write('\n');
        return line.toByteArray();
    }

    @Override
    public void close() {
        outcomes.close();
    }
}

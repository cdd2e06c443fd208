package io.fanfold.cli.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.producer.client.JobReport;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A job as a door shows it: an object with the fields of {@code GET /v1/jobs/{id}}, and perhaps more.
 *
 * @param json with an id and a state
 */
public record JobView(ObjectNode json) {
    private static final Set<JobReport.State> GOING_ON = EnumSet.of(JobReport.State.SUBMITTED, JobReport.State.RUNNING);

    /** What a cluster's topics say of it. */
    public static JobView of(JobReport report) {
        return new JobView(ReportJson.of(report));
    }

    /** A submission that could not become a job. */
    public static JobView of(JobRecord.Refusal refusal) {
        return new JobView(ReportJson.of(refusal));
    }

    /**
     * What a server says of it.
     *
     * @param where the server's address
     * @throws FanfoldException if that is no job
     */
    static JobView read(JsonNode said, String where) {
        if (said instanceof ObjectNode object
                && said.path("job").isTextual()
                && state(said).isPresent()) {
            return new JobView(object);
        }
        throw new FanfoldException("what answers at " + where
                + " is no Fanfold server, or one of another version: it said " + Texts.shorten(said.toString()));
    }

    private static Optional<JobReport.State> state(JsonNode said) {
        return EnumSet.allOf(JobReport.State.class).stream()
                .filter(state -> state.name().equals(said.path("state").asText()))
                .findFirst();
    }

    public JobId job() {
        return new JobId(json.path("job").asText());
    }

    public JobReport.State state() {
        return state(json).orElseThrow();
    }

    /** Whether it has ended, in whatever way. */
    public boolean ended() {
        return !GOING_ON.contains(state());
    }

    public boolean completed() {
        return state() == JobReport.State.COMPLETED;
    }

    /** How many chunks it has, where known. */
    public OptionalLong chunks() {
        return number("chunks");
    }

    public long done() {
        return number("chunksDone").orElse(0);
    }

    /** Chunks that failed in a job that goes on, or went on, without them. */
    public long failed() {
        return number("failed").orElse(0);
    }

    /** Why there is no result, in one line. */
    public Optional<String> error() {
        return text("error");
    }

    /** What it waits for, where it cannot go on. */
    public Optional<String> waiting() {
        return text("waiting");
    }

    /** A text, where it is said. */
    public Optional<String> text(String field) {
        JsonNode value = json.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    /** A number, where it is said. */
    public OptionalLong number(String field) {
        JsonNode value = json.path(field);
        return value.isNumber() ? OptionalLong.of(value.asLong()) : OptionalLong.empty();
    }

    /** How far it is. */
    public JobState.Progress progress() {
        OptionalLong rows = number("rows");
        OptionalLong left = number("rowsLeft");
        long rowsDone = rows.isPresent() && left.isPresent() ? rows.getAsLong() - left.getAsLong() : 0;
        return new JobState.Progress(
                job(), done(), chunks(), rowsDone, rows, failed(), number("millisLeft"), waiting(), 0);
    }
}

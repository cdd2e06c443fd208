package io.fanfold.protocol.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The one place where messages become Kafka records and back. Stateless; any thread.
 *
 * <p>Reading refuses, with a {@link WireException}, whatever does not follow the contract; unknown fields and headers are
 * passed over, so that a later minor addition does not stop an older role.
 */
public final class Records {
    /** This version of the contract. */
    public static final int WIRE = 1;

    /** The longest header of ours: with key and framing it fits in what a record's limit keeps beside the value. */
    static final int LONGEST_HEADER_BYTES = 64_000;

    private static final String WIRE_HEADER = "fanfold-wire";
    private static final String JOB_HEADER = "fanfold-job";
    private static final String CHUNK_HEADER = "fanfold-chunk";
    private static final String OUTCOME_HEADER = "fanfold-outcome";
    private static final String DEAD_LETTER_HEADER = "fanfold-dead-letter";
    private static final byte[] WIRE_VALUE = Integer.toString(WIRE).getBytes(StandardCharsets.UTF_8);

    private Records() {}

    /**
     * The {@code fanfold-job} header's bytes: made once per job.
     *
     * @throws WireException if its parameters make it longer than a header may be
     */
    public static byte[] headerBytes(JobHeader header) {
        byte[] bytes = Json.bytes(JobJson.write(header));
        if (bytes.length > LONGEST_HEADER_BYTES) {
            throw new WireException("the job's parameters make a header of " + bytes.length + " bytes; it may have "
                    + LONGEST_HEADER_BYTES + ": put what is large into a file or an array that the function reads");
        }
        return bytes;
    }

    public static ProducerRecord<byte[], byte[]> spec(Topics topics, JobRecord.Spec spec) {
        return json(topics.jobs(), spec.job() + "/spec", JobJson.write(spec));
    }

    public static ProducerRecord<byte[], byte[]> seal(Topics topics, JobRecord.Seal seal) {
        return json(topics.jobs(), seal.job() + "/seal", JobJson.write(seal));
    }

    public static ProducerRecord<byte[], byte[]> refusal(Topics topics, JobRecord.Refusal refusal) {
        return json(topics.jobs(), refusal.job() + "/refusal", JobJson.write(refusal));
    }

    /** Takes a spec back that came too late for its key. */
    public static ProducerRecord<byte[], byte[]> retraction(Topics topics, JobId job) {
        return removed(topics.jobs(), job + "/spec");
    }

    /** A record of the jobs topic; empty for a record that a later version added. */
    public static Optional<JobRecord> job(ConsumerRecord<byte[], byte[]> record) {
        checkWire(record.headers());
        String key = key(record.key());
        JobId job = jobOf(key);
        if (record.value() == null) {
            return Optional.empty();
        }
        return switch (key.substring(key.indexOf('/') + 1)) {
            case "spec" -> Optional.of(sameJob(job, JobJson.spec(Json.parse("spec of job " + job, record.value()))));
            case "seal" -> Optional.of(JobJson.seal(job, Json.parse("seal of job " + job, record.value())));
            case "refusal" -> Optional.of(JobJson.refusal(job, Json.parse("refusal of job " + job, record.value())));
            default -> Optional.empty();
        };
    }

    private static JobRecord.Spec sameJob(JobId key, JobRecord.Spec spec) {
        if (!spec.job().equals(key)) {
            throw new WireException("the spec under key " + key + "/spec names job " + spec.job());
        }
        return spec;
    }

    /** An array that upstream has sent. */
    public static Submission submission(ConsumerRecord<byte[], byte[]> record) {
        return SubmissionRecord.read(record);
    }

    /** What the submitter of a record looks for it by, be it a submission or not. */
    public static String submissionKey(ConsumerRecord<byte[], byte[]> record) {
        return SubmissionRecord.key(record);
    }

    /**
     * One chunk.
     *
     * @param header the job's {@link #headerBytes}
     * @param npy the chunk's rows as {@code .npy} bytes; not copied
     */
    public static ProducerRecord<byte[], byte[]> chunk(
            String topic, int partition, JobId job, byte[] header, ChunkHeader chunk, byte[] npy) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, bytes(job + "/" + chunk.index()), npy);
        record.headers().add(WIRE_HEADER, WIRE_VALUE);
        record.headers().add(JOB_HEADER, header);
        record.headers().add(CHUNK_HEADER, bytes(JobJson.write(chunk)));
        return record;
    }

    /** The raw {@code fanfold-job} header of a chunk, as the key of a cache of parsed headers. */
    public static ByteBuffer rawJobHeader(ConsumerRecord<?, ?> record) {
        checkWire(record.headers());
        return ByteBuffer.wrap(header(record.headers(), JOB_HEADER));
    }

    public static JobHeader jobHeader(ByteBuffer raw) {
        return JobJson.header(Json.parse(JOB_HEADER + " header", wholeArray(raw)));
    }

    public static ChunkHeader chunkHeader(ConsumerRecord<?, ?> record) {
        return JobJson.chunk(Fields.of(CHUNK_HEADER + " header", header(record.headers(), CHUNK_HEADER)));
    }

    /** An outcome, to the partition that its job names. A computed value is not copied. */
    public static ProducerRecord<byte[], byte[]> outcome(Topics topics, int partition, Outcome outcome) {
        byte[] value = switch (outcome) {
            case Outcome.Computed c -> wholeArray(c.npy());
            case Outcome.Failed f -> Json.bytes(StateJson.write(f.failure()));
        };
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topics.outcomes(), partition, bytes(outcome.job() + "/" + outcome.index()), value);
        record.headers().add(WIRE_HEADER, WIRE_VALUE);
        record.headers().add(OUTCOME_HEADER, bytes(header(outcome)));
        return record;
    }

    /** Written by hand: there is one for every chunk, and nothing in it needs to be quoted. */
    private static String header(Outcome outcome) {
        boolean computed = outcome instanceof Outcome.Computed;
        OptionalLong folded = outcome instanceof Outcome.Computed c ? c.foldedRows() : OptionalLong.empty();
        return "{\"job\":\"" + outcome.job() + "\",\"index\":" + outcome.index() + ",\"attempt\":" + outcome.attempt()
                + ",\"state\":\"" + (computed ? "computed" : "failed") + '"'
                + (folded.isPresent() ? ",\"foldedRows\":" + folded.getAsLong() : "") + '}';
    }

    public static Outcome outcome(ConsumerRecord<?, ByteBuffer> record) {
        checkWire(record.headers());
        Fields j = Fields.of(OUTCOME_HEADER + " header", header(record.headers(), OUTCOME_HEADER));
        JobId job = new JobId(j.text("job"));
        @Nullable ByteBuffer value = record.value();
        if (value == null) {
            throw new WireException("the outcome of a chunk of job " + job + " has no value");
        }
        return switch (j.text("state")) {
            case "computed" ->
                new Outcome.Computed(
                        job, j.number("index"), j.smallNumber("attempt"), value, j.optionalNumber("foldedRows"));
            case "failed" ->
                new Outcome.Failed(
                        job,
                        j.number("index"),
                        j.smallNumber("attempt"),
                        StateJson.failure(Json.parse("failure of job " + job, copy(value))));
            default -> throw j.refused("state", "computed or failed");
        };
    }

    public static ProducerRecord<byte[], byte[]> state(Topics topics, JobState state) {
        String suffix = switch (state) {
            case JobState.Progress _ -> "/progress";
            case JobState.Terminal _ -> "/terminal";
            case JobState.Gone _ -> "/result";
        };
        return json(topics.states(), state.job() + suffix, StateJson.write(state));
    }

    /** Removes all that jobs and states say of a job: from then on there never was one of this id. */
    public static List<ProducerRecord<byte[], byte[]>> forgotten(Topics topics, JobId job) {
        return List.of(
                removed(topics.states(), job + "/progress"),
                removed(topics.states(), job + "/result"),
                removed(topics.jobs(), job + "/seal"),
                removed(topics.jobs(), job + "/refusal"),
                removed(topics.jobs(), job + "/spec"),
                removed(topics.states(), job + "/terminal"));
    }

    /** The job that a record of the jobs or the states topic removes something of; empty where it removes nothing. */
    public static Optional<JobId> removed(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? Optional.of(jobOf(key(record.key()))) : Optional.empty();
    }

    private static ProducerRecord<byte[], byte[]> removed(String topic, String key) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key), null);
        record.headers().add(WIRE_HEADER, WIRE_VALUE);
        return record;
    }

    /** A record of the states topic; empty for a removed one or one that a later version added. */
    public static Optional<JobState> state(ConsumerRecord<byte[], byte[]> record) {
        checkWire(record.headers());
        String key = key(record.key());
        JobId job = jobOf(key);
        if (record.value() == null) {
            return Optional.empty();
        }
        Json value = Json.parse("state of job " + job, record.value());
        return switch (key.substring(key.indexOf('/') + 1)) {
            case "progress" -> Optional.of(StateJson.progress(job, value));
            case "terminal" -> Optional.of(StateJson.terminal(job, value));
            case "result" -> Optional.of(StateJson.gone(job, value));
            default -> Optional.empty();
        };
    }

    public static ProducerRecord<byte[], byte[]> offer(Topics topics, FunctionOffer offer) {
        String key = offer.pool() + "/" + offer.function().id();
        return json(topics.functions(), key, OfferJson.write(offer));
    }

    /** Takes an offer back: its pool is gone. */
    public static ProducerRecord<byte[], byte[]> withdrawal(Topics topics, String pool, FunctionId function) {
        return removed(topics.functions(), pool + "/" + function);
    }

    /** Whose last record of the functions topic counts: one of a pool and a function. */
    public static String offerKey(ConsumerRecord<byte[], byte[]> record) {
        return key(record.key());
    }

    /** An offer; empty where it is taken back. */
    public static Optional<FunctionOffer> offer(ConsumerRecord<byte[], byte[]> record) {
        checkWire(record.headers());
        return record.value() == null
                ? Optional.empty()
                : Optional.of(OfferJson.offer(Json.parse("function offer", record.value())));
    }

    public static ProducerRecord<byte[], byte[]> cancel(Topics topics, Cancel cancel) {
        ObjectNode o = Json.object().put("request", "cancel").put("reason", cancel.reason());
        return json(topics.control(), cancel.job().value(), o);
    }

    public static Optional<Cancel> cancel(ConsumerRecord<byte[], byte[]> record) {
        checkWire(record.headers());
        Json j = Json.parse("control request", record.value());
        return j.text("request").equals("cancel")
                ? Optional.of(new Cancel(new JobId(key(record.key())), j.text("reason")))
                : Optional.empty();
    }

    /** A dead letter: the record's own key, value and headers, and why and whence it came. */
    public static ProducerRecord<byte[], byte[]> deadLetter(
            Topics topics, ConsumerRecord<byte[], byte[]> record, DeadLetter letter) {
        ProducerRecord<byte[], byte[]> dead =
                new ProducerRecord<>(topics.deadLetters(), null, record.key(), record.value(), record.headers());
        return explained(dead, letter);
    }

    /** A dead letter of a record that is too large to be one whole: where it was read says where it still is. */
    public static ProducerRecord<byte[], byte[]> deadLetterWithoutValue(Topics topics, DeadLetter letter) {
        return explained(new ProducerRecord<>(topics.deadLetters(), new byte[0]), letter.withoutRecord());
    }

    private static ProducerRecord<byte[], byte[]> explained(ProducerRecord<byte[], byte[]> dead, DeadLetter letter) {
        dead.headers().remove(DEAD_LETTER_HEADER).add(DEAD_LETTER_HEADER, Json.bytes(StateJson.write(letter)));
        return dead;
    }

    public static DeadLetter deadLetter(ConsumerRecord<?, ?> record) {
        return StateJson.deadLetter(
                Json.parse(DEAD_LETTER_HEADER + " header", header(record.headers(), DEAD_LETTER_HEADER)));
    }

    /**
     * The record that a dead letter is of, to be written again: its key, value and headers as they were.
     *
     * @param partition of the topic where it was read; empty: any
     */
    public static ProducerRecord<byte[], byte[]> revived(
            ConsumerRecord<byte[], byte[]> letter, String topic, OptionalInt partition) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                partition.isPresent() ? partition.getAsInt() : null,
                letter.key(),
                letter.value(),
                letter.headers());
        record.headers().remove(DEAD_LETTER_HEADER);
        return record;
    }

    private static ProducerRecord<byte[], byte[]> json(String topic, String key, ObjectNode value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, bytes(key), Json.bytes(value));
        record.headers().add(WIRE_HEADER, WIRE_VALUE);
        return record;
    }

    private static void checkWire(Headers headers) {
        String wire = new String(header(headers, WIRE_HEADER), StandardCharsets.UTF_8);
        if (!wire.equals("1")) {
            throw new WireException(WIRE_HEADER + " is \"" + Json.shorten(wire) + "\"; this role reads version " + WIRE
                    + ": upgrade the roles of the fleet before its submitters");
        }
    }

    private static byte[] header(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            throw new WireException("header " + name + " is missing");
        }
        if (header.value().length > LONGEST_HEADER_BYTES) {
            throw new WireException(
                    "header " + name + " has " + header.value().length + " bytes; it may have " + LONGEST_HEADER_BYTES);
        }
        return header.value();
    }

    private static JobId jobOf(String key) {
        int slash = key.indexOf('/');
        if (slash < 0) {
            throw new WireException("key \"" + Json.shorten(key) + "\" is not of the form <job>/<what>");
        }
        return new JobId(key.substring(0, slash));
    }

    private static String key(byte @Nullable [] key) {
        if (key == null) {
            throw new WireException("the record has no key");
        }
        return new String(key, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @SuppressWarnings("ByteBufferBackingArray") // only where the array is the whole buffer
    private static byte[] wholeArray(ByteBuffer buffer) {
        boolean whole = buffer.hasArray()
                && buffer.arrayOffset() == 0
                && buffer.position() == 0
                && buffer.remaining() == buffer.array().length;
        return whole ? buffer.array() : copy(buffer);
    }

    private static byte[] copy(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}

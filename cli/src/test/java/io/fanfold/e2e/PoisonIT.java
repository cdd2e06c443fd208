package io.fanfold.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.split.ChunkSize;
import io.fanfold.producer.split.Split;
import io.fanfold.protocol.array.ArraySlice;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.Npy;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.Records;
import io.fanfold.protocol.wire.Topics;
import io.fanfold.testkit.BrokerKind;
import io.fanfold.testkit.OnEveryBroker;
import io.fanfold.testkit.RandomArrays;
import io.fanfold.worker.Worker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Whatever lies in a chunks topic, it stops no lane: it is set aside with the reason, or fails the job that it names. */
final class PoisonIT {
    private static final long SEED = 20260302;
    private static final ArraySlice ARRAY = new RandomArrays(SEED).of(DType.parse("<i4"), Shape.of(20, 3), Order.C);
    private static final String WIRE = "fanfold-wire";
    private static final String JOB = "fanfold-job";
    private static final String CHUNK = "fanfold-chunk";
    private static final String PLACE = "{\"index\":0,\"start\":0,\"count\":4}";

    /** A record, and what its reason says. */
    private record Poison(String reason, ProducerRecord<byte[], byte[]> record) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The header of an accepted job, to be spoilt. */
    private static String header(JobHandle job) {
        return new String(Records.headerBytes(job.spec().header()), StandardCharsets.UTF_8);
    }

    private static String with(JobHandle job, String field, String value) {
        String header = header(job);
        return header.contains("\"" + field + "\":")
                ? header.replaceFirst("\"" + field + "\":(\\{[^}]*}|\"[^\"]*\"|\\d+)", "\"" + field + "\":" + value)
                : header.replaceFirst("\\{", "{\"" + field + "\":" + value + ",");
    }

    private static String repeated(String text, int times) {
        return text.repeat(times);
    }

    private static String topic(Fleet fleet) {
        return fleet.kafka().topics().chunks(Topics.DEFAULT_POOL);
    }

    /** A record on partition 0 with these headers; a null one is sent without a value. */
    private static ProducerRecord<byte[], byte[]> record(
            Fleet fleet, byte @Nullable [] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic(fleet), 0, bytes("key"), value);
        headers.forEach((key, bytes) -> record.headers().add(key, bytes));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> chunk(
            Fleet fleet, String wire, byte[] job, byte[] place, byte @Nullable [] value) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put(WIRE, bytes(wire));
        headers.put(JOB, job);
        headers.put(CHUNK, place);
        return record(fleet, value, headers);
    }

    private static Poison ofJob(Fleet fleet, String reason, String job) {
        return new Poison(reason, chunk(fleet, "1", bytes(job), bytes(PLACE), Npy.encode(ARRAY)));
    }

    private static Poison ofPlace(Fleet fleet, String reason, JobHandle job, String place) {
        return new Poison(reason, chunk(fleet, "1", bytes(header(job)), bytes(place), Npy.encode(ARRAY)));
    }

    private static List<Poison> poisons(Fleet fleet, JobHandle job) {
        byte[] npy = Npy.encode(ARRAY);
        byte[] noise = new byte[5000];
        new Random(SEED).nextBytes(noise);
        List<Poison> all = new ArrayList<>();
        all.add(new Poison("fanfold-wire is missing", record(fleet, noise, Map.of("noise", noise))));
        all.add(new Poison("fanfold-wire is missing", record(fleet, null, Map.of())));
        all.add(new Poison("this role reads version 1", record(fleet, noise, Map.of(WIRE, noise))));
        all.add(new Poison("this role reads version 1", record(fleet, npy, Map.of(WIRE, new byte[0]))));
        all.add(new Poison("fanfold-job is missing", record(fleet, npy, Map.of(WIRE, bytes("1")))));
        all.add(new Poison(
                "fanfold-chunk is missing", record(fleet, npy, Map.of(WIRE, bytes("1"), JOB, bytes(header(job))))));
        all.add(new Poison("\"9\"", chunk(fleet, "9", bytes(header(job)), bytes(PLACE), npy)));
        all.add(new Poison("fanfold-job", chunk(fleet, "1", new byte[0], bytes(PLACE), npy)));
        all.add(new Poison("fanfold-job", chunk(fleet, "1", noise, bytes(PLACE), npy)));
        all.add(new Poison("fanfold-chunk", chunk(fleet, "1", bytes(header(job)), noise, npy)));
        all.addAll(badJobs(fleet, job));
        all.addAll(badPlaces(fleet, job));
        all.addAll(bombs(fleet, job));
        return all;
    }

    private static List<Poison> badJobs(Fleet fleet, JobHandle job) {
        return List.of(
                ofJob(fleet, "not a JSON object", "[]"),
                ofJob(fleet, "not JSON", "{}{}"),
                ofJob(fleet, "not JSON", header(job) + "\0"),
                ofJob(fleet, "not JSON", "{\"job\":\"a\",\"job\":\"b\"}"),
                ofJob(fleet, "not JSON", repeated("[", 30_000)),
                ofJob(fleet, "not JSON", with(job, "more", repeated("{\"a\":", 5000) + "1" + repeated("}", 5000))),
                ofJob(fleet, "not JSON", with(job, "rows", repeated("9", 5000))),
                ofJob(fleet, "job id", with(job, "job", "\"../../etc/passwd\"")),
                ofJob(fleet, "\"job\" is 7", with(job, "job", "7")),
                ofJob(fleet, "name@version", with(job, "function", "\"sqrt\"")),
                ofJob(fleet, "\"function\" is {}", with(job, "function", "{}")),
                ofJob(fleet, "\"parameters\" is [1]", with(job, "parameters", "[1]")),
                ofJob(fleet, "a text, a number or a boolean", with(job, "parameters", "{\"x\":null}")),
                ofJob(fleet, "a text, a number or a boolean", with(job, "parameters", "{\"x\":[[1]]}")),
                ofJob(fleet, "\"magic\"", with(job, "strategy", "\"magic\"")),
                ofJob(fleet, "fold \"../x\"", with(job, "fold", "\"../x\"")),
                ofJob(fleet, "\"errors\" is \"ignore\"", with(job, "errors", "\"ignore\"")),
                ofJob(fleet, "\"errorBudget\" is -1", with(job, "errors", "\"keep-going\",\"errorBudget\":-1")),
                ofJob(fleet, "\"axis\" is -1", with(job, "axis", "-1")),
                ofJob(fleet, "\"axis\" is 99999999999", with(job, "axis", "99999999999")),
                ofJob(fleet, "\"rows\" is", with(job, "rows", "1e999999")),
                ofJob(fleet, "\"timeToLiveMs\" is -5", with(job, "timeToLiveMs", "-5")),
                ofJob(fleet, "\"outcomesPartition\" is \"0\"", with(job, "outcomesPartition", "\"0\"")),
                ofJob(fleet, "outcomesPartition is 2147483647", with(job, "outcomesPartition", "2147483647")));
    }

    private static List<Poison> badPlaces(Fleet fleet, JobHandle job) {
        return List.of(
                ofPlace(fleet, "\"index\" is missing", job, "{}"),
                ofPlace(fleet, "\"index\" is \"0\"", job, "{\"index\":\"0\",\"start\":0}"),
                ofPlace(fleet, "\"index\" is -1", job, "{\"index\":-1,\"start\":0}"),
                ofPlace(fleet, "\"index\" is 1.0E40", job, "{\"index\":1e40,\"start\":0}"),
                ofPlace(fleet, "\"index\" is 99999999999999999999", job, "{\"index\":99999999999999999999}"),
                ofPlace(
                        fleet,
                        "\"start\" is -9223372036854775808",
                        job,
                        "{\"index\":0,\"start\":-9223372036854775808}"),
                ofPlace(fleet, "\"start\" is true", job, "{\"index\":0,\"start\":true}"),
                ofPlace(fleet, "is not below the count 4", job, "{\"index\":4,\"start\":0,\"count\":4}"),
                ofPlace(fleet, "not JSON", job, repeated("{\"index\":", 1000)));
    }

    /** Headers of 1 and 8 MB that would be understood if they were read. */
    private static List<Poison> bombs(Fleet fleet, JobHandle job) {
        List<Poison> all = new ArrayList<>();
        for (int megabytes : new int[] {1, 8}) {
            String padding = "\"" + repeated("x", megabytes * 1_000_000) + "\"";
            all.add(ofJob(fleet, "64000", with(job, "padding", padding)));
            all.add(ofPlace(fleet, "64000", job, "{\"index\":0,\"start\":0,\"padding\":" + padding + "}"));
        }
        Map<String, byte[]> thousands = new LinkedHashMap<>();
        for (int i = 0; i < 5000; i++) {
            thousands.put("h" + i, bytes("v" + i));
        }
        all.add(new Poison("fanfold-wire is missing", record(fleet, Npy.encode(ARRAY), thousands)));
        return all;
    }

    private static List<ConsumerRecord<byte[], byte[]>> deadLetters(Fleet fleet) {
        return Raw.read(fleet.kafka(), fleet.kafka().topics().deadLetters());
    }

    private static void aJobGoesThrough(Fleet fleet) throws Exception {
        JobHandle job = fleet.submit(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(12));
        assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
    }

    @OnEveryBroker
    void aRecordThatIsNoChunkIsADeadLetterWithTheReasonAndTheNextOneRuns(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.on(kind)) {
            Worker worker = fleet.worker("worker-1");
            fleet.aggregator("aggregator-1", fleet.store("results"));
            JobHandle named = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            List<Poison> poisons = poisons(fleet, named);

            Raw.write(fleet.kafka(), poisons.stream().map(Poison::record).toList());
            aJobGoesThrough(fleet);

            await().atMost(Fleet.LONG).until(() -> deadLetters(fleet).size() == poisons.size());
            for (ConsumerRecord<byte[], byte[]> dead : deadLetters(fleet)) {
                int which = (int) Records.deadLetter(dead).offset();
                assertThat(Records.deadLetter(dead).reason())
                        .as("record %d", which)
                        .contains(poisons.get(which).reason())
                        .hasSizeLessThan(300);
                assertThat(dead.value()).isEqualTo(poisons.get(which).record().value());
            }
            assertThat(worker.failure()).isEmpty();
            assertThat(named.over())
                    .as("nobody may end a job that no readable chunk names")
                    .isFalse();
        }
    }

    /** What is spoilt in an otherwise good chunk of a job of its own, and what the job is told. */
    private record Spoilt(String error, String field, String with, Supplier<byte @Nullable []> value) {}

    private static Spoilt header(String error, String field, String with) {
        return new Spoilt(error, field, with, () -> Npy.encode(ARRAY));
    }

    private static Spoilt value(String error, byte @Nullable [] value) {
        return new Spoilt(error, "axis", "0", () -> value);
    }

    private static byte[] npy(String header, int dataBytes) {
        byte[] text = bytes(header + repeated(" ", 117 - header.length()) + "\n");
        return ByteBuffer.allocate(10 + text.length + dataBytes)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0})
                .put(text)
                .array();
    }

    private static List<Spoilt> spoilt() {
        byte[] whole = Npy.encode(ARRAY);
        byte[] noise = new byte[5000];
        new Random(SEED).nextBytes(noise);
        return List.of(
                value("has no value", null),
                value("ArrayFormatException", new byte[0]),
                value("ArrayFormatException", noise),
                value("ArrayFormatException", Arrays.copyOf(whole, whole.length - 1)),
                value("ArrayFormatException", Arrays.copyOf(whole, 60)),
                value("ArrayFormatException", npy("{'descr': '|O', 'fortran_order': False, 'shape': (5,), }", 40)),
                value(
                        "ArrayFormatException",
                        npy("{'descr': '<i4', 'fortran_order': False, 'shape': (9223372036854775807, 4), }", 40)),
                header("\"sleep\"", "parameters", "{\"sleep\":1}"),
                header("\"x\"", "parameters", "{\"x\":1e999}"),
                header("use strategy threads or async", "strategy", "\"processes\""),
                header("no worker of pool default has _..:x@-", "function", "\"_..:x@-\""));
    }

    @OnEveryBroker
    void aChunkThatCannotBeComputedFailsItsJobWithTheReasonAndTheNextOneRuns(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            Map<Spoilt, JobHandle> jobs = new LinkedHashMap<>();
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (Spoilt one : spoilt()) {
                JobHandle job = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
                jobs.put(one, job);
                records.add(chunk(
                        fleet,
                        "1",
                        bytes(with(job, one.field(), one.with())),
                        bytes(PLACE),
                        one.value().get()));
            }
            Raw.write(fleet.kafka(), records);
            aJobGoesThrough(fleet);

            jobs.forEach((one, job) -> {
                JobState.Terminal end = Fleet.end(job);
                assertThat(end.end()).isEqualTo(JobState.End.FAILED);
                assertThat(end.error().orElseThrow())
                        .contains("chunk 0", one.error())
                        .hasLineCount(1);
            });
            assertThat(deadLetters(fleet)).hasSize(jobs.size());
        }
    }

    @OnEveryBroker
    void numbersBeyondAllMeasureAndHeadersWithoutEndDoNotStopAChunkThatIsOne(BrokerKind kind) throws Exception {
        try (Fleet fleet = Fleet.whole(kind)) {
            JobHandle job = fleet.accept(fleet.function("identity"), Map.of(), ARRAY, 0, new ChunkSize.Count(4));
            Split split = new Split(ARRAY, job.spec().plan());
            String most = Long.toString(Long.MAX_VALUE);
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (String place : List.of(
                    "{\"index\":" + most + ",\"start\":" + most + "}",
                    "{\"index\":9223372036854775806,\"start\":0,\"count\":" + most + "}")) {
                records.add(chunk(fleet, "1", bytes(header(job)), bytes(place), Npy.encode(ARRAY)));
            }
            for (String field : List.of("chunkTimeoutMs", "timeToLiveMs", "unheard")) {
                records.add(chunk(
                        fleet,
                        "1",
                        bytes(with(job, field, most)),
                        bytes("{\"index\":" + (records.size() - 2) + ",\"start\":" + most + "}"),
                        split.chunk(records.size() - 2)));
            }
            ProducerRecord<byte[], byte[]> last =
                    chunk(fleet, "1", bytes(header(job)), bytes("{\"index\":3,\"start\":15}"), split.chunk(3));
            for (int i = 0; i < 5000; i++) {
                last.headers().add("h" + i, bytes("v"));
            }
            records.add(last);

            Raw.write(fleet.kafka(), records);

            assertThat(Files.readAllBytes(Fleet.result(job))).isEqualTo(Npy.encode(ARRAY));
            aJobGoesThrough(fleet);
        }
    }
}

package io.fanfold.protocol.wire;

import static io.fanfold.protocol.wire.Travel.arrive;
import static io.fanfold.protocol.wire.Travel.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A submission is whatever an upstream writes by hand: headers and a value. */
final class SubmissionTest {
    private static ConsumerRecord<byte[], byte[]> record(String value, String... headers) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>("fanfold.submissions", 3, null, value == null ? null : bytes(value));
        for (int i = 0; i < headers.length; i += 2) {
            record.headers().add(headers[i], headers[i + 1] == null ? null : bytes(headers[i + 1]));
        }
        return arrive(record);
    }

    @Test
    void headersAreOptionsAndParametersOfTheRequest() {
        Submission read = Records.submission(record(
                "npy",
                "fanfold-wire",
                "1",
                "fanfold-key",
                "night 7",
                "fanfold-function",
                "scale",
                "fanfold-chunks",
                "4",
                "fanfold-param-factor",
                "2.5",
                "traceparent",
                "00-1-2-00"));

        assertThat(read)
                .isEqualTo(new Submission(
                        "night 7",
                        Map.of("function", "scale", "chunks", "4"),
                        Map.of("factor", "2.5"),
                        Optional.empty(),
                        new Submission.Payload.Npy(ByteBuffer.wrap(bytes("npy")))));
    }

    @Test
    void withoutAKeyItIsKnownByItsPlace() {
        assertThat(Records.submission(record("npy", "fanfold-function", "f")).key())
                .isEqualTo("fanfold.submissions-3-42");
        assertThat(Records.submissionKey(record("npy"))).isEqualTo("fanfold.submissions-3-42");
        assertThat(Records.submissionKey(record("npy", "fanfold-key", "mine"))).isEqualTo("mine");
        assertThat(Records.submissionKey(record("npy", "fanfold-key", "a\nb"))).isEqualTo("fanfold.submissions-3-42");
        assertThat(Records.submissionKey(record("npy", "fanfold-key", "k".repeat(257))))
                .isEqualTo("fanfold.submissions-3-42");
    }

    @Test
    void theLastOfHeadersOfOneNameCounts() {
        assertThat(Records.submission(record("x", "fanfold-function", "f", "fanfold-function", "g"))
                        .options())
                .containsExactly(Map.entry("function", "g"));
    }

    @Test
    void jsonIsAnArrayOrSaysWhereOneIs() {
        Submission array = Records.submission(
                record(" [1]", "content-type", "Application/JSON; charset=utf-8", "fanfold-dtype", "i4"));
        assertThat(array.payload()).isEqualTo(new Submission.Payload.JsonArray(ByteBuffer.wrap(bytes(" [1]"))));
        assertThat(array.dtype()).contains("i4");

        Submission elsewhere = Records.submission(
                record("\n{\"uri\":\"file:///data/x.npy\",\"later\":1}", "content-type", "application/json"));
        assertThat(elsewhere.payload()).isEqualTo(new Submission.Payload.Elsewhere("file:///data/x.npy"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        npy | fanfold-wire  | 2               | fanfold-wire is "2"; this role reads version 1
        npy | content-type  | text/csv        | content-type is "text/csv"; it must be application/json
        npy | fanfold-dtype | float32         | fanfold-dtype goes with an array in JSON
        {}  | content-type  | application/json | "uri" is missing; it must be a text
        {"uri":5} | content-type | application/json | "uri" is 5; it must be a text
        {"uri | content-type | application/json | the submission is not JSON
        npy | fanfold-function |              | header fanfold-function has no value
            | fanfold-function | f            | the submission has no value
        """)
    void whatCannotBeReadIsRefusedWithWhatItSays(String value, String header, String text, String message) {
        assertThatExceptionOfType(WireException.class)
                .isThrownBy(() -> Records.submission(record(value, header, text)))
                .withMessageContaining(message);
    }
}

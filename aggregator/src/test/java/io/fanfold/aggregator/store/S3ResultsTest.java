package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.testkit.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Results in a bucket of a server that speaks S3. */
final class S3ResultsTest extends ResultsContract {
    private static final long PART_BYTES = 5L * 1024 * 1024;
    private static final AtomicInteger STORES = new AtomicInteger();

    @TempDir
    static Path directory;

    private static S3Server server;
    private static S3Client client;

    private StoreAddress.S3 address;

    @BeforeAll
    static void startServer() throws IOException {
        S3Server.PROPERTIES.forEach(System::setProperty);
        server = S3Server.start(directory);
        client = S3Clients.client(address("bucket"));
        client.createBucket(create -> create.bucket("bucket"));
    }

    @AfterAll
    static void stopServer() {
        client.close();
        server.close();
        S3Server.PROPERTIES.keySet().forEach(System::clearProperty);
    }

    private static StoreAddress.S3 address(String rest) {
        return address(rest, server.endpoint());
    }

    private static StoreAddress.S3 address(String rest, URI endpoint) {
        return (StoreAddress.S3) StoreAddress.parse("s3://" + rest, Optional.of(endpoint.toString()));
    }

    private static StoreAddress.S3 fresh() {
        return address("bucket/results/" + STORES.incrementAndGet());
    }

    @BeforeEach
    @Override
    void openOne() throws IOException {
        address = fresh();
        super.openOne();
    }

    @Override
    Results open() {
        return S3Results.open(address, PART_BYTES);
    }

    @Override
    Results openAnother() {
        return fresh().open();
    }

    @Test
    void theNameIsTheLastPartOfTheKey() throws IOException {
        results.put("job.npy", file(bytes(10)));

        assertThat(results.uri("job.npy")).hasToString(address + "job.npy");
        assertThat(client.getObjectAsBytes(get -> get.bucket("bucket").key(address.prefix() + "job.npy"))
                        .asByteArray())
                .isEqualTo(bytes(10));
        assertThat(results.shared()).isTrue();
    }

    @Test
    void objectsSayWhatTheyAre() throws IOException {
        results.put("job.npy", file(bytes(10)));
        results.put("job.errors.json", file(bytes(10)));

        assertThat(type("job.npy")).isEqualTo("application/octet-stream");
        assertThat(type("job.errors.json")).isEqualTo("application/json");
    }

    private String type(String name) {
        return client.headObject(head -> head.bucket("bucket").key(address.prefix() + name))
                .contentType();
    }

    @Test
    void anUploadThatEndsInTheMiddleLeavesWhatWasThereAndNoParts() throws IOException {
        results.put("job.npy", file(bytes(10)));
        Path much = file(bytes(MUCH));

        try (Relay relay = Relay.cutting("partNumber=3", server.endpoint());
                Results cut = S3Results.open(address("bucket/" + address.prefix(), relay.endpoint()), PART_BYTES)) {
            assertThatIOException()
                    .isThrownBy(() -> cut.put("job.npy", much))
                    .withMessageContaining(results.uri("job.npy").toString());
            assertThatIOException().isThrownBy(() -> cut.put("other.npy", much));
        }

        assertThat(all("job.npy")).isEqualTo(bytes(10));
        assertThat(results.find("other.npy")).isEmpty();
        assertThat(much).hasBinaryContent(bytes(MUCH));
        assertThat(client.listMultipartUploads(list -> list.bucket("bucket")).uploads())
                .isEmpty();
    }

    @Test
    void aDownloadThatEndsInTheMiddleIsAnErrorNotAnEnd() throws IOException {
        results.put("job.npy", file(bytes(MUCH)));
        try (Relay relay = Relay.cuttingAfterAnswerBytes(5_000_000, server.endpoint());
                Results cut = S3Results.open(address("bucket/" + address.prefix(), relay.endpoint()), PART_BYTES)) {
            assertThatIOException().isThrownBy(() -> cut.read("job.npy", 0).readAllBytes());
        }
    }

    @Test
    void ofTwoAggregatorsThatMakeTheIdTheSecondTakesTheFirstOnes() throws IOException {
        StoreAddress.S3 made = fresh();
        Relay.Action firstOneWrote = () -> {
            client.putObject(
                    put -> put.bucket("bucket").key(made.prefix() + ".fanfold-store"), RequestBody.fromString("first"));
            return "HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        };
        try (Relay relay = Relay.answering("If-None-Match: *", firstOneWrote, server.endpoint());
                Results second =
                        address("bucket/" + made.prefix(), relay.endpoint()).open()) {
            assertThat(second.id()).isEqualTo("first");
        }
    }

    @Test
    void aServiceThatKnowsNoConditionsGetsAnIdAllTheSame() throws IOException {
        StoreAddress.S3 made = fresh();
        Relay.Action unknown = () -> "HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        try (Relay relay = Relay.answering("If-None-Match: *", unknown, server.endpoint());
                Results one =
                        address("bucket/" + made.prefix(), relay.endpoint()).open();
                Results again = made.open()) {
            assertThat(one.id()).isEqualTo(again.id());
        }
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() -> address("nobody-made-it/results").open())
                .withMessageContaining("s3://nobody-made-it/results")
                .withMessageContaining("make the bucket");
    }

    @Test
    void credentialsThatAreNotTakenAreSaid() {
        System.setProperty("aws.secretAccessKey", "wrong");
        try {
            assertThatExceptionOfType(FanfoldException.class)
                    .isThrownBy(() -> address("bucket").open())
                    .withMessageContaining("s3://bucket/")
                    .withMessageContaining("credentials");
        } finally {
            S3Server.PROPERTIES.forEach(System::setProperty);
        }
    }

    @Test
    void aServiceThatDoesNotAnswerIsNamed() {
        assertThatExceptionOfType(FanfoldException.class)
                .isThrownBy(() ->
                        address("bucket", URI.create("http://127.0.0.1:1")).open())
                .withMessageContaining("s3://bucket/")
                .withMessageContaining("--s3-endpoint");
    }
}

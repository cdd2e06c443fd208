package io.fanfold.aggregator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fanfold.protocol.InvalidRequestException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code --store} may say. */
final class StoreAddressTest {
    private static StoreAddress parsed(String text) {
        return StoreAddress.parse(text, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "/var/lib/fanfold", "./a b", "s3", "C:results"})
    void whatHasNoSchemeIsADirectory(String text) {
        assertThat(parsed(text)).isEqualTo(new StoreAddress.Directory(Path.of(text)));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket, bucket, ''",
        "s3://bucket/, bucket, ''",
        "s3://my.bucket-1/fleet, my.bucket-1, fleet/",
        "s3://bucket/a/b_c/, bucket, a/b_c/",
    })
    void aBucketHasAPrefixThatEndsWithASlashOrNone(String text, String bucket, String prefix) {
        assertThat(parsed(text)).isEqualTo(new StoreAddress.S3(bucket, prefix, Optional.empty()));
    }

    @Test
    void anEndpointGoesWithABucketOnly() {
        Optional<String> endpoint = Optional.of("http://127.0.0.1:9000");

        assertThat(StoreAddress.parse("s3://bucket", endpoint))
                .isEqualTo(new StoreAddress.S3("bucket", "", endpoint.map(URI::create)));
        assertThat(StoreAddress.parse("results", endpoint)).isEqualTo(parsed("results"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "s3://",
                "s3://ab",
                "s3://Bucket",
                "s3://bucket//x",
                "s3://bucket/../x",
                "s3://bucket/a?b",
                "s3:/bucket",
                "gs://bucket/x",
                "file:///tmp/x",
                "https://bucket.s3.amazonaws.com"
            })
    void whatIsNeitherIsRefusedByName(String text) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> parsed(text))
                .withMessageContaining("--store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:9000", "ftp://x", "http://", "http://a b"})
    void anEndpointIsAnHttpAddress(String endpoint) {
        assertThatExceptionOfType(InvalidRequestException.class)
                .isThrownBy(() -> StoreAddress.parse("s3://bucket", Optional.of(endpoint)))
                .withMessageContaining("\"" + endpoint + "\"")
                .withMessageContaining("--s3-endpoint");
    }
}

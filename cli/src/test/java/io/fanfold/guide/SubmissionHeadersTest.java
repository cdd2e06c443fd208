package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;

import io.fanfold.producer.client.RequestOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every option of a request is a header of submissions, and the documents of the topics name it. */
final class SubmissionHeadersTest {
    private static final Path REFERENCE =
            Path.of("").toAbsolutePath().getParent().resolve("docs").resolve("reference");

    private static List<String> options() {
        return RequestOptions.NAMES;
    }

    @ParameterizedTest
    @MethodSource("options")
    void anOptionIsAHeaderInTheDescriptionOfTheTopics(String option) throws IOException {
        assertThat(Files.readString(REFERENCE.resolve("asyncapi.yaml")))
                .contains("\n        fanfold-" + option + ": {");
    }
}

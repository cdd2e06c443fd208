package io.fanfold.producer.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The description of the HTTP interface. */
final class DocsPageTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference", "openapi.yaml");

    private static String generated() throws IOException {
        try (InputStream in = DocsPageTest.class.getResourceAsStream("/META-INF/swagger/fanfold.yml")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theReferenceIsWhatTheControllersSay() throws Exception {
        assertThat(Files.readString(REFERENCE))
                .as("cp producer/target/classes/META-INF/swagger/fanfold.yml docs/reference/openapi.yaml")
                .isEqualTo(generated());
    }

    @Test
    void thePageNamesEveryRouteAndOptionAndNeedsNothingElse() throws Exception {
        String page = new DocsPage(generated()).html();

        assertThat(page)
                .contains("GET</span> <code>/v1/jobs/{job}/result", "POST</span> <code>/v1/map/{function}")
                .contains("Idempotency-Key", "chunk-timeout", "JobView", "millisLeft")
                .doesNotContain("<script", "src=", "http://", "https://", "@code"); // nothing to be fetched, no Javadoc
    }
}

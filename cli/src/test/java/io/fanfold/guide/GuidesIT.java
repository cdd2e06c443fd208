package io.fanfold.guide;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Arrays from programs that are not Java and know no more of Fanfold than the wire protocol. Each test runs every snippet of a guide as it
 * is written, with real clients and a fleet that was started as the guide says; the snippets compare the results themselves.
 */
final class GuidesIT {
    private static final Path GUIDES =
            Path.of("").toAbsolutePath().getParent().resolve("docs").resolve("guide");

    @TempDir
    static Path home;

    private static GuideFleet fleet;

    @TempDir
    Path directory;

    @AfterAll
    static void stop() throws IOException, InterruptedException {
        if (fleet != null) {
            fleet.stop();
            fleet = null;
        }
    }

    @Test
    void kcatSubmitsThroughTheTopicAndWritesAJobsChunksItselfAndReadsTheResults() throws Exception {
        follow("kcat.md", Tools.KCAT);
    }

    @Test
    void aNodeProgramSubmitsThroughTheTopicAndWritesAJobsChunksItselfAndReadsTheResults() throws Exception {
        follow("node.md", Tools.NODE);
    }

    @Test
    void aPythonProgramSubmitsOverHttpAndThroughTheTopicAndWritesAJobsChunksItselfAndReadsTheResults()
            throws Exception {
        follow("python-client.md", Tools.PYTHON_CLIENTS);
    }

    @Test
    void curlSubmitsWatchesCancelsAndFetchesArrays() throws Exception {
        follow("curl.md", Tools.CURL);
    }

    private void follow(String guide, Tools tools) throws IOException, InterruptedException {
        Path python = tools.python();
        new Reader(directory, fleet()::addressed, python).follow(Guide.read(GUIDES.resolve(guide)));
    }

    private static GuideFleet fleet() throws IOException {
        GuideFleet there = fleet;
        if (there == null) {
            there = GuideFleet.start(home);
            fleet = there;
        }
        return there;
    }
}

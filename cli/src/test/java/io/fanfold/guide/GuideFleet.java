package io.fanfold.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** The fleet that guides start, on ports of its own. */
final class GuideFleet {
    private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);
    private static final String BROKER = "localhost:9092";
    private static final String HTTP = "localhost:8080";

    private final int port;
    private final int httpPort;
    private final Command command;

    private GuideFleet(Path directory) throws IOException {
        port = LocalBroker.freePort();
        httpPort = LocalBroker.freePort();
        String line = Guide.FLEET.replace("9092", Integer.toString(port)).replace("8080", Integer.toString(httpPort));
        String[] words = line.strip().split(" ", -1);
        command = Command.start(directory, Arrays.copyOfRange(words, 1, words.length));
    }

    /** Starts it as the guides do, and waits until it says that it is up. */
    static GuideFleet start(Path directory) throws IOException {
        GuideFleet fleet = new GuideFleet(directory);
        await().atMost(STARTS_WITHIN).until(() -> fleet.up() || !fleet.command.running());
        assertThat(fleet.up()).as(fleet.command.logged()).isTrue();
        return fleet;
    }

    private boolean up() {
        return command.said().contains("Fanfold is up");
    }

    /** A guide's text with this fleet's addresses in place of those that it names, and nothing else. */
    String addressed(String text) {
        return text.replace(BROKER, "localhost:" + port).replace(HTTP, "localhost:" + httpPort);
    }

    /** Ctrl-C, and waits until all is gone. */
    void stop() throws IOException, InterruptedException {
        command.interrupt();
        var _ = command.await();
    }
}

package io.fanfold.cli.door;

import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream of server-sent events, read by a thread of its own and opened again where it breaks. One thread takes them; closing
 * what they come from ends it.
 */
final class Events implements AutoCloseable {
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);
    /** How long a server that is started anew may take. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What came. */
    sealed interface Event {
        /** An event, by its name. */
        record Said(String name, String data) implements Event {}

        /** No more will come. */
        record Broken(Exception why) implements Event {}
    }

    private final Web web;
    private final String path;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final Thread reader;
    private volatile long heardNanos = System.nanoTime();

    Events(Web web, String path) {
        this.web = web;
        this.path = path;
        this.reader = Thread.ofVirtual().name("events").start(this::read);
    }

    /** The next event; null where none comes in time. */
    @Nullable
    Event next(Duration wait) throws InterruptedException {
        return events.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void read() {
        try {
            while (!readOnce()) {
                Thread.sleep(AGAIN_AFTER);
            }
        } catch (FanfoldException | IOException e) {
            events.add(new Event.Broken(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Reads until the stream ends.
     *
     * @return whether it ended with its last event
     */
    private boolean readOnce() throws IOException, InterruptedException {
        try (BufferedReader lines = open()) {
            return readLines(lines);
        } catch (InvalidRequestException e) {
            throw e;
        } catch (IOException | FanfoldException e) {
            if (lost()) {
                throw e;
            }
            return false;
        }
    }

    private BufferedReader open() throws IOException, InterruptedException {
        InputStream body =
                web.send(web.get(path).header("Accept", "text/event-stream")).body();
        heard();
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** The server has just been heard. */
    void heard() {
        heardNanos = System.nanoTime();
    }

    /** Whether the server was not heard for longer than it takes to start it anew. */
    boolean lost() {
        return System.nanoTime() - heardNanos > PATIENCE.toNanos();
    }

    private boolean readLines(BufferedReader lines) throws IOException {
        String name = "message";
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            heard();
            if (line.startsWith("event:")) {
                name = line.substring("event:".length()).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring("data:".length()).strip());
            } else if (line.isEmpty()) {
                if (!data.isEmpty() || name.equals("end")) {
                    events.add(new Event.Said(name, data.toString()));
                }
                if (name.equals("end")) {
                    return true;
                }
                name = "message";
                data.setLength(0);
            }
        }
        return false;
    }

    @Override
    public void close() {
        reader.interrupt();
    }
}

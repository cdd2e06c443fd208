package io.fanfold.bench.rig;

import io.fanfold.broker.LocalBroker;
import io.fanfold.cli.local.ThisJvm;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.KafkaSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real broker in a process of its own, on the loopback interface, with the heap and the collector that Kafka's own scripts give it. */
public final class BrokerProcess implements AutoCloseable {
    static final String READY = "ready";
    private static final List<String> LIKE_KAFKA =
            List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20");

    private final Process process;
    private final KafkaSettings kafka;

    private BrokerProcess(Process process, KafkaSettings kafka) {
        this.process = process;
        this.kafka = kafka;
    }

    /**
     * Starts one; returns when it takes requests.
     *
     * @param work a directory for its log
     */
    public static BrokerProcess start(Path work) throws IOException {
        int port = LocalBroker.freePort();
        List<String> command = new ArrayList<>(List.of(ThisJvm.java().toString()));
        command.addAll(LIKE_KAFKA);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), BareBroker.class.getName()));
        command.addAll(List.of(Files.createDirectory(work.resolve("broker")).toString(), Integer.toString(port)));
        Process process = Launch.of(command)
                .redirectError(work.resolve("broker.log").toFile())
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); !READY.equals(line); line = out.readLine()) {
            if (line == null) {
                throw new FanfoldException("the broker did not start: " + Files.readString(work.resolve("broker.log")));
            }
        }
        Thread.ofPlatform()
                .name("broker-output")
                .daemon()
                .start(() -> out.lines().forEach(_ -> {}));
        return new BrokerProcess(process, KafkaSettings.at("127.0.0.1:" + port));
    }

    public KafkaSettings kafka() {
        return kafka;
    }

    public long pid() {
        return process.pid();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

package io.fanfold.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * One Kafka node, broker and controller in one, in this JVM and on the loopback interface. It is the real server with settings
 * for one machine: small buffers, one copy of everything, and groups that notice a dead member after three seconds instead of
 * the 45 that suit a network.
 */
public final class LocalBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final int port;
    private final KafkaRaftServer server;

    private LocalBroker(int port, KafkaRaftServer server) {
        this.port = port;
        this.server = server;
    }

    /**
     * Starts a broker; returns when it takes requests.
     *
     * @param data an empty or new directory for its log; the caller's to remove after {@link #close}
     * @param port where clients connect, for instance {@link #freePort}
     * @throws IOException if the directory cannot be written
     * @throws BindException if the port is in use
     */
    public static LocalBroker start(Path data, int port, Map<String, String> overrides) throws IOException {
        requireFree(port);
        int controllerPort = freePort();
        Map<String, Object> config = config(data, port, controllerPort);
        config.putAll(overrides);
        try (PrintStream quiet = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(quiet)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .addDirectory(data.toString())
                    .setMetadataLogDirectory(data.toString())
                    .setControllerListenerName("CONTROLLER")
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the broker's directory " + data + " cannot be made: " + e.getMessage(), e);
        }
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(config), Time.SYSTEM);
        server.startup();
        return new LocalBroker(port, server);
    }

    private static Map<String, Object> config(Path data, int port, int controllerPort) {
        Map<String, Object> config = new HashMap<>();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("log.dirs", data.toString());
        config.put("listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        config.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        config.put("auto.create.topics.enable", "false");
        config.put("log.cleaner.threads", "1");
        config.put("log.cleaner.dedupe.buffer.size", "2097152");
        config.put("log.retention.check.interval.ms", "30000"); // what is purged leaves the disk soon
        config.put("log.segment.delete.delay.ms", "1000");
        config.put("num.network.threads", "2");
        config.put("num.io.threads", "4");
        oneOfEach(config);
        quickGroups(config);
        return config;
    }

    private static void oneOfEach(Map<String, Object> config) {
        config.put("offsets.topic.replication.factor", "1");
        config.put("offsets.topic.num.partitions", "1");
        for (String topic : new String[] {"transaction.state.log", "share.coordinator.state.topic"}) {
            config.put(topic + ".replication.factor", "1");
            config.put(topic + ".num.partitions", "1");
            config.put(topic + ".min.isr", "1");
        }
    }

    /** A killed worker's partitions move after three seconds: there is no network to lose a heartbeat. */
    private static void quickGroups(Map<String, Object> config) {
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("group.consumer.session.timeout.ms", "3000");
        config.put("group.consumer.min.session.timeout.ms", "3000");
        config.put("group.consumer.heartbeat.interval.ms", "500");
        config.put("group.consumer.min.heartbeat.interval.ms", "500");
        config.put("group.min.session.timeout.ms", "3000");
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** A port on the loopback interface that nobody listens on, below the range that outgoing connections use. */
    public static int freePort() throws IOException {
        BindException last = new BindException("no free port");
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try {
                requireFree(port);
                return port;
            } catch (BindException e) {
                last = e;
            }
        }
        throw last;
    }

    private static void requireFree(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }

    /** Stops the broker; its directory stays. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}

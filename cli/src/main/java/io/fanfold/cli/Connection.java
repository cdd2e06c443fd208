package io.fanfold.cli;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.Topics;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which broker and which topics. */
final class Connection {
    @Option(
            names = "--topic-prefix",
            order = 11,
            paramLabel = "PREFIX",
            defaultValue = "${env:FANFOLD_TOPIC_PREFIX:-fanfold}",
            description = "What the names of the topics and groups begin with (default: fanfold).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String prefix;

    @Option(
            names = "--max-message-bytes",
            order = 11,
            paramLabel = "BYTES",
            defaultValue = "${env:FANFOLD_MAX_MESSAGE_BYTES:-16777216}",
            description = "The largest record of topics and clients (default: 16777216).")
    int maxMessageBytes;

    @Option(
            names = "--kafka-config",
            order = 11,
            paramLabel = "FILE",
            defaultValue = "${env:FANFOLD_KAFKA_CONFIG:-" + Option.NULL_VALUE + "}",
            description = "Kafka client properties (security and the like), one key=value a line.")
    @Nullable
    Path kafkaConfig;

    KafkaSettings settings(String bootstrapServer) throws IOException {
        return settings(bootstrapServer, Map.of());
    }

    /** @param more client properties that win over those of the file */
    KafkaSettings settings(String bootstrapServer, Map<String, String> more) throws IOException {
        if (bootstrapServer.isBlank()) {
            throw new InvalidRequestException(
                    "the bootstrap server is empty; give host:port, for instance localhost:9092");
        }
        Map<String, String> overrides = new HashMap<>();
        if (kafkaConfig != null) {
            Properties properties = new Properties();
            try (Reader in = Files.newBufferedReader(kafkaConfig)) {
                properties.load(in);
            }
            properties.stringPropertyNames().forEach(k -> overrides.put(k, properties.getProperty(k)));
        }
        overrides.putAll(more);
        return new KafkaSettings(bootstrapServer, new Topics(prefix), maxMessageBytes, overrides);
    }
}

package io.fanfold.cli;

import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The cluster of a command that there is no other way to. */
final class BrokerOptions {
    @Option(
            names = "--bootstrap-server",
            order = 10,
            paramLabel = "HOST:PORT",
            required = true,
            defaultValue = "${env:FANFOLD_BOOTSTRAP_SERVER}",
            description = "The Kafka cluster (or FANFOLD_BOOTSTRAP_SERVER).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String bootstrapServer;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    KafkaSettings kafka() throws IOException {
        return connection.settings(bootstrapServer);
    }
}

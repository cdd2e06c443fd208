package io.fanfold.cli;

import io.fanfold.protocol.wire.KafkaSettings;
import java.io.IOException;
import java.net.InetAddress;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What every role is told: which broker, which topics, and where to serve HTTP. */
class RoleOptions {
    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            required = true,
            defaultValue = "${env:FANFOLD_BOOTSTRAP_SERVER}",
            description = "The Kafka cluster (or FANFOLD_BOOTSTRAP_SERVER).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String bootstrapServer;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "${env:FANFOLD_HTTP_PORT:-0}",
            description = "Where HTTP is served; 0 (the default) takes a free port and logs it (or FANFOLD_HTTP_PORT).")
    int httpPort;

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "${env:FANFOLD_HTTP_HOST:-127.0.0.1}",
            description = "The interface to serve HTTP on, 0.0.0.0 for all (default: 127.0.0.1; or FANFOLD_HTTP_HOST).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String httpHost;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "${env:FANFOLD_NAME:-}",
            description = "Its name in logs and metrics (default: of role, host and process; or FANFOLD_NAME).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    HttpOptions httpOptions;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    Connection connection;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    Verbosity verbosity;

    HttpAddress http() {
        return new HttpAddress(httpHost, httpPort);
    }

    KafkaSettings kafka() throws IOException {
        return connection.settings(bootstrapServer);
    }

    /** A name that is the same after a restart. */
    String lastingName(String role) throws IOException {
        return name.isEmpty() ? role + "-" + InetAddress.getLocalHost().getHostName() : name;
    }

    String name(String role) throws IOException {
        return name.isEmpty()
                ? role + "-" + InetAddress.getLocalHost().getHostName() + "-"
                        + ProcessHandle.current().pid()
                : name;
    }
}

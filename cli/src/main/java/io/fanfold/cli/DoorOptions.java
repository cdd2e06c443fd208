package io.fanfold.cli;

import io.fanfold.cli.door.DoorAddress;
import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Through which door a fleet is reached: one of two. */
final class DoorOptions {
    static final String SERVER = "FANFOLD_SERVER";
    static final String BROKER = "FANFOLD_BOOTSTRAP_SERVER";

    @Option(
            names = "--server",
            order = 10,
            paramLabel = "URL",
            description = "Over HTTP: a producer's server, such as http://localhost:8080 (or " + SERVER + ").")
    @Nullable
    String server;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    TokenOptions token;

    @Option(
            names = "--bootstrap-server",
            order = 10,
            paramLabel = "HOST:PORT",
            description = "Over Kafka: the cluster (or " + BROKER + ").")
    @Nullable
    String bootstrapServer;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec command;

    /**
     * The door that is named on the command line, or else in the environment.
     *
     * @throws InvalidRequestException if none is, or both are
     */
    DoorAddress address() throws IOException {
        Optional<DoorAddress> named = given();
        return named.isPresent() ? named.get() : ofEnvironment(System.getenv()::get);
    }

    /** The door that is named on the command line, if one is. */
    Optional<DoorAddress> given() throws IOException {
        if (server != null && bootstrapServer != null) {
            throw new ParameterException(
                    command.commandLine(), "--server and --bootstrap-server exclude one another: give one of them");
        }
        if (server != null) {
            return Optional.of(http(server, System.getenv()::get));
        }
        return bootstrapServer == null ? Optional.empty() : Optional.of(kafka(bootstrapServer, System.getenv()::get));
    }

    /** @param environment its variables by name; null where there is none */
    DoorAddress ofEnvironment(Function<String, @Nullable String> environment) throws IOException {
        String http = environment.apply(SERVER);
        String kafka = environment.apply(BROKER);
        if (http != null && kafka != null) {
            throw new ParameterException(
                    command.commandLine(),
                    SERVER + " and " + BROKER + " are both set: say which with --server or --bootstrap-server");
        }
        if (http == null && kafka == null) {
            throw new ParameterException(
                    command.commandLine(),
                    "which fleet? give --server URL (HTTP) or --bootstrap-server HOST:PORT (Kafka), or set " + SERVER
                            + " or " + BROKER);
        }
        return http != null ? http(http, environment) : kafka(String.valueOf(kafka), environment);
    }

    private DoorAddress http(String url, Function<String, @Nullable String> environment) throws IOException {
        for (String option : new String[] {"--topic-prefix", "--kafka-config", "--max-message-bytes"}) {
            if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(
                        command.commandLine(), option + " goes with --bootstrap-server: a server knows its own");
            }
        }
        return DoorAddress.Http.parse(url, token.token(environment));
    }

    private DoorAddress kafka(String bootstrap, Function<String, @Nullable String> environment) throws IOException {
        return new DoorAddress.Kafka(connection.settings(bootstrap), token.token(environment));
    }
}

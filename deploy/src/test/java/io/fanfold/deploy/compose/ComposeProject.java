package io.fanfold.deploy.compose;

import io.fanfold.broker.LocalBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The file docker-compose.yml under a name and on ports of its own, so that a fleet of the same machine is not touched. */
final class ComposeProject implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration LONG = Duration.ofMinutes(8);

    private final String name;
    private final List<String> profiles;
    private final int port = LocalBroker.freePort();
    private final Map<String, String> environment = new HashMap<>();

    /** @param profiles what {@code --profile} names, each time */
    ComposeProject(String name, String... profiles) throws IOException {
        this.name = name + "-" + ProcessHandle.current().pid();
        this.profiles =
                Stream.of(profiles).flatMap(one -> Stream.of("--profile", one)).toList();
        environment.put("FANFOLD_VERSION", "under-test");
        environment.put("FANFOLD_PORT", Integer.toString(port));
        for (String variable : List.of("FANFOLD_KAFKA_PORT", "FANFOLD_KAFKA_PORT_2", "FANFOLD_KAFKA_PORT_3")) {
            environment.put(variable, Integer.toString(LocalBroker.freePort()));
        }
    }

    /** Runs {@code docker compose ARGUMENTS}; what it printed. */
    String compose(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "compose", "--project-name", name));
        command.addAll(profiles);
        command.addAll(List.of(arguments));
        return Program.output(ROOT, environment, LONG, command);
    }

    /** Runs {@code docker ARGUMENTS}; what it printed, without the line's end. */
    static String docker(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        return Program.output(ROOT, Map.of(), LONG, command).strip();
    }

    /** The ids of the containers of a service that run. */
    List<String> containers(String service) {
        return compose("--profile", "*", "ps", "--quiet", service).lines().toList();
    }

    /** The id of the one container of a service. */
    String container(String service) {
        List<String> all = containers(service);
        if (all.size() != 1) {
            throw new AssertionError(service + " has " + all.size() + " containers, where there should be one");
        }
        return all.getFirst();
    }

    /** Where the producer answers. */
    String server() {
        return "http://127.0.0.1:" + port;
    }

    /** The end of what all containers said: for a report of a failure. */
    String logs() {
        return compose("logs", "--no-color", "--tail", "60");
    }

    @Override
    public void close() {
        compose("--profile", "*", "down", "--volumes", "--timeout", "5", "--remove-orphans");
    }
}

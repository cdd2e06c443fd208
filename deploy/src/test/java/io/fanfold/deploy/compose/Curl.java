package io.fanfold.deploy.compose;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A fleet through its producer, as anybody with curl sees it. */
final class Curl {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final String server;
    private final Path directory;

    /** @param directory where files are read and written */
    Curl(String server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /** Runs curl, which fails where the answer is an error. */
    String run(String path, String... options) {
        List<String> command =
                new ArrayList<>(List.of("curl", "--silent", "--show-error", "--fail-with-body", "--max-time", "290"));
        command.addAll(List.of(options));
        command.add(server + path);
        return Program.output(directory, Map.of(), LONG, command);
    }

    /** Takes an array for a job; its id. */
    String submit(String file, String query) {
        return field(run("/v1/jobs?" + query, "--data-binary", "@" + file), "job");
    }

    /** What a job's state says of one thing: a number or a word. */
    String of(String job, String field) {
        return field(run("/v1/jobs/" + job), field);
    }

    /** The same of the newest job of a key. */
    String ofKey(String key, String field) {
        return field(run("/v1/jobs?key=" + key), field);
    }

    private static String field(String json, String name) {
        Matcher found =
                Pattern.compile('"' + Pattern.quote(name) + "\":\"?([^\",}]*)").matcher(json);
        if (!found.find()) {
            throw new AssertionError("there is no " + name + " in " + json);
        }
        return found.group(1);
    }
}

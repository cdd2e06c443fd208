package io.fanfold.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.Web;
import io.fanfold.protocol.FanfoldException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at a fleet through a producer's HTTP server. One thread. */
public final class ServerDoctor {
    private static final Pattern VERSION = Pattern.compile("(?m)^  version: *['\"]?([^'\"\\s]+)");
    private static final int NAMED = 5;

    private final DoorAddress.Http address;
    private final String version;
    private final Consumer<Check> seen;

    /**
     * A look from a command.
     *
     * @param version of the command
     * @param seen is told of each thing as soon as it was looked at
     */
    public ServerDoctor(DoorAddress.Http address, String version, Consumer<Check> seen) {
        this.address = address;
        this.version = version;
        this.seen = seen;
    }

    /** Looks at what a server tells. */
    public void examine() throws InterruptedException {
        try (Web web = new Web(address)) {
            health(web.look("/health"));
            versions(web.look("/openapi.yaml"));
            Web.Answer jobs = web.look("/v1/jobs?limit=100");
            if (token(jobs)) {
                jobs(jobs.json().path("jobs"));
                functions(web.look("/v1/functions"));
            }
        } catch (FanfoldException | IOException e) {
            seen.accept(Check.problem(
                    "server",
                    e.getMessage() == null ? address.server() + " does not answer" : e.getMessage(),
                    "check the address and that it runs (fanfold up, fanfold producer)"));
        }
    }

    private void health(Web.Answer answer) {
        String status = answer.json().path("status").asText();
        if (status.isEmpty()) {
            seen.accept(Check.problem(
                    "server",
                    address.server() + " answers, but is no Fanfold server (status " + answer.status() + " of /health)",
                    "give the address of a producer (fanfold producer logs it)"));
            return;
        }
        List<String> down = new ArrayList<>();
        answer.json().path("details").properties().forEach(part -> {
            if (!part.getValue().path("status").asText("UP").equals("UP")) {
                down.add(part.getKey());
            }
        });
        seen.accept(
                status.equals("UP")
                        ? Check.ok("server", address.server() + " is UP")
                        : Check.problem(
                                "server",
                                address.server() + " is " + status + ": " + String.join(", ", down),
                                "look at its log; the cluster behind it is looked at with: fanfold doctor"
                                        + " --bootstrap-server HOST:PORT"));
    }

    private void versions(Web.Answer answer) {
        Matcher matcher = VERSION.matcher(answer.text());
        seen.accept(
                answer.status() == 200 && matcher.find()
                        ? Check.ok(
                                "version",
                                "the server's interface is " + matcher.group(1) + ", this command " + version)
                        : Check.unknown("version", "the server does not say (this command is " + version + ")"));
    }

    private boolean token(Web.Answer answer) {
        switch (answer.status()) {
            case 200 ->
                seen.accept(Check.ok(
                        "token", address.token().isEmpty() ? "none is given, and we are let in" : "we are let in"));
            case 401, 403 ->
                seen.accept(Check.problem(
                        "token",
                        address.token().isEmpty() ? "the server wants one" : "the server wants another",
                        "give it with --token-file FILE, or FANFOLD_TOKEN_FILE or FANFOLD_TOKEN"));
            default ->
                seen.accept(Check.problem(
                        "jobs",
                        "the server answers with status " + answer.status() + ": "
                                + answer.json().path("detail").asText("no reason is given"),
                        "look at its log"));
        }
        return answer.status() == 200;
    }

    private void jobs(JsonNode jobs) {
        List<Check> waiting = new ArrayList<>();
        int going = 0;
        for (JsonNode job : jobs) {
            String state = job.path("state").asText();
            going += state.equals("RUNNING") || state.equals("SUBMITTED") ? 1 : 0;
            if (job.hasNonNull("waiting") && waiting.size() < NAMED) {
                String id = job.path("job").asText();
                waiting.add(Check.warning(
                        "jobs",
                        "job " + id + " waits: " + job.path("waiting").asText(),
                        "fanfold status " + id + " --server " + address.server()));
            }
        }
        waiting.forEach(seen);
        seen.accept(Check.ok("jobs", going + " of the last " + jobs.size() + " go on"));
    }

    private void functions(Web.Answer answer) {
        int count = answer.json().path("functions").size();
        seen.accept(
                count == 0
                        ? Check.problem("functions", "no worker has ever said what it can compute", "fanfold worker")
                        : Check.ok("functions", count + " are offered"));
    }
}

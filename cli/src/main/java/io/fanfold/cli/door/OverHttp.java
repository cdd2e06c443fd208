package io.fanfold.cli.door;

import com.fasterxml.jackson.databind.JsonNode;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The door of a producer's HTTP server. */
final class OverHttp implements Door {
    static final String JOBS = "/v1/jobs";
    /** The most jobs that a server lists. */
    private static final int MOST_LISTED = 10_000;
    /** How often a job that nothing is heard of is asked for. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final String server;
    private final Web web;

    OverHttp(DoorAddress.Http address) {
        this.server = address.server().toString();
        this.web = new Web(address);
    }

    @Override
    public JobView submit(Request request, LongConsumer sent) throws IOException, InterruptedException {
        return view(new Upload(web, server).send(request, sent));
    }

    @Override
    public List<JobView> jobs(Which which) throws IOException, InterruptedException {
        Map<String, String> query = new TreeMap<>();
        which.key().ifPresent(key -> query.put("key", key));
        boolean one = which.states().size() == 1;
        if (one) {
            query.put("state", which.states().iterator().next().name());
        }
        boolean filtered = one || which.states().isEmpty();
        query.put("limit", Integer.toString(filtered ? Math.min(which.most(), MOST_LISTED) : MOST_LISTED));
        List<JobView> jobs = new ArrayList<>();
        for (JsonNode job : web.json(web.get(JOBS + Web.query(query))).path("jobs")) {
            jobs.add(view(job));
        }
        Collections.reverse(jobs);
        return which.of(jobs);
    }

    /** A job, whose addresses are those of this server. */
    private JobView view(JsonNode said) {
        JobView job = JobView.read(said, server);
        for (String at : new String[] {"result", "mask", "errors"}) {
            job.text(at)
                    .filter(path -> path.startsWith("/"))
                    .ifPresent(path -> job.json().put(at, server + path));
        }
        return job;
    }

    @Override
    public Optional<JobView> find(JobName name) throws IOException, InterruptedException {
        return switch (name) {
            case JobName.Id id ->
                web.jsonIfThere(web.get(JOBS + "/" + id.job())).map(this::view);
            case JobName.Key key -> jobs(Which.of(key.key())).stream().findFirst();
        };
    }

    @Override
    public JobView follow(JobId job, Optional<Duration> patience, Consumer<JobView> news)
            throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(patience);
        JobView last = require(new JobName.Id(job));
        try (Events events = new Events(web, JOBS + "/" + job + "/events")) {
            while (!last.ended() && !deadline.passed()) {
                news.accept(last);
                last = next(events, deadline.left(SILENCE), last);
            }
        }
        news.accept(last);
        return last;
    }

    /** What is said of the job next; where nothing is, it is asked for. */
    private JobView next(Events events, Duration wait, JobView last) throws IOException, InterruptedException {
        Events.Event event = events.next(wait);
        return switch (event) {
            case null -> wait.compareTo(SILENCE) < 0 ? last : asked(events, last);
            case Events.Event.Said said ->
                said.name().equals("end") ? asked(events, last) : view(Web.parse(said.data()));
            case Events.Event.Broken broken ->
                throw new FanfoldException(
                        "job " + last.job() + " cannot be followed: "
                                + broken.why().getMessage(),
                        broken.why());
        };
    }

    /** The job as it is now; as it was, while the server may be starting anew. */
    private JobView asked(Events events, JobView last) throws IOException, InterruptedException {
        try {
            JobView now = require(new JobName.Id(last.job()));
            events.heard();
            return now;
        } catch (InvalidRequestException e) {
            throw e;
        } catch (FanfoldException e) {
            if (events.lost()) {
                throw e;
            }
            return last;
        }
    }

    @Override
    public ResultFiles fetch(JobView job, Path into) throws IOException, InterruptedException {
        String at = JOBS + "/" + job.job();
        Path result = download(at + "/result", into.resolve("result.npy"));
        if (job.failed() == 0) {
            return new ResultFiles(result, Optional.empty(), Optional.empty());
        }
        return new ResultFiles(
                result,
                Optional.of(download(at + "/mask", into.resolve("mask.npy"))),
                Optional.of(download(at + "/errors", into.resolve("errors.json"))));
    }

    private Path download(String path, Path file) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = web.send(web.get(path));
        long announced = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
        try (InputStream body = answer.body()) {
            long bytes = Files.copy(body, file);
            if (announced >= 0 && bytes != announced) {
                throw new FanfoldException("what " + server + path + " serves broke off after " + bytes + " bytes of "
                        + announced + ": try again");
            }
        }
        return file;
    }

    @Override
    public void cancel(JobView job) throws IOException, InterruptedException {
        web.send(web.request(JOBS + "/" + job.job()).DELETE()).body().close();
    }

    @Override
    public List<FunctionView> functions() throws IOException, InterruptedException {
        List<FunctionView> functions = new ArrayList<>();
        for (JsonNode f : web.json(web.get("/v1/functions")).path("functions")) {
            functions.add(FunctionView.read(f, server));
        }
        return functions;
    }

    @Override
    public void close() {
        web.close();
    }
}

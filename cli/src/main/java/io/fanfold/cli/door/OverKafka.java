package io.fanfold.cli.door;

import io.fanfold.producer.client.JobHandle;
import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.MapRequest;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.producer.client.RequestOptions;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.rights.Role;
import io.fanfold.protocol.topics.TopicSetup;
import io.fanfold.protocol.wire.FunctionOffer;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobState;
import io.fanfold.protocol.wire.KafkaSettings;
import io.fanfold.protocol.wire.ResultInfo;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** The door of the cluster itself. */
final class OverKafka implements Door {
    /** How often what a job says of itself is looked at where it says nothing new. */
    private static final Duration STEP = Duration.ofMillis(500);

    private final KafkaSettings kafka;
    private final ParallelMap map;
    private final Dispatching dispatching;

    private OverKafka(KafkaSettings kafka, ParallelMap map, MeterRegistry meters) {
        this.kafka = kafka;
        this.map = map;
        this.dispatching = new Dispatching(map, meters.counter("fanfold.chunks.dispatched")::count);
    }

    static OverKafka open(KafkaSettings kafka, Optional<String> token, String clientId) {
        String client = clientId + "-" + ProcessHandle.current().pid();
        MeterRegistry meters = new SimpleMeterRegistry();
        return new OverKafka(kafka, ParallelMap.connect(kafka, client, Set.of(), token, meters), meters);
    }

    @Override
    public JobView submit(Request request, LongConsumer sent) throws IOException {
        MapRequest asked = RequestOptions.parse(request.options(), request.key());
        FunctionOffer _ = map.functions().offer(asked.pool(), asked.function()); // who has the function has a topic
        try (TopicSetup topics = new TopicSetup(kafka)) {
            topics.require(Role.CLIENT, Set.of(asked.pool()));
        }
        JobHandle job = dispatching.submit(request.array(), asked, sent);
        return view(job.id());
    }

    @Override
    public List<JobView> jobs(Which which) {
        if (which.key().isPresent()) {
            return which.of(byKey(which.key().get()).stream().toList());
        }
        List<JobView> all = new ArrayList<>();
        map.jobs().refusals().forEach(refusal -> all.add(JobView.of(refusal)));
        map.jobs().all().forEach(report -> all.add(JobView.of(report)));
        return which.of(all);
    }

    @Override
    public Optional<JobView> find(JobName name) {
        return switch (name) {
            case JobName.Id id ->
                map.jobs()
                        .find(id.job())
                        .map(JobView::of)
                        .or(() -> map.jobs().refusals().stream()
                                .filter(refusal -> refusal.job().equals(id.job()))
                                .findFirst()
                                .map(JobView::of));
            case JobName.Key key -> byKey(key.key());
        };
    }

    /** The job that holds a key; where none does, the last submission that was refused under it. */
    private Optional<JobView> byKey(String key) {
        return map.jobs()
                .holder(key)
                .map(JobView::of)
                .or(() -> map.jobs().refusals().stream()
                        .filter(refusal -> refusal.key().equals(key))
                        .reduce((_, later) -> later)
                        .map(JobView::of));
    }

    private JobView view(JobId job) {
        JobName name = new JobName.Id(job);
        return find(name).orElseThrow(() -> Door.unknown(name));
    }

    @Override
    public JobView follow(JobId job, Optional<Duration> patience, Consumer<JobView> news) throws InterruptedException {
        Deadline deadline = Deadline.in(patience);
        Optional<JobHandle> handle = map.attach(job);
        while (handle.isPresent() && !handle.get().over() && !deadline.passed()) {
            JobState.Progress known = handle.get().progress();
            news.accept(JobView.of(handle.get().report()));
            handle.get().await(known, deadline.left(STEP));
        }
        handle.ifPresent(OverKafka::requireHeard);
        JobView last = view(job);
        news.accept(last);
        return last;
    }

    private static void requireHeard(JobHandle job) {
        if (job.ended().isCompletedExceptionally()) {
            throw new FanfoldException(
                    "job " + job.id() + " cannot be followed: "
                            + job.ended().exceptionNow().getMessage(),
                    job.ended().exceptionNow());
        }
    }

    @Override
    public ResultFiles fetch(JobView job, Path into) throws IOException, InterruptedException {
        ResultInfo result = map.jobs()
                .find(job.job())
                .filter(report -> report.gone().isEmpty())
                .flatMap(report -> map.jobs().end(report.job()))
                .flatMap(JobState.Terminal::result)
                .orElseThrow(() -> new FanfoldException("job " + job.job() + " has no result: it is " + job.state()));
        return ResultFiles.fetch(map.results(), job.job(), result, into);
    }

    @Override
    public void cancel(JobView job) {
        boolean over = job.ended()
                || map.jobs().find(job.job()).filter(JobReport::ended).isPresent();
        if (over) {
            throw new InvalidRequestException("job " + job.job() + " is " + job.state() + " and cannot be cancelled");
        }
        map.cancel(job.job(), "cancelled at the command line");
    }

    @Override
    public List<FunctionView> functions() {
        return map.functions().all().stream().map(FunctionView::of).toList();
    }

    @Override
    public void close() {
        dispatching.stop();
        map.close();
    }
}

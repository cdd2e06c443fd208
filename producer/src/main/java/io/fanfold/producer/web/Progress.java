package io.fanfold.producer.web;

import io.fanfold.http.StreamBody;
import io.fanfold.producer.client.JobHandle;
import io.micronaut.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a job comes along, as server-sent events: one each time that something is new, and a last one. */
final class Progress implements StreamBody.Pieces {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final byte[] COMMENT = ":\n\n".getBytes(StandardCharsets.UTF_8);

    private final JobHandle job;
    private final JsonMapper json;
    private @Nullable JobView last;
    private boolean ended;

    Progress(JobHandle job, JsonMapper json) {
        this.job = job;
        this.json = json;
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        if (ended) {
            return null;
        }
        boolean over = job.over();
        JobView view = JobView.of(job.report());
        if (!view.equals(last)) {
            last = view;
            return event("progress", view);
        }
        if (over) {
            ended = true;
            return event("end", view);
        }
        await();
        JobView now = JobView.of(job.report());
        return now.equals(last) && !job.over() ? COMMENT : next();
    }

    private void await() throws IOException {
        try {
            job.await(job.progress(), HEARTBEAT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while job " + job.id() + " was followed");
        }
    }

    private byte[] event(String name, JobView view) throws IOException {
        ByteArrayOutputStream event = new ByteArrayOutputStream();
        event.write(("event: " + name + "\ndata: ").getBytes(StandardCharsets.UTF_8));
        event.write(json.writeValueAsBytes(view));
        event.write("\n\n".getBytes(StandardCharsets.UTF_8));
        return event.toByteArray();
    }

    @Override
    public void close() {
        // holds nothing
    }
}

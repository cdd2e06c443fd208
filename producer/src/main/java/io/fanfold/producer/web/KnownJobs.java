package io.fanfold.producer.web;

import io.fanfold.producer.client.JobReport;
import io.fanfold.producer.client.ParallelMap;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.WireException;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.exceptions.HttpStatusException;

/** The jobs that addresses name. Any thread. */
final class KnownJobs {
    private final ParallelMap map;

    KnownJobs(ParallelMap map) {
        this.map = map;
    }

    /**
     * All that is said of a job.
     *
     * @throws HttpStatusException 404 if there is none, or what the address names is no id of a job
     */
    JobReport find(String job) {
        JobId id = id(job);
        return map.jobs().find(id).orElseThrow(() -> unknown(id));
    }

    /** As {@link #find}, of a refused submission as well. */
    JobView view(String job) {
        JobId id = id(job);
        return map.jobs()
                .find(id)
                .map(JobView::of)
                .or(() -> map.jobs().refusals().stream()
                        .filter(refusal -> refusal.job().equals(id))
                        .findFirst()
                        .map(JobView::of))
                .orElseThrow(() -> unknown(id));
    }

    private static JobId id(String job) {
        try {
            return new JobId(job);
        } catch (WireException e) {
            throw new HttpStatusException(HttpStatus.NOT_FOUND, "there is no such job: " + e.getMessage());
        }
    }

    private static HttpStatusException unknown(JobId job) {
        return new HttpStatusException(
                HttpStatus.NOT_FOUND,
                "there is no job " + job + ", or it is forgotten; GET /v1/jobs lists those that there are");
    }

    /** What is said where a job has ended. */
    HttpStatusException ended(JobReport report, String so) {
        return new HttpStatusException(
                HttpStatus.CONFLICT, "job " + report.job() + " is " + report.state() + ": " + so);
    }
}

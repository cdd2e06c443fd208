package io.fanfold.producer.client;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.JobState;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A job and its revisions, and what a request to make it whole comes to. Pure. */
final class Lineage {
    private final JobReport root;
    private final List<JobReport> revisions;

    /** What is to be done. */
    sealed interface Next {
        /** Nothing: the result of this revision has no holes. */
        record Whole(JobReport latest) implements Next {}

        /** To wait for this revision, which has not ended. */
        record Running(JobReport latest) implements Next {}

        /** To make a revision of a job that is COMPLETED with holes. */
        record Make(JobReport of, JobId id, int number) implements Next {}
    }

    private Lineage(JobReport root, List<JobReport> revisions) {
        this.root = root;
        this.revisions = revisions;
    }

    /**
     * What a request for {@code asked}, a job or any of its revisions, comes to.
     *
     * @throws InvalidRequestException if there is nothing to be made whole, or nothing to make it from
     */
    static Next next(JobId asked, Collection<JobReport> jobs) {
        JobReport report = find(asked, jobs)
                .orElseThrow(() -> new InvalidRequestException(
                        "there is no job " + asked + "; fanfold jobs shows those that there are"));
        JobId id = rootOf(report.spec());
        JobReport root = find(id, jobs)
                .orElseThrow(() -> new InvalidRequestException(
                        "job " + id + ", of which " + asked + " is a revision, is forgotten: submit its array again"));
        return new Lineage(root, revisions(id, jobs)).next();
    }

    private static Optional<JobReport> find(JobId job, Collection<JobReport> jobs) {
        return jobs.stream().filter(report -> report.job().equals(job)).findFirst();
    }

    /** The first job's id: that of a revision without its number. */
    private static JobId rootOf(JobRecord.Spec spec) {
        String id = spec.job().value();
        return spec.revision()
                .map(revision -> "-r" + revision.number())
                .filter(id::endsWith)
                .map(suffix -> new JobId(id.substring(0, id.length() - suffix.length())))
                .orElse(spec.job());
    }

    private static List<JobReport> revisions(JobId root, Collection<JobReport> jobs) {
        return jobs.stream()
                .filter(report -> report.spec().revision().isPresent()
                        && !report.job().equals(root)
                        && rootOf(report.spec()).equals(root))
                .sorted(Comparator.comparingInt(Lineage::number))
                .toList();
    }

    private static int number(JobReport report) {
        return report.spec().revision().map(JobRecord.Revision::number).orElse(1);
    }

    private Next next() {
        JobReport latest = revisions.isEmpty() ? root : revisions.getLast();
        if (!latest.ended()) {
            if (revisions.isEmpty()) {
                throw new InvalidRequestException("job " + root.job() + " is " + latest.state()
                        + ": its failed chunks can be computed again once it is COMPLETED");
            }
            return new Next.Running(latest);
        }
        JobReport base = lastCompleted();
        requireResult(base);
        if (base.holes().isPresent()) {
            int number = number(latest) + 1;
            return new Next.Make(base, new JobId(root.job() + "-r" + number), number);
        }
        if (base.spec().revision().isEmpty()) {
            throw new InvalidRequestException(
                    "job " + root.job() + " is whole: none of its chunks failed, so there is nothing to compute again");
        }
        return new Next.Whole(base);
    }

    private JobReport lastCompleted() {
        return revisions.reversed().stream()
                .filter(JobReport::completed)
                .findFirst()
                .or(() -> Optional.of(root).filter(JobReport::completed))
                .orElseThrow(() -> new InvalidRequestException(
                        "job " + root.job() + " ended " + root.state() + " and has no result to make whole"
                                + root.error().map(why -> " (" + why + ")").orElse("") + ": submit it again"));
    }

    private static void requireResult(JobReport base) {
        Optional<JobState.Gone> gone = base.gone();
        if (gone.isPresent()) {
            throw new InvalidRequestException(
                    "the result of job " + base.job() + " is " + gone.get().end() + " ("
                            + gone.get().error() + "), and a revision is made from it: submit the array again");
        }
    }
}

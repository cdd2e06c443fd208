package io.fanfold.cli;

import io.fanfold.cli.door.Door;
import io.fanfold.cli.door.DoorAddress;
import io.fanfold.cli.door.JobView;
import io.fanfold.cli.show.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A job that is watched until its end, with its progress shown. One thread. */
final class Following {
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final Door door;
    private final DoorAddress at;
    private final Consumer<String> remark;
    private final long begunNanos = System.nanoTime();
    private boolean silenceSaid;

    /** @param remark is told what is no progress, in one line */
    Following(Door door, DoorAddress at, Consumer<String> remark) {
        this.door = door;
        this.at = at;
        this.remark = remark;
    }

    /** Watches to the end. */
    JobView see(JobView job) throws IOException, InterruptedException {
        String what = job.text("function").map(LetterText::plain).orElse("job");
        try (Progress progress = Progress.of(what, job.chunks().orElse(0))) {
            return door.follow(job.job(), Optional.empty(), view -> {
                progress.show(view.progress());
                saySilence(view);
            });
        }
    }

    /** A fleet that nobody answers for looks like one that is slow: says so, once. */
    private void saySilence(JobView job) {
        boolean silent = !job.ended() && job.done() == 0 && job.waiting().isEmpty();
        if (!silenceSaid && silent && System.nanoTime() - begunNanos > SILENCE.toNanos()) {
            silenceSaid = true;
            remark.accept("no chunk has been done in " + SILENCE.toSeconds()
                    + " s; still waiting. What is wrong may be seen" + " with: fanfold doctor " + at.option());
        }
    }
}

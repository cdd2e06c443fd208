package io.fanfold.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** When workers were killed, or had lanes taken away: what they had in flight then may be computed again. */
final class Disturbances {
    /** How long after a chunk its worker has said so in a commit: one is made every 200 ms, on a busy machine later. */
    static final long COMMITTED_WITHIN_MS = 1000;

    /** How late that can be at most: in a worker that has only just started on a busy machine, or while the group is balanced. */
    static final long COMMITTED_AT_LAST_MS = 6000;

    private static final Pattern TAKEN_AWAY = Pattern.compile("(revoked|lost)=\"\\[\\d");

    private final List<RealWorker> workers = new ArrayList<>();
    private final List<Moment> kills = new ArrayList<>();

    /**
     * A moment at which a worker lost work.
     *
     * @param last whether it began nothing afterwards
     */
    private record Moment(RealWorker worker, long millis, boolean last) {
        boolean mayHaveCut(Tally.Run run, long committedWithinMs) {
            return run.in(worker)
                    && (last || run.start() <= millis)
                    && run.end().orElse(Long.MAX_VALUE) >= millis - committedWithinMs;
        }
    }

    /** Its log tells when lanes are taken away from it. */
    void watch(RealWorker worker) {
        workers.add(worker);
    }

    /** It is about to be killed. */
    void killed(RealWorker worker) {
        kills.add(new Moment(worker, System.currentTimeMillis(), true));
    }

    int kills() {
        return kills.size();
    }

    /**
     * What tells whether a run was in flight at one of the moments so far, or had ended too shortly before.
     *
     * @param committedWithinMs how long that is
     */
    Predicate<Tally.Run> mayHaveCut(long committedWithinMs) {
        List<Moment> moments = new ArrayList<>(kills);
        for (RealWorker worker : workers) {
            worker.said().stream()
                    .filter(said -> TAKEN_AWAY.matcher(said.line()).find())
                    .forEach(said -> moments.add(new Moment(worker, said.millis(), false)));
        }
        return run -> moments.stream().anyMatch(moment -> moment.mayHaveCut(run, committedWithinMs));
    }
}

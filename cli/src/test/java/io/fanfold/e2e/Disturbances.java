package io.fanfold.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** When workers were killed, or had lanes taken away: what they had in flight then may be computed again. */
final class Disturbances {
    /** How long before one a chunk may have ended without any commit that tells of it; they are made every 200 ms. */
    private static final long UNTOLD_MS = 1000;

    private static final Pattern TAKEN_AWAY = Pattern.compile("(revoked|lost)=\"\\[\\d");

    private final List<RealWorker> workers = new ArrayList<>();
    private final List<Moment> kills = new ArrayList<>();

    /**
     * A moment at which a worker lost work.
     *
     * @param last whether it began nothing afterwards
     */
    private record Moment(RealWorker worker, long millis, boolean last) {
        boolean mayHaveCut(Tally.Run run) {
            return run.in(worker)
                    && (last || run.start() <= millis)
                    && run.end().orElse(Long.MAX_VALUE) >= millis - UNTOLD_MS;
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

    /** Whether a run was in flight at one of the moments so far, or had ended shortly before. */
    boolean mayHaveCut(Tally.Run run) {
        return moments().stream().anyMatch(moment -> moment.mayHaveCut(run));
    }

    private List<Moment> moments() {
        List<Moment> moments = new ArrayList<>(kills);
        for (RealWorker worker : workers) {
            worker.said().stream()
                    .filter(said -> TAKEN_AWAY.matcher(said.line()).find())
                    .forEach(said -> moments.add(new Moment(worker, said.millis(), false)));
        }
        return moments;
    }
}

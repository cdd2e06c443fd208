package io.fanfold.cli.show;

import io.fanfold.protocol.wire.JobState;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import org.jspecify.annotations.Nullable;

/** How far a job is: a bar on a terminal, a line every few seconds elsewhere. On standard error; one thread. */
public sealed interface Progress extends AutoCloseable {
    void show(JobState.Progress progress);

    @Override
    void close();

    /**
     * Progress for where we are.
     *
     * @param what the work, in a few words
     * @param chunks how many there are
     */
    static Progress of(String what, long chunks) {
        return onTerminal() ? new Bar(what, chunks) : new Lines(what, System.err);
    }

    /** What else there is to say: how many chunks failed, and what is waited for. */
    static String remarks(JobState.Progress progress) {
        List<String> remarks = new ArrayList<>();
        if (progress.failed() > 0) {
            remarks.add(progress.failed() + " failed");
        }
        progress.waiting().ifPresent(what -> remarks.add("waiting: " + what.replaceAll("[\\p{Cc}\\p{Cf}]", "\uFFFD")));
        return String.join(", ", remarks);
    }

    /** Whether a person watches. */
    @SuppressWarnings("SystemConsoleNull") // never null in practice, nullable by its contract
    static boolean onTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    /** A bar with rate and time left. */
    final class Bar implements Progress {
        /** Said to the library, which would otherwise open the terminal to ask and take Ctrl-C away from us. */
        private static final int WIDTH = 80;

        private final ProgressBar bar;
        /** When it will be done, as far as the aggregator knows; read by the bar's own thread. */
        private volatile OptionalLong endNanos = OptionalLong.empty();

        private JobState.@Nullable Progress shown;

        Bar(String what, long chunks) {
            this.bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(chunks)
                    .setUnit(" chunks", 1)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                    .setStyle(Colours.on() ? ProgressBarStyle.COLORFUL_UNICODE_BAR : ProgressBarStyle.UNICODE_BLOCK)
                    .showSpeed()
                    .setEtaFunction(this::left)
                    .clearDisplayOnFinish()
                    .build();
        }

        @Override
        public void show(JobState.Progress progress) {
            if (!progress.equals(shown)) {
                shown = progress;
                OptionalLong left = progress.millisLeft();
                endNanos = left.isPresent()
                        ? OptionalLong.of(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(left.getAsLong()))
                        : left;
            }
            bar.setExtraMessage(" " + remarks(progress));
            bar.stepTo(progress.done());
        }

        /** The aggregator's word, which knows how quick it was lately; where it has none, from the mean speed. */
        private Optional<Duration> left(ProgressState state) {
            if (endNanos.isPresent()) {
                return Optional.of(Duration.ofNanos(Math.max(0, endNanos.getAsLong() - System.nanoTime())));
            }
            long done = state.getCurrent() - state.getStart();
            return done <= 0
                    ? Optional.empty()
                    : Optional.of(state.getElapsedAfterStart()
                            .dividedBy(done)
                            .multipliedBy(Math.max(0, state.getMax() - state.getCurrent())));
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A plain line, at most every three seconds. */
    final class Lines implements Progress {
        private static final long EVERY_NANOS = Duration.ofSeconds(3).toNanos();

        private final String what;
        private final PrintStream out;
        private long saidNanos = System.nanoTime();
        private long said;
        private String remarked = "";

        Lines(String what, PrintStream out) {
            this.what = what;
            this.out = out;
        }

        @Override
        public void show(JobState.Progress progress) {
            long now = System.nanoTime();
            boolean news = progress.done() != said || !remarks(progress).equals(remarked);
            if (news && now - saidNanos >= EVERY_NANOS) {
                saidNanos = now;
                said = progress.done();
                remarked = remarks(progress);
                out.println(line(what, progress));
            }
        }

        static String line(String what, JobState.Progress progress) {
            long count = progress.count().orElse(0);
            double percent = count == 0 ? 100.0 : 100.0 * progress.done() / count;
            String remarks = remarks(progress);
            String left =
                    progress.millisLeft().orElse(0) > 0 && progress.waiting().isEmpty()
                            ? ", " + TimeLeft.of(progress.millisLeft().getAsLong()) + " left"
                            : "";
            return String.format(Locale.ROOT, "%s: %d of %d chunks (%.0f %%)", what, progress.done(), count, percent)
                    + left
                    + (remarks.isEmpty() ? "" : ", " + remarks);
        }

        @Override
        public void close() {}
    }
}

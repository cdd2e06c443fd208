package io.fanfold.cli.show;

import io.fanfold.protocol.wire.JobState;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

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

        Bar(String what, long chunks) {
            this.bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(chunks)
                    .setUnit(" chunks", 1)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                    .setStyle(
                            System.getenv("NO_COLOR") == null
                                    ? ProgressBarStyle.COLORFUL_UNICODE_BAR
                                    : ProgressBarStyle.UNICODE_BLOCK)
                    .showSpeed()
                    .clearDisplayOnFinish()
                    .build();
        }

        @Override
        public void show(JobState.Progress progress) {
            bar.stepTo(progress.done());
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

        Lines(String what, PrintStream out) {
            this.what = what;
            this.out = out;
        }

        @Override
        public void show(JobState.Progress progress) {
            long now = System.nanoTime();
            if (progress.done() != said && now - saidNanos >= EVERY_NANOS) {
                saidNanos = now;
                said = progress.done();
                long count = progress.count().orElse(0);
                out.printf(
                        Locale.ROOT,
                        "%s: %d of %d chunks (%.0f %%)%n",
                        what,
                        said,
                        count,
                        count == 0 ? 100.0 : 100.0 * said / count);
            }
        }

        @Override
        public void close() {}
    }
}

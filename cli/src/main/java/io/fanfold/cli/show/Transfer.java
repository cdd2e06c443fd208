package io.fanfold.cli.show;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** How many bytes of an array have gone: a bar on a terminal, a line every few seconds elsewhere. On standard error; any thread. */
public sealed interface Transfer extends AutoCloseable {
    /** So many have gone. */
    void at(long bytes);

    @Override
    void close();

    /**
     * A transfer for where we are.
     *
     * @param what is done, in a word
     * @param bytes how many there are; negative where nobody knows
     */
    static Transfer of(String what, long bytes) {
        return Progress.onTerminal() ? new Bar(what, bytes) : new Lines(what, bytes, System.err);
    }

    /** A bar with rate and time left. */
    final class Bar implements Transfer {
        private static final int WIDTH = 80;
        private static final int MEGABYTE = 1_000_000;

        private final ProgressBar bar;

        Bar(String what, long bytes) {
            this.bar = new ProgressBarBuilder()
                    .setTaskName(what)
                    .setInitialMax(bytes)
                    .setUnit(" MB", MEGABYTE)
                    .setUpdateIntervalMillis(100)
                    .setConsumer(new ConsoleProgressBarConsumer(System.err, WIDTH))
                    .setStyle(Colours.on() ? ProgressBarStyle.COLORFUL_UNICODE_BAR : ProgressBarStyle.UNICODE_BLOCK)
                    .showSpeed()
                    .clearDisplayOnFinish()
                    .build();
        }

        @Override
        public void at(long bytes) {
            bar.stepTo(bytes);
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A plain line, at most every three seconds. */
    final class Lines implements Transfer {
        private static final long EVERY_NANOS = Duration.ofSeconds(3).toNanos();

        private final String what;
        private final long total;
        private final PrintStream out;
        private final long begunNanos = System.nanoTime();
        private long saidNanos = begunNanos;
        private long said;

        Lines(String what, long total, PrintStream out) {
            this.what = what;
            this.total = total;
            this.out = out;
        }

        @Override
        public synchronized void at(long bytes) {
            long now = System.nanoTime();
            if (bytes != said && now - saidNanos >= EVERY_NANOS) {
                saidNanos = now;
                said = bytes;
                out.println(line(what, bytes, total, now - begunNanos));
            }
        }

        static String line(String what, long bytes, long total, long nanos) {
            double rate = bytes / (nanos / 1e9);
            String of = total < 0
                    ? " MB"
                    : String.format(
                            Locale.ROOT,
                            " of %.1f MB (%.0f %%)",
                            total / 1e6,
                            total == 0 ? 100.0 : 100.0 * bytes / total);
            String left = total < 0 || rate <= 0
                    ? ""
                    : ", " + TimeLeft.of((long) (1000 * Math.max(0, total - bytes) / rate)) + " left";
            return String.format(Locale.ROOT, "%s: %.1f%s, %.1f MB/s", what, bytes / 1e6, of, rate / 1e6) + left;
        }

        @Override
        public void close() {}
    }
}

package io.fanfold.cli;

import io.fanfold.cli.show.Progress;
import io.fanfold.cli.show.Table;
import io.fanfold.producer.client.DeadLetters;
import io.fanfold.producer.client.Letter;
import io.fanfold.protocol.wire.JobId;
import java.io.PrintWriter;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "List the records that were set aside, the oldest first.")
final class ListLettersCommand extends DeadLettersCommand.OnLetters {
    @Option(names = "--job", paramLabel = "JOB", description = "Only the chunks of this job.")
    @Nullable
    String job;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Override
    int on(DeadLetters letters, PrintWriter out) {
        JobId wanted = job == null ? null : new JobId(job);
        Table table = new Table("ID", "TIME", "JOB", "CHUNK", "FUNCTION", "ERROR", "REASON");
        AtomicLong count = new AtomicLong();
        letters.each(letter -> {
            if (wanted != null && !letter.job().filter(wanted::equals).isPresent()) {
                return;
            }
            count.incrementAndGet();
            if (format.json) {
                out.println(LetterText.line(LetterText.json(letter)));
            } else {
                row(table, letter);
            }
        });
        if (!format.json && count.get() == 0) {
            out.println("No dead letters" + (wanted == null ? "." : " of job " + wanted + "."));
        } else if (!format.json) {
            table.printLines(out, lineWidth());
        }
        return 0;
    }

    private static void row(Table table, Letter letter) {
        table.row(
                Long.toString(letter.id()),
                letter.time().truncatedTo(ChronoUnit.SECONDS).toString(),
                letter.job().map(JobId::value).orElse("-"),
                LetterText.chunk(letter),
                letter.function().map(LetterText::plain).orElse("-"),
                LetterText.error(letter),
                LetterText.plain(letter.why().reason()));
    }

    /** A terminal's own width; elsewhere nothing is cut. */
    private int lineWidth() {
        return Progress.onTerminal() ? spec.usageMessage().autoWidth(true).width() : Integer.MAX_VALUE;
    }
}

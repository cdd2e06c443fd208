package io.fanfold.cli;

import io.fanfold.cli.local.WorkDirectory;
import io.fanfold.producer.client.DeadLetters;
import io.fanfold.producer.client.Letter;
import io.fanfold.protocol.InvalidRequestException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one dead letter. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Show all that is known of one letter; --out writes its value to a file.")
final class ShowLetterCommand extends DeadLettersCommand.OnLetters {
    @Parameters(paramLabel = "ID", description = "The letter, as fanfold dead-letters list shows it.")
    long id;

    @Option(names = "--out", paramLabel = "CHUNK.npy", description = "Write the record's value here, as it is.")
    @Nullable
    Path file;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Format format;

    @Override
    int on(DeadLetters letters, PrintWriter out) throws IOException {
        Letter letter = letters.find(id);
        if (file != null) {
            write(letter, Output.of(file));
        }
        if (format.json) {
            out.println(LetterText.line(LetterText.wholeJson(letter)));
        } else {
            print(letters, letter, out);
        }
        return 0;
    }

    private static void print(DeadLetters letters, Letter letter, PrintWriter out) {
        line(out, "letter", Long.toString(letter.id()));
        line(out, "time", letter.time().toString());
        line(out, "reason", letter.why().reason());
        line(out, "from", LetterText.origin(letter.why()));
        letter.job().ifPresent(job -> {
            String state = letters.end(job).map(Enum::name).orElse("not ended");
            line(out, "job", job + ", " + state);
            line(out, "chunk", LetterText.chunk(letter));
        });
        letter.function().ifPresent(function -> line(out, "function", function));
        letter.why().outcome().ifPresent(failed -> {
            line(out, "error", failed.failure().error());
            line(out, "row", failed.failure().start() + " is its first");
            line(out, "attempts", Integer.toString(failed.attempt()));
            line(out, "worker", failed.failure().worker());
        });
        letter.key().ifPresent(key -> line(out, "key", key));
        letter.headers().forEach(header -> line(out, "header", header.getKey() + ": " + header.getValue()));
        line(out, "value", LetterText.value(letter));
    }

    private static void line(PrintWriter out, String name, String text) {
        out.printf("%-10s%s%n", name, LetterText.plain(text));
    }

    private static void write(Letter letter, Output output) throws IOException {
        ByteBuffer value = letter.value()
                .orElseThrow(() -> new InvalidRequestException("letter " + letter.id()
                        + " has no value to write; its record was read from " + LetterText.origin(letter.why())));
        try (WorkDirectory work = new WorkDirectory(output.directory())) {
            Path whole = work.path().resolve("value");
            try (FileChannel channel =
                    FileChannel.open(whole, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (value.hasRemaining()) {
                    channel.write(value);
                }
            }
            output.take(whole);
        }
    }
}

package io.fanfold.worker.process;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standard error of a child, line by line in the log of its worker. Long lines are cut and a flood of lines is counted, not
 * shown, so that a child can write as fast as it likes. It has a thread of its own.
 */
final class ChildLog {
    private static final Logger LOG = LoggerFactory.getLogger(ChildLog.class);
    private static final int LONGEST_LINE = 1000;
    private static final int LINES_A_SECOND = 100;
    private static final long SECOND = 1_000_000_000;

    private final String child;
    private final Supplier<String> chunk;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean cut;
    private long second = System.nanoTime();
    private int shown;
    private long leftOut;
    private volatile String last = "";

    /**
     * @param child its name
     * @param chunk which chunk it computes, empty where that is not known
     */
    ChildLog(String child, Supplier<String> chunk) {
        this.child = child;
        this.chunk = chunk;
    }

    /** Reads to the end of the stream. */
    void follow(InputStream in) {
        byte[] bytes = new byte[8192];
        try {
            for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
                for (int i = 0; i < n; i++) {
                    take(bytes[i]);
                }
            }
        } catch (IOException e) {
            LOG.atDebug().addKeyValue("child", child).setCause(e).log("the error output of a child broke off");
        }
        endOfLine();
        sayWhatIsLeftOut();
    }

    /** The last line with a word in it; empty if there was none. */
    String lastLine() {
        return last;
    }

    /** What has been said so far was about something else. */
    void forget() {
        last = "";
    }

    private void take(byte b) {
        if (b == '\n') {
            endOfLine();
        } else if (line.size() < LONGEST_LINE) {
            line.write(b);
        } else {
            cut = true;
        }
    }

    private void endOfLine() {
        String text =
                line.toString(StandardCharsets.UTF_8).stripTrailing().replaceAll("[\\p{Cntrl}&&[^\\t]]", "\uFFFD");
        text = cut ? text + "..." : text;
        line.reset();
        cut = false;
        if (text.isBlank()) {
            return;
        }
        if (text.chars().anyMatch(Character::isLetterOrDigit)) {
            last = text;
        }
        if (System.nanoTime() - second > SECOND) {
            sayWhatIsLeftOut();
            second = System.nanoTime();
            shown = 0;
        }
        if (shown++ < LINES_A_SECOND) {
            LOG.atInfo()
                    .addKeyValue("child", child)
                    .addKeyValue("chunk", chunk.get())
                    .addKeyValue("line", text)
                    .log("child says");
        } else {
            leftOut++;
        }
    }

    private void sayWhatIsLeftOut() {
        if (leftOut > 0) {
            LOG.atWarn()
                    .addKeyValue("child", child)
                    .addKeyValue("lines", leftOut)
                    .log("child says more than is shown: lines left out");
            leftOut = 0;
        }
    }
}

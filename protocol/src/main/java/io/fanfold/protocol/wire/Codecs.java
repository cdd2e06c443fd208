package io.fanfold.protocol.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The codecs that this JVM reads and writes chunks in. Some are native code that is unpacked into the directory for temporary files
 * and run from there, which a container may forbid.
 */
public final class Codecs {
    private static final Logger LOG = LoggerFactory.getLogger(Codecs.class);

    private Codecs() {}

    /** Those of {@link FunctionOffer#KAFKA_CLIENTS} that work here, found out once; the log names the others. */
    public static Set<String> usable() {
        return Tried.USABLE;
    }

    private static final class Tried {
        static final Set<String> USABLE = usable();

        private static Set<String> usable() {
            Set<String> usable = new TreeSet<>(FunctionOffer.EVERY_WORKER);
            FunctionOffer.KAFKA_CLIENTS.stream().filter(Tried::works).forEach(usable::add);
            return Collections.unmodifiableSet(usable);
        }

        private static boolean works(String codec) {
            try (OutputStream out = Compression.of(codec)
                    .build()
                    .wrapForOutput(new ByteBufferOutputStream(1024), RecordBatch.CURRENT_MAGIC_VALUE)) {
                out.write(1);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e); // there is no device behind it
            } catch (LinkageError | RuntimeException e) {
                LOG.atWarn()
                        .setMessage("a codec is left out: its native code could not be loaded; let the directory for"
                                + " temporary files allow execution, or set java.io.tmpdir to one that does")
                        .addKeyValue("codec", codec)
                        .addKeyValue("directory", System.getProperty("java.io.tmpdir"))
                        .addKeyValue("error", root(e).getMessage())
                        .log();
                return false;
            }
        }

        private static Throwable root(Throwable e) {
            Throwable cause = e.getCause();
            return cause == null ? e : root(cause);
        }
    }
}

package io.fanfold.aggregator.store;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Plan;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.Outcome;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/** What is said of the chunks that failed, beside a result without them: a mask of their rows and a list of their errors. */
public final class Holes {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MASK_AT_ONCE = 8 * 1024;

    private final JobRecord.Spec spec;
    private final Assembly assembly;

    Holes(JobRecord.Spec spec, Assembly assembly) {
        this.spec = spec;
        this.assembly = assembly;
    }

    /** A failure as a spool keeps it: one line. */
    public static byte[] line(Outcome.Failed outcome) {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("index", outcome.index())
                    .put("error", outcome.failure().error())
                    .put("message", outcome.failure().message())
                    .put("function", outcome.failure().function())
                    .put("worker", outcome.failure().worker())
                    .put("attempts", outcome.attempt()));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("writing to memory", e);
        }
    }

    /** Writes one bool for each row of the input along the split axis: true where its chunk failed. */
    void writeMask(Path file) throws IOException {
        long rows = spec.header().rows().orElseThrow();
        NpyHeader header = new NpyHeader(DType.parse("|b1"), Shape.of(rows), Order.C);
        byte[] there = new byte[MASK_AT_ONCE];
        byte[] missing = new byte[MASK_AT_ONCE];
        Arrays.fill(missing, (byte) 1);
        try (FileOutputStream target = new FileOutputStream(file.toFile());
                OutputStream out = new BufferedOutputStream(target, 1 << 16)) {
            out.write(header.encode());
            for (long chunk = 0; chunk < assembly.count(); chunk++) {
                byte[] values = assembly.failed(chunk) ? missing : there;
                for (long left = spec.plan().range(chunk, rows).length(); left > 0; left -= values.length) {
                    out.write(values, 0, (int) Math.min(left, values.length));
                }
            }
            out.flush();
            target.getFD().sync();
        }
    }

    /** With its chunk's rows, which were not known yet where the job was a stream. */
    private ObjectNode located(ObjectNode failure) {
        long index = failure.path("index").longValue();
        Plan.Range range = spec.plan().range(index, spec.header().rows().orElseThrow());
        ObjectNode located = JSON.createObjectNode()
                .put("index", index)
                .put("start", range.start())
                .put("rows", range.length());
        failure.remove("index");
        return located.setAll(failure);
    }

    /** Writes the errors of the chunks that are holes, in the order in which they came. */
    void writeErrors(Path lines, Path file) throws IOException {
        BitSet said = new BitSet();
        try (FileOutputStream target = new FileOutputStream(file.toFile());
                JsonGenerator out = JSON.getFactory().createGenerator(target, JsonEncoding.UTF8)) {
            out.writeStartObject();
            out.writeStringField("job", spec.job().value());
            out.writeArrayFieldStart("errors");
            try (InputStream in = new BufferedInputStream(Files.newInputStream(lines));
                    var failures = JSON.readerFor(ObjectNode.class).<ObjectNode>readValues(in)) {
                while (failures.hasNextValue()) {
                    ObjectNode failure = failures.nextValue();
                    int index = failure.path("index").intValue();
                    if (assembly.failed(index) && !said.get(index)) {
                        said.set(index);
                        out.writeTree(located(failure));
                    }
                }
            } catch (NoSuchFileException e) {
                throw new IOException("the spool of job " + spec.job() + " has lost its failures", e);
            }
            out.writeEndArray();
            out.writeEndObject();
            out.flush();
            target.getFD().sync();
        }
    }
}

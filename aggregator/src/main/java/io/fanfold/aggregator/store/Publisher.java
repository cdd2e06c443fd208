package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Assembly;
import io.fanfold.aggregator.assemble.Places;
import io.fanfold.aggregator.assemble.ResultLayout;
import io.fanfold.aggregator.store.Moments.Moment;
import io.fanfold.protocol.fold.FoldFunction;
import io.fanfold.protocol.npy.NpyHeader;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.JobRecord;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * Makes the spool of a whole job its result: written aside, synced, then given its final name. A crash between any two steps leaves the
 * spool or the result, and doing it again gives the same bytes. One thread.
 */
public final class Publisher {
    private final Spools spools;
    private final Results results;
    private final String aggregator;
    private final Optional<String> httpBase;
    private final Moments moments;

    /**
     * @param aggregator the name of who publishes
     * @param httpBase where {@code /v1/jobs/<job>/result} is served, if it is
     */
    public Publisher(Spools spools, Results results, String aggregator, Optional<String> httpBase, Moments moments) {
        this.spools = spools;
        this.results = results;
        this.aggregator = aggregator;
        this.httpBase = httpBase;
        this.moments = moments;
    }

    /** The name of a job's result in the store. */
    public static String result(JobId job) {
        return job + ".npy";
    }

    /** The name of the mask of a job's failed chunks. */
    public static String mask(JobId job) {
        return job + ".mask.npy";
    }

    /** The name of the list of a job's errors. */
    public static String errors(JobId job) {
        return job + ".errors.json";
    }

    private static String state(JobId job) {
        return job + ".state";
    }

    private static String parts(JobId job) {
        return job + ".parts";
    }

    private static String list(JobId job) {
        return job + ".list";
    }

    /**
     * Publishes; returns when the result can be read and would survive a power cut.
     *
     * @throws IllegalArgumentException if the outcomes, taken together, make no result: it says why
     * @throws IOException if the store does not take it now; the spool is as it was
     */
    public ResultInfo publish(Whole whole) throws IOException {
        return publish(whole, build(whole));
    }

    /**
     * Publishes what was published before, if it has the same bytes still.
     *
     * @param crc32c the checksum that it had
     * @return the checksum that it has; where that is another, nothing was published
     */
    public String publishAgain(Whole whole, String crc32c) throws IOException {
        Built built = build(whole);
        if (built.crc32c().equals(crc32c)) {
            return publish(whole, built).crc32c();
        }
        Files.deleteIfExists(built.file());
        return built.crc32c();
    }

    private ResultInfo publish(Whole whole, Built built) throws IOException {
        JobId job = whole.spec().job();
        moments.reached(Moment.RESULT_SYNCED);
        long bytes = Files.size(built.file());
        Optional<ByteBuffer> inline = bytes <= ResultInfo.INLINE_BYTES
                ? Optional.of(ByteBuffer.wrap(Files.readAllBytes(built.file())))
                : Optional.empty();
        boolean holes = whole.assembly().failures() > 0;
        if (holes) {
            tellHoles(whole);
        }
        results.put(result(job), built.file());
        moments.reached(Moment.RENAMED);
        if (holes && !built.file().equals(whole.spool().data())) {
            keepParts(whole);
        }
        return new ResultInfo(
                built.header().dtype().descr(),
                built.header().shape().toString(),
                bytes,
                built.crc32c(),
                results.uri(result(job)).toString(),
                http(job, "result"),
                inline,
                holes
                        ? Optional.of(new ResultInfo.Holes(
                                whole.assembly().failures(), http(job, "mask"), http(job, "errors")))
                        : Optional.empty(),
                Optional.of(new ResultInfo.Origin(results.id(), aggregator, whole.firstOffset(), whole.lastOffset())));
    }

    private Optional<String> http(JobId job, String what) {
        return httpBase.map(base -> base + "/v1/jobs/" + job + "/" + what);
    }

    /** A result that is whole and synced, under a name of its own. */
    private record Built(NpyHeader header, Path file, String crc32c) {}

    private Built build(Whole whole) throws IOException {
        whole.spool().putBack();
        Optional<FoldFunction> fold = whole.fold();
        if (fold.isPresent()) {
            return aside(
                    whole, out -> folded(whole, fold.get()).write(whole.spool().channel(), out));
        }
        ResultLayout layout = whole.assembly().layout();
        extend(whole, layout);
        if (layout.contiguous() && whole.spool().dataOffset() == layout.header().encode().length) {
            whole.spool().channel().force(true);
            return new Built(layout.header(), whole.spool().data(), crc32c(whole.spool()));
        }
        return aside(whole, out -> {
            Stitch.write(
                    layout,
                    places(whole),
                    whole.spool().channel(),
                    whole.spool().dataOffset(),
                    out);
            return layout.header();
        });
    }

    /** Chunks that failed at the end have no bytes in the spool, and the result has zeros. */
    private static void extend(Whole whole, ResultLayout layout) throws IOException {
        FileChannel channel = whole.spool().channel();
        long end = whole.spool().dataOffset() + whole.assembly().end();
        if (channel.size() < end) {
            channel.write(ByteBuffer.wrap(new byte[1]), end - 1);
        } else if (layout.contiguous() && channel.size() > end) {
            channel.truncate(end);
        }
    }

    private FoldedResult folded(Whole whole, FoldFunction fold) throws IOException {
        return new FoldedResult(
                fold, whole.assembly(), places(whole), whole.spec().plan().axis());
    }

    private static Places places(Whole whole) throws IOException {
        Assembly assembly = whole.assembly();
        return assembly.listed() ? whole.spool().places(assembly.count(), assembly::arrived) : assembly.aligned();
    }

    @FunctionalInterface
    private interface Content {
        NpyHeader writeTo(FileChannel out) throws IOException;
    }

    private Built aside(Whole whole, Content content) throws IOException {
        Path file = spools.fresh(whole.spec().job().value(), "stitched");
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            NpyHeader header = content.writeTo(out);
            moments.reached(Moment.STITCHED);
            out.force(true);
            return new Built(header, file, crc32c(file));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        } catch (InternalError e) { // of mapped memory: the disk did not give a page of it
            Files.deleteIfExists(file);
            throw new IOException("the spool " + whole.spool().data() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Says which chunks failed, and why: to people, and to a revision. */
    private void tellHoles(Whole whole) throws IOException {
        JobId job = whole.spec().job();
        Holes holes = new Holes(whole.spec(), whole.assembly());
        Path mask = spools.fresh(job.value(), "mask");
        holes.writeMask(mask);
        results.put(mask(job), mask);
        Path errors = spools.fresh(job.value(), "errors");
        holes.writeErrors(whole.spool().failures(), errors);
        results.put(errors(job), errors);
        Path state = spools.fresh(job.value(), "holes");
        Files.write(
                state,
                new Checkpoint(
                                whole.assembly().snapshot(),
                                0,
                                0,
                                0,
                                whole.spool().dataOffset(),
                                0)
                        .encode(),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC);
        results.put(state(job), state);
    }

    /** A revision fills the holes in: it needs what arrived, where that is not the result itself. */
    private void keepParts(Whole whole) throws IOException {
        JobId job = whole.spec().job();
        Spool spool = whole.spool();
        spool.sync();
        if (whole.assembly().listed()) {
            results.put(list(job), spool.list());
        }
        results.put(parts(job), spool.data());
    }

    /** A revision's beginnings: what arrived before, with the failed chunks open. */
    public record Revised(Assembly assembly, Spool spool) {}

    /**
     * Takes up the result that a revision makes whole.
     *
     * @throws IllegalArgumentException if it is not in this store, or damaged, or has other holes than the revision says
     * @throws IOException if it cannot be copied now
     */
    public Revised revise(JobRecord.Spec revision) throws IOException {
        JobId before = revision.revision().orElseThrow().of();
        Optional<Kept> state = results.find(state(before));
        Optional<Kept> result = results.find(result(before));
        if (state.isEmpty() || result.isEmpty()) {
            throw new IllegalArgumentException(
                    "the result of job " + before + ", which is to be made whole, is not in store " + results.id()
                            + " (" + results.uri(result(before)) + ")");
        }
        Checkpoint then = known(state.get());
        Assembly assembly = Assembly.revised(revision, then.assembly());
        Kept data = results.find(parts(before)).orElse(result.get());
        Optional<Kept> list = results.find(list(before));
        Spool spool = spools.adopt(
                revision.job(), copyOf(data), list.map(this::copyOf).orElse(Spools.Source.NONE), then.dataOffset());
        return new Revised(assembly, spool);
    }

    private Checkpoint known(Kept state) throws IOException {
        byte[] bytes;
        try (InputStream in = whole(state)) {
            bytes = in.readAllBytes();
        }
        try {
            return Checkpoint.decode(bytes);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    results.uri(state.name()) + ", which says what is missing, is damaged (" + e.getMessage()
                            + "): submit the array again",
                    e);
        }
    }

    private Spools.Source copyOf(Kept kept) {
        return target -> {
            try (InputStream bytes = whole(kept)) {
                Files.copy(bytes, target, StandardCopyOption.REPLACE_EXISTING);
            }
        };
    }

    private InputStream whole(Kept kept) throws IOException {
        return results.read(kept, 0, kept.bytes());
    }

    /** Puts a small result back in its place. */
    public void publishAgain(JobId job, ByteBuffer npy) throws IOException {
        Path file = spools.fresh(job.value(), "again");
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = npy.duplicate();
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        results.put(result(job), file);
    }

    /** Whether this store is where a result should be: it was put here, or by the aggregator of this name wherever that was. */
    public boolean keeps(Optional<ResultInfo.Origin> origin) {
        return origin.filter(
                        o -> o.store().equals(results.id()) || o.aggregator().equals(aggregator))
                .isPresent();
    }

    /** Whether the store looks after the bytes itself, and asking it costs: an object store does. */
    public boolean cares() {
        return results.shared();
    }

    /** Whether a result of so many bytes is there. */
    public boolean has(JobId job, long bytes) throws IOException {
        return results.find(result(job)).filter(kept -> kept.bytes() == bytes).isPresent();
    }

    /** Whether what is said of a result's holes is there, and what a revision needs. */
    public boolean hasHoles(JobId job) throws IOException {
        return results.find(mask(job)).isPresent()
                && results.find(errors(job)).isPresent()
                && results.find(state(job)).isPresent();
    }

    /** Whether a result is there with the bytes of this checksum. Reads all of them. */
    public boolean has(JobId job, String crc32c) throws IOException {
        Optional<Kept> there = results.find(result(job));
        if (there.isEmpty()) {
            return false;
        }
        try (InputStream in = whole(there.get())) {
            return crc32c(in).equals(crc32c);
        }
    }

    /** Removes all that the store has of a job. */
    public void remove(JobId job) throws IOException {
        for (String name : List.of(result(job), mask(job), errors(job), state(job), parts(job), list(job))) {
            results.delete(name);
        }
    }

    /** CRC-32C of a spool's data: as it was taken while they were written, else by reading them. */
    private static String crc32c(Spool spool) throws IOException {
        OptionalInt known = spool.crc(Files.size(spool.data()));
        return known.isPresent() ? HexFormat.of().toHexDigits(known.getAsInt()) : crc32c(spool.data());
    }

    /** CRC-32C of a file, eight hexadecimal digits. */
    private static String crc32c(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return crc32c(in);
        }
    }

    /** CRC-32C of all bytes of a stream, eight hexadecimal digits. */
    private static String crc32c(InputStream in) throws IOException {
        CRC32C crc = new CRC32C();
        byte[] buffer = new byte[1024 * 1024];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            crc.update(buffer, 0, read);
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}

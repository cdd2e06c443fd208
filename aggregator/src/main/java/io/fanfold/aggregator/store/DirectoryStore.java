package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.ResultLayout;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import io.fanfold.protocol.wire.ResultInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results in a directory: {@code <job>.npy}, whole from the moment the name is there. What grows is under {@code spool/}, named by
 * its owner. One thread writes; any may read.
 */
public final class DirectoryStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryStore.class);

    private final Path results;
    private final Path spools;
    private final String owner;
    private final Optional<String> httpBase;
    private final FileLock lock;

    /**
     * @param owner the aggregator's name: of its spools, the ones that a crash left behind are removed now
     * @param httpBase where {@code /v1/jobs/<job>/result} is served, if it is
     * @throws FanfoldException if the directory cannot be made or written, or an aggregator of the same name uses it
     */
    public DirectoryStore(Path results, String owner, Optional<String> httpBase) {
        this.results = results.toAbsolutePath();
        this.spools = this.results.resolve("spool");
        this.owner = owner.replaceAll("[^A-Za-z0-9_-]", "_");
        this.httpBase = httpBase;
        try {
            Files.createDirectories(spools);
            this.lock = lock();
            removeOwnSpools();
        } catch (IOException e) {
            throw new FanfoldException(
                    "the store " + results + " cannot be used (" + e
                            + "): give a directory that can be written (--store)",
                    e);
        }
    }

    /** Held while this store is open, so that no other owner of the same name removes what grows here. */
    private FileLock lock() throws IOException {
        FileChannel file =
                FileChannel.open(spools.resolve(owner + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock held = file.tryLock();
            if (held != null) {
                return held;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked in this JVM", e);
        }
        file.close();
        throw new FanfoldException("another aggregator named " + owner + " uses the store " + results
                + ": give each a name of its own (--name)");
    }

    private void removeOwnSpools() throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(spools, "*." + owner + ".*")) {
            for (Path file : left) {
                Files.delete(file);
            }
        }
    }

    /** Begins the spool of a job. */
    public Spool open(JobId job, ResultLayout layout) throws IOException {
        return new Spool(spools.resolve(job + "." + owner + ".part"), layout);
    }

    /** Where the result of a job is once it is whole. */
    public Path result(JobId job) {
        return results.resolve(job + ".npy");
    }

    /**
     * Makes the spool the result: synced, then renamed, then the directory synced. The final name never shows partial bytes.
     */
    public ResultInfo publish(JobId job, Spool spool, ResultLayout layout) throws IOException {
        if (layout.contiguous()) {
            spool.channel().force(true);
            spool.close();
            return rename(job, spool.file(), layout);
        }
        Path stitched = spools.resolve(job + "." + owner + ".stitched");
        try (FileChannel out = FileChannel.open(
                stitched, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            Stitch.write(layout, spool.channel(), out);
            out.force(true);
        } catch (IOException e) {
            Files.deleteIfExists(stitched);
            throw e;
        }
        spool.discard();
        return rename(job, stitched, layout);
    }

    private ResultInfo rename(JobId job, Path whole, ResultLayout layout) throws IOException {
        long bytes = Files.size(whole);
        String checksum = crc32c(whole);
        Path result = result(job);
        Files.move(whole, result, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(results)) {
            directory.force(true);
        }
        return new ResultInfo(
                layout.header().dtype().descr(),
                layout.header().shape().toString(),
                bytes,
                checksum,
                result.toUri().toString(),
                httpBase.map(base -> base + "/v1/jobs/" + job + "/result"),
                bytes <= ResultInfo.INLINE_BYTES
                        ? Optional.of(ByteBuffer.wrap(Files.readAllBytes(result)))
                        : Optional.empty());
    }

    private static String crc32c(Path file) throws IOException {
        CRC32C crc = new CRC32C();
        ByteBuffer buffer = ByteBuffer.allocateDirect(1024 * 1024);
        try (FileChannel in = FileChannel.open(file)) {
            while (in.read(buffer) >= 0) {
                crc.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Lets another aggregator of this name use the store. */
    @Override
    public void close() throws IOException {
        lock.acquiredBy().close();
    }
}

package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Snapshot;
import io.fanfold.protocol.FanfoldException;
import io.fanfold.protocol.wire.JobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an aggregator has on its own disk: spools and checkpoints of growing jobs, all named by their owner, {@code <job>.<owner>.…}.
 * Files of one job belong to one thread at a time.
 */
public final class Spools implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Spools.class);

    private final Path directory;
    private final String owner;
    private final FileLock lock;
    private final Moments moments;

    /**
     * @param owner the aggregator's name, its own; of its files, those that no checkpoint speaks of are removed now
     * @throws FanfoldException if the directory cannot be made or written, or an aggregator of the same name uses it
     */
    public Spools(Path directory, String owner, Moments moments) {
        this.directory = directory.toAbsolutePath();
        this.owner = owner.replaceAll("[^A-Za-z0-9_-]", "_");
        this.moments = moments;
        try {
            Files.createDirectories(this.directory);
            this.lock = lock();
        } catch (IOException e) {
            throw unusable(directory, e);
        }
        try {
            removeLoose();
        } catch (IOException e) {
            release(e);
            throw unusable(directory, e);
        }
    }

    private void release(IOException why) {
        try {
            close();
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static FanfoldException unusable(Path directory, IOException why) {
        return new FanfoldException(
                "the spool directory " + directory + " cannot be used (" + why
                        + "): give a directory that can be written (--spool, or --store)",
                why);
    }

    /** Held while this is open, so that no other owner of the same name removes what grows here. */
    private FileLock lock() throws IOException {
        FileChannel file = FileChannel.open(
                directory.resolve(owner + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            FileLock held = file.tryLock();
            if (held != null) {
                return held;
            }
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked in this JVM", e);
        }
        file.close();
        throw new FanfoldException("another aggregator named " + owner + " uses the spool directory " + directory
                + ": give each a name of its own (--name)");
    }

    /** What a crash left behind: half-made results, and spools without a checkpoint. */
    private void removeLoose() throws IOException {
        String mine = "." + owner + ".";
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, "*" + mine + "*")) {
            for (Path file : left) {
                String name = file.getFileName().toString();
                Path state = directory.resolve(name.substring(0, name.lastIndexOf(mine)) + mine + "state");
                boolean lasting = name.endsWith(".part") || name.endsWith(".list") || name.endsWith(".failures");
                if (!name.endsWith(".state") && !(lasting && Files.exists(state))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private Path stem(String job) {
        return directory.resolve(job + "." + owner);
    }

    private Path state(String what) {
        return directory.resolve(what + "." + owner + ".state");
    }

    /** A name for a file that is about to be made of a job; what is there is a crash's and may be overwritten. */
    Path fresh(String job, String what) {
        return directory.resolve(job + "." + owner + "." + what);
    }

    /** Begins the spool of a job, over what is there. */
    public Spool open(JobId job) throws IOException {
        if (Files.deleteIfExists(state(job.value()))) {
            syncDirectory(); // or a power cut brings it back, with a spool that is another
        }
        return Spool.empty(stem(job.value()));
    }

    /** A spool that lives no longer than its maker, beside the one of the same job if there is one. */
    public Spool openAside(JobId job) throws IOException {
        return Spool.empty(stem(job + "~again"));
    }

    /** What is known of a job here; empty if that is nothing, or not all of it is there. */
    public Optional<Checkpoint> checkpoint(JobId job) {
        try {
            return Optional.of(Checkpoint.decode(Files.readAllBytes(state(job.value()))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("job", job)
                    .addKeyValue("error", e.toString())
                    .log("a checkpoint cannot be read: the job is built again from its outcomes");
            return Optional.empty();
        }
    }

    /**
     * The spool that a checkpoint speaks of.
     *
     * @throws IOException if it is not there, or not all of it
     */
    public Spool reopen(JobId job, Checkpoint checkpoint) throws IOException {
        Snapshot assembly = checkpoint.assembly();
        return Spool.there(
                stem(job.value()),
                checkpoint.dataOffset(),
                assembly.listed() ? assembly.arrived().length() : 0,
                checkpoint.failuresBytes());
    }

    /** The spool of a revision, with the files that are there of the job before. */
    Spool adopt(JobId job, Source data, Source list, long dataOffset) throws IOException {
        Files.deleteIfExists(state(job.value()));
        Path stem = stem(job.value());
        data.copyTo(Spool.data(stem));
        Files.deleteIfExists(Spool.list(stem));
        list.copyTo(Spool.list(stem));
        return Spool.there(stem, dataOffset, 0, 0);
    }

    /** A file that may be somewhere else. */
    @FunctionalInterface
    interface Source {
        Source NONE = target -> {};

        /** Copies it, over what is there. */
        void copyTo(Path target) throws IOException;
    }

    /** Writes a job down; its spool is synced. */
    public void save(JobId job, Checkpoint checkpoint) throws IOException {
        replace(state(job.value()), checkpoint.encode());
        moments.reached(Moments.Moment.CHECKPOINTED);
    }

    /** Writes down how far a partition is. */
    public void mark(int partition, Mark mark) throws IOException {
        replace(state(partitionName(partition)), mark.encode());
        syncDirectory();
        moments.reached(Moments.Moment.MARKED);
    }

    /** How far a partition was when it was last written down. */
    public Optional<Mark> mark(int partition) {
        try {
            return Optional.of(Mark.decode(Files.readAllBytes(state(partitionName(partition)))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("partition", partition)
                    .addKeyValue("error", e.toString())
                    .log("a checkpoint cannot be read: jobs are built again from their outcomes");
            return Optional.empty();
        }
    }

    /** Forgets how far a partition was. */
    public void unmark(int partition) throws IOException {
        Files.deleteIfExists(state(partitionName(partition)));
    }

    /** No job's name: it has a character that ids do not have. */
    private static String partitionName(int partition) {
        return "partition~" + partition;
    }

    private void replace(Path file, byte[] bytes) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                out.write(buffer);
            }
            out.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void syncDirectory() throws IOException {
        try (FileChannel channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    /** Removes what is here of a job whose spool is closed. */
    public void remove(JobId job) throws IOException {
        Files.deleteIfExists(state(job.value()));
        Path stem = stem(job.value());
        Files.deleteIfExists(Spool.data(stem));
        Files.deleteIfExists(Spool.list(stem));
        Files.deleteIfExists(Spool.failures(stem));
        moments.reached(Moments.Moment.REMOVED);
    }

    /** Removes what is here of jobs that nobody needs. */
    public void sweep(Predicate<JobId> needed) throws IOException {
        String end = "." + owner + ".state";
        try (DirectoryStream<Path> states = Files.newDirectoryStream(directory, "*" + end)) {
            for (Path state : states) {
                String name = state.getFileName().toString();
                String job = name.substring(0, name.length() - end.length());
                if (job.matches("[A-Za-z0-9_-]{1,64}") && !needed.test(new JobId(job))) {
                    remove(new JobId(job));
                }
            }
        }
    }

    /** Where all this is. */
    public Path directory() {
        return directory;
    }

    /** Lets another aggregator of this name use the directory. */
    @Override
    public void close() throws IOException {
        lock.acquiredBy().close();
    }
}

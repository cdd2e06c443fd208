package io.fanfold.aggregator.store;

import io.fanfold.aggregator.assemble.Places;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A job's outcomes on disk while it grows. Its <em>data</em>: what arrived, where the assembly says; where that is already the order of
 * the result they start with the result's header and become the result by a rename. Its <em>list</em>: where each chunk lies, in a job
 * whose plan does not say. Its <em>failures</em>: a line of JSON for each. The last two are made when they are needed. One thread
 * writes; another may {@link #sync}.
 */
public final class Spool implements AutoCloseable {
    private static final int ENTRY_BYTES = 3 * Long.BYTES;
    private static final int ENTRIES_AT_ONCE = 4096;

    private final Path data;
    private final Path list;
    private final Path failures;
    private final FileChannel dataChannel;
    private final @Nullable PiecedCrc crc;
    private long dataOffset;
    private volatile @Nullable FileChannel listChannel;
    private volatile @Nullable FileChannel failuresChannel;
    private long failuresBytes;

    /** @param crc of the data, if all of them are still to be written */
    private Spool(Path stem, FileChannel dataChannel, long dataOffset, @Nullable PiecedCrc crc) {
        this.data = data(stem);
        this.list = list(stem);
        this.failures = failures(stem);
        this.dataChannel = dataChannel;
        this.dataOffset = dataOffset;
        this.crc = crc;
    }

    static Path data(Path stem) {
        return stem.resolveSibling(stem.getFileName() + ".part");
    }

    static Path list(Path stem) {
        return stem.resolveSibling(stem.getFileName() + ".list");
    }

    static Path failures(Path stem) {
        return stem.resolveSibling(stem.getFileName() + ".failures");
    }

    /** An empty one; what is there is overwritten. */
    static Spool empty(Path stem) throws IOException {
        Files.deleteIfExists(list(stem));
        Files.deleteIfExists(failures(stem));
        FileChannel channel = FileChannel.open(
                data(stem),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        return new Spool(stem, channel, 0, new PiecedCrc());
    }

    /**
     * The one whose files are there.
     *
     * @param dataOffset bytes of the header in front of the data
     * @param listed how many chunks its list speaks of at least
     * @param failuresBytes what counts of the failures: behind it is what was written after the checkpoint
     * @throws IOException if its files are not there, or shorter than that
     */
    static Spool there(Path stem, long dataOffset, int listed, long failuresBytes) throws IOException {
        FileChannel channel = FileChannel.open(data(stem), StandardOpenOption.READ, StandardOpenOption.WRITE);
        Spool spool = new Spool(stem, channel, dataOffset, null);
        try {
            require(spool.data, dataOffset);
            require(spool.list, (long) listed * ENTRY_BYTES);
            require(spool.failures, failuresBytes);
            if (Files.exists(spool.list)) {
                spool.openList();
            }
            if (failuresBytes > 0) {
                spool.openFailures().truncate(failuresBytes);
                spool.failuresBytes = failuresBytes;
            } else {
                Files.deleteIfExists(spool.failures);
            }
            return spool;
        } catch (IOException e) {
            spool.close();
            throw e;
        }
    }

    private static void require(Path file, long bytes) throws IOException {
        if (bytes > 0 && Files.size(file) < bytes) {
            throw new EOFException(file + " has " + Files.size(file) + " bytes, and " + bytes + " were written");
        }
    }

    /** Bytes of the header in front of the data. */
    public long dataOffset() {
        return dataOffset;
    }

    /** Bytes of the failures that are written. */
    public long failuresBytes() {
        return failuresBytes;
    }

    /** Puts a header in front of the data: of which there are none yet, or for which there is just as much room. */
    public void begin(byte[] header) throws IOException {
        writeData(ByteBuffer.wrap(header), 0);
        dataOffset = header.length;
    }

    /** Leaves room for a header in front of the data, of which there are none yet; it {@linkplain #begin is written later}. */
    public void reserve(int headerBytes) throws IOException {
        writeFully(
                dataChannel, ByteBuffer.allocate(headerBytes), 0); // not what will be there: its checksum is of no use
        dataOffset = headerBytes;
    }

    /** Writes one outcome's data, {@code offset} bytes behind the first. */
    public void write(long offset, ByteBuffer bytes) throws IOException {
        writeData(bytes, dataOffset + offset);
    }

    private void writeData(ByteBuffer bytes, long position) throws IOException {
        writeFully(dataChannel, bytes.duplicate(), position);
        if (crc != null) {
            crc.wrote(position, bytes);
        }
    }

    /** The checksum of the data's file if it has so many bytes, header and all; empty if only reading it would tell. */
    OptionalInt crc(long size) {
        return crc == null ? OptionalInt.empty() : crc.of(size);
    }

    /** Says where a chunk lies. */
    public void list(int chunk, Places.Place place) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
        put(entry, place);
        writeFully(openList(), entry.flip(), (long) chunk * ENTRY_BYTES);
    }

    /** Says where all those chunks lie that have arrived so far, in a job that turns out to need a list. */
    public void listAll(Places places, IntPredicate arrived) throws IOException {
        FileChannel channel = openList();
        ByteBuffer entries = ByteBuffer.allocate(ENTRIES_AT_ONCE * ENTRY_BYTES);
        for (int start = 0; start < places.count(); start += ENTRIES_AT_ONCE) {
            int end = Math.min(places.count(), start + ENTRIES_AT_ONCE);
            if (IntStream.range(start, end).noneMatch(arrived)) {
                continue; // of what has not arrived nothing is asked
            }
            for (int chunk = start; chunk < end; chunk++) {
                put(entries, arrived.test(chunk) ? places.of(chunk) : Places.Place.NONE);
            }
            writeFully(channel, entries.flip(), (long) start * ENTRY_BYTES);
            entries.clear();
        }
    }

    private static void put(ByteBuffer entry, Places.Place place) {
        entry.putLong(place.offset()).putLong(place.bytes()).putLong(place.rows());
    }

    private FileChannel openList() throws IOException {
        FileChannel open = listChannel;
        if (open == null) {
            open = FileChannel.open(list, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            listChannel = open;
        }
        return open;
    }

    /** Adds a line to the failures. */
    public void fail(byte[] line) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n');
        writeFully(openFailures(), bytes.flip(), failuresBytes);
        failuresBytes += line.length + 1;
    }

    private FileChannel openFailures() throws IOException {
        FileChannel open = failuresChannel;
        if (open == null) {
            open = FileChannel.open(failures, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            failuresChannel = open;
        }
        return open;
    }

    /** The lines that were added; made by the first. */
    Path failures() {
        return failures;
    }

    /** Returns when what was written before the call would survive a power cut. */
    public void sync() throws IOException {
        for (FileChannel channel : open()) {
            channel.force(true);
        }
    }

    private List<FileChannel> open() {
        List<FileChannel> open = new ArrayList<>(List.of(dataChannel));
        for (FileChannel channel : new FileChannel @Nullable [] {listChannel, failuresChannel}) {
            if (channel != null) {
                open.add(channel);
            }
        }
        return open;
    }

    /** The data's file, header and all. */
    Path data() {
        return data;
    }

    FileChannel channel() {
        return dataChannel;
    }

    /** The list's file; made by the first entry. */
    Path list() {
        return list;
    }

    /**
     * Where the list says that chunks lie.
     *
     * @param arrived the chunks that count; others have nothing
     */
    Places places(int count, IntPredicate arrived) throws IOException {
        FileChannel channel = openList();
        return new ListedPlaces(channel, ENTRY_BYTES, count, arrived);
    }

    /** Puts back those of its files that a store has taken over, to be taken over again. Nothing may be written after that. */
    void putBack() throws IOException {
        putBack(data, dataChannel);
        FileChannel open = listChannel;
        if (open != null) {
            putBack(list, open);
        }
    }

    private static void putBack(Path file, FileChannel content) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                aside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            long size = content.size();
            for (long at = 0; at < size; ) {
                at += content.transferTo(at, size - at, out);
            }
            out.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        for (FileChannel channel : open()) {
            channel.close();
        }
    }

    /** Closes and removes it. */
    public void discard() throws IOException {
        close();
        Files.deleteIfExists(data);
        Files.deleteIfExists(list);
        Files.deleteIfExists(failures);
    }
}

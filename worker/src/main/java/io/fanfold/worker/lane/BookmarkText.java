package io.fanfold.worker.lane;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A bookmark as the text that goes with a committed offset: {@code 1.<topic id>.<done>.<started>.<tries>}, the last three in
 * unpadded base64url, empty where there is nothing. Pure.
 *
 * <p>{@code done} is a byte 0 and runs (the distance from the end of the run before, and the length, each a varint, the first one
 * counted from the offset), or a byte 1 and a bitmap from the offset on, lowest bit first: whichever is shorter. {@code
 * started} is runs. {@code tries} is, for each chunk, the distance from the one before, attempts and crashes, each a varint.
 *
 * <p>Where it does not fit, less is said and nothing that is wrong: fewer done offsets, fewer tries, and one run for all
 * that may have been started.
 */
public final class BookmarkText {
    private static final String VERSION = "1";
    private static final byte AS_RUNS = 0;
    private static final byte AS_BITMAP = 1;
    /** The least that can be written: an id, and one run. */
    static final int LEAST_LIMIT = 128;

    private static final Base64.Encoder TEXT = Base64.getUrlEncoder().withoutPadding();

    private BookmarkText() {}

    /**
     * Writes as much of a bookmark as fits.
     *
     * @param topicId the topic's id, so that a topic made anew under the same name does not inherit
     * @param limit the most characters, at least 128
     */
    public static String write(Bookmark bookmark, String topicId, int limit) {
        if (limit < LEAST_LIMIT) {
            throw new IllegalArgumentException("a bookmark cannot be written in " + limit + " characters");
        }
        String head = VERSION + "." + topicId + ".";
        int room = bytes(limit - head.length() - 2);
        byte[] started = runs(bookmark.offset(), bookmark.started(), Integer.MAX_VALUE);
        if (started.length > room / 4) {
            List<Run> all = bookmark.started();
            Run one = new Run(all.getFirst().from(), all.getLast().to());
            started = runs(bookmark.offset(), List.of(one), Integer.MAX_VALUE);
        }
        byte[] tries = tries(bookmark, room / 4);
        byte[] done = done(bookmark, room - started.length - tries.length);
        return head + TEXT.encodeToString(done) + "." + TEXT.encodeToString(started) + "." + TEXT.encodeToString(tries);
    }

    /** How many bytes fit into so many characters, in three parts. */
    private static int bytes(int characters) {
        return characters * 3 / 4 - 3;
    }

    private static byte[] done(Bookmark bookmark, int room) {
        if (bookmark.done().isEmpty() || room < 4) {
            return new byte[0];
        }
        byte[] runs = runs(bookmark.offset(), bookmark.done(), room - 1);
        byte[] bitmap = bitmap(bookmark, room - 1);
        boolean runsSayMore = said(bookmark, runs) > said(bookmark, bitmap.length);
        boolean sameButShorter = said(bookmark, runs) == said(bookmark, bitmap.length) && runs.length <= bitmap.length;
        return runsSayMore || sameButShorter ? with(AS_RUNS, runs) : with(AS_BITMAP, bitmap);
    }

    private static long said(Bookmark bookmark, byte[] runs) {
        return runs(bookmark.offset(), ByteBuffer.wrap(runs)).stream()
                .mapToLong(Run::length)
                .sum();
    }

    private static long said(Bookmark bookmark, int bitmapBytes) {
        long end = bookmark.offset() + 8L * bitmapBytes;
        return bookmark.done().stream()
                .mapToLong(run -> Math.max(0, Math.min(run.to(), end) - run.from()))
                .sum();
    }

    private static byte[] with(byte kind, byte[] rest) {
        return ByteBuffer.allocate(rest.length + 1).put(kind).put(rest).array();
    }

    private static byte[] runs(long offset, List<Run> runs, int room) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long end = offset;
        for (Run run : runs) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            put(one, run.from() - end);
            put(one, run.length());
            if (out.size() + one.size() > room) {
                break;
            }
            out.writeBytes(one.toByteArray());
            end = run.to();
        }
        return out.toByteArray();
    }

    private static byte[] bitmap(Bookmark bookmark, int room) {
        long bits = Math.min(8L * room, bookmark.done().getLast().to() - bookmark.offset());
        byte[] bitmap = new byte[(int) ((bits + 7) / 8)];
        for (Run run : bookmark.done()) {
            for (long at = run.from() - bookmark.offset(); at < run.to() - bookmark.offset() && at < bits; at++) {
                bitmap[(int) (at / 8)] |= (byte) (1 << (at % 8));
            }
        }
        return bitmap;
    }

    private static byte[] tries(Bookmark bookmark, int room) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long before = bookmark.offset();
        for (Map.Entry<Long, Tries> entry : new TreeMap<>(bookmark.tries()).entrySet()) {
            ByteArrayOutputStream one = new ByteArrayOutputStream();
            put(one, entry.getKey() - before);
            put(one, entry.getValue().attempts());
            put(one, entry.getValue().crashes());
            if (out.size() + one.size() > room) {
                break;
            }
            out.writeBytes(one.toByteArray());
            before = entry.getKey();
        }
        return out.toByteArray();
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @return empty where it is of another topic, of another version, or no bookmark at all: then nothing but the offset is known
     */
    public static Optional<Bookmark> read(long offset, String text, String topicId) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 5 || !parts[0].equals(VERSION) || !parts[1].equals(topicId)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Bookmark(
                    offset,
                    done(offset, bytes(parts[2])),
                    runs(offset, bytes(parts[3])),
                    tries(offset, bytes(parts[4]))));
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static ByteBuffer bytes(String base64) {
        return ByteBuffer.wrap(Base64.getUrlDecoder().decode(base64));
    }

    private static List<Run> done(long offset, ByteBuffer in) {
        if (!in.hasRemaining()) {
            return List.of();
        }
        byte kind = in.get();
        return switch (kind) {
            case AS_RUNS -> runs(offset, in);
            case AS_BITMAP -> bitmap(offset, in);
            default -> throw new IllegalArgumentException("done offsets of kind " + kind);
        };
    }

    private static List<Run> bitmap(long offset, ByteBuffer in) {
        Runs runs = new Runs();
        for (long at = offset; in.hasRemaining(); at += 8) {
            byte bits = in.get();
            for (int bit = 0; bit < 8; bit++) {
                if (((bits >> bit) & 1) == 1) {
                    runs.add(at + bit, at + bit + 1);
                }
            }
        }
        return runs.list();
    }

    private static List<Run> runs(long offset, ByteBuffer in) {
        List<Run> runs = new ArrayList<>();
        long end = offset;
        while (in.hasRemaining()) {
            long from = Math.addExact(end, get(in));
            end = Math.addExact(from, get(in));
            runs.add(new Run(from, end));
        }
        return runs;
    }

    private static Map<Long, Tries> tries(long offset, ByteBuffer in) {
        Map<Long, Tries> tries = new HashMap<>();
        long at = offset;
        while (in.hasRemaining()) {
            at = Math.addExact(at, get(in));
            tries.put(at, new Tries((int) Math.min(get(in), 1_000_000), (int) Math.min(get(in), 1_000_000)));
        }
        return tries;
    }

    private static void put(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest >= 0x80) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long get(ByteBuffer in) {
        long number = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            byte next = in.get();
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }
}

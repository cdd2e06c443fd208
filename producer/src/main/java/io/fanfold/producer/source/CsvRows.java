package io.fanfold.producer.source;

import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.array.Shape;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Lines of numbers, read as {@code np.loadtxt} does: what follows a {@code #} is a comment, blank lines are passed over, quotes are no
 * part of a number. One number in a line makes an array of one axis, more make one of two.
 */
public final class CsvRows implements Rows {
    private final Lines lines;
    private final byte delimiter;
    private final Elements elements;
    private final NpyHeader header;
    private final int columns;
    private final ByteBuffer row;
    private int end;

    private CsvRows(Lines lines, CsvFormat format) throws IOException {
        this.lines = lines;
        this.delimiter = (byte) format.delimiter();
        this.elements = new Elements(format.dtype());
        boolean first = line();
        this.columns = first ? columns() : 1;
        this.header = new NpyHeader(format.dtype(), columns == 1 ? Shape.of(0) : Shape.of(0, columns), Order.C);
        this.row = ByteBuffer.allocate(columns * format.dtype().itemSize())
                .order(format.dtype().byteOrder());
        row.position(row.limit());
        if (first) {
            parse();
        }
    }

    /**
     * Reads up to the first row, which says how many columns there are.
     *
     * @param csv in UTF-8
     * @throws IOException if the stream broke
     * @throws ArrayFormatException if that row is none
     */
    public static CsvRows open(InputStream csv, CsvFormat format) throws IOException {
        Lines lines = new Lines(csv);
        for (long i = 0; i < format.skipRows() && lines.next(); i++) {
            // whatever it says
        }
        return new CsvRows(lines, format);
    }

    @Override
    public NpyHeader header() {
        return header;
    }

    @Override
    public boolean endless() {
        return true;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int done = 0;
        while (done < length && (row.hasRemaining() || nextRow())) {
            int part = Math.min(length - done, row.remaining());
            row.get(into, offset + done, part);
            done += part;
        }
        return done;
    }

    private boolean nextRow() throws IOException {
        boolean there = line();
        if (there) {
            parse();
        }
        return there;
    }

    /** Goes to the next line that is not blank; it is from {@code lines.from()} to {@code end}. */
    private boolean line() throws IOException {
        while (lines.next()) {
            byte[] text = lines.buffer();
            end = find((byte) '#', lines.from(), lines.to());
            int at = lines.from();
            while (at < end && blank(text[at])) {
                at++;
            }
            if (at < end) {
                return true;
            }
        }
        return false;
    }

    private int find(byte wanted, int from, int to) {
        byte[] text = lines.buffer();
        int at = from;
        while (at < to && text[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }

    private int columns() {
        int count = 0;
        for (int at = start(); at <= end; at = behind(cellEnd(at))) {
            count++;
        }
        return count;
    }

    private void parse() {
        int size = elements.dtype().itemSize();
        int column = 0;
        for (int at = start(); at <= end; column++) {
            int cellEnd = cellEnd(at);
            if (column < columns) {
                put(at, cellEnd, column, column * size);
            }
            at = behind(cellEnd);
        }
        if (column != columns) {
            throw new ArrayFormatException("line " + lines.number() + " has " + column + " columns, the first one had "
                    + columns + ": give every line as many, and name the delimiter if it is not "
                    + Quoted.of(Character.toString(delimiter)));
        }
        row.clear();
    }

    /** Where the first cell begins. */
    private int start() {
        return delimiter == ' ' ? afterBlanks(lines.from()) : lines.from();
    }

    private int afterBlanks(int from) {
        byte[] text = lines.buffer();
        int at = from;
        while (at < end && blank(text[at])) {
            at++;
        }
        return at;
    }

    private int cellEnd(int from) {
        if (delimiter != ' ') {
            return find(delimiter, from, end);
        }
        byte[] text = lines.buffer();
        int at = from;
        while (at < end && !blank(text[at])) {
            at++;
        }
        return at;
    }

    /** Where the cell behind one that ends here begins; behind the end of the line if there is none. */
    private int behind(int cellEnd) {
        if (delimiter != ' ') {
            return cellEnd + 1;
        }
        int at = afterBlanks(cellEnd);
        return at == end ? end + 1 : at;
    }

    private void put(int cell, int cellEnd, int column, int at) {
        byte[] text = lines.buffer();
        int from = cell;
        int to = cellEnd;
        while (from < to && blank(text[from])) {
            from++;
        }
        while (from < to && blank(text[to - 1])) {
            to--;
        }
        if (!elements.put(text, from, to, row, at)) {
            throw refused(text, from, to, column + 1);
        }
    }

    private ArrayFormatException refused(byte[] text, int from, int to, int column) {
        String what = from == to ? "nothing" : Quoted.of(text, from, to);
        boolean quoted = from < to && (text[from] == '"' || text[from] == '\'');
        String remedy = quoted
                ? "numbers are written without quotes"
                : "pass over headings with skip-rows, or ask for another dtype";
        return new ArrayFormatException("line " + lines.number() + ", column " + column + " is " + what + "; a "
                + elements.dtype().name() + " is " + elements.wanted() + ": " + remedy);
    }
}

package io.fanfold.producer.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.fanfold.protocol.array.ArrayFormatException;
import io.fanfold.protocol.array.DType;
import io.fanfold.protocol.array.Order;
import io.fanfold.protocol.npy.NpyHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * A nested JSON array of numbers, or of {@code true} and {@code false}, as {@code x.tolist()} makes it: its elements are the rows, and
 * the first of them says what shape they all have. Of floats, {@code NaN}, {@code Infinity} and {@code -Infinity} may be some, in
 * quotes or without.
 */
public final class JsonRows implements Rows {
    private static final int LONGEST_NUMBER = 1000;
    private static final int MOST_ROW_BYTES = 16 * 1024 * 1024;
    private static final int FIRST_ROW_BYTES = 1024;
    private static final Set<String> QUOTED_NUMBERS = Set.of("NaN", "Infinity", "-Infinity");

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Nesting.MOST_AXES + 1)
                    .maxNumberLength(LONGEST_NUMBER)
                    .maxStringLength(LONGEST_NUMBER)
                    .build())
            .build();

    private final JsonParser parser;
    private final Elements elements;
    private final Nesting nesting = new Nesting();
    private final byte[] text = new byte[LONGEST_NUMBER];
    private final NpyHeader header;
    private ByteBuffer row = ByteBuffer.allocate(FIRST_ROW_BYTES);

    private JsonRows(JsonParser parser, DType dtype) throws IOException {
        this.parser = parser;
        this.elements = new Elements(dtype);
        this.row = row.order(dtype.byteOrder()).limit(0);
        requireArray();
        boolean there = nextRow();
        this.header = new NpyHeader(dtype, nesting.shape(), Order.C);
        if (there && row.limit() == 0) {
            throw new ArrayFormatException("[0] has no numbers in it: send an array without elements as .npy");
        }
    }

    /**
     * Reads up to the end of the first row.
     *
     * @param dtype one of {@link NumberType}
     * @throws IOException if the stream broke
     * @throws ArrayFormatException if there is no array, or its first row is none
     */
    public static JsonRows open(InputStream json, DType dtype) throws IOException {
        JsonParser parser = JSON.createParser(json);
        try {
            return new JsonRows(parser, dtype);
        } catch (JsonProcessingException e) {
            throw unreadable("the first row", parser, e);
        }
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
        while (done < length && (row.hasRemaining() || readRow())) {
            int part = Math.min(length - done, row.remaining());
            row.get(into, offset + done, part);
            done += part;
        }
        return done;
    }

    private boolean readRow() throws IOException {
        try {
            return nextRow();
        } catch (JsonProcessingException e) {
            throw unreadable(nesting.path(), parser, e);
        }
    }

    private void requireArray() throws IOException {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.START_ARRAY) {
            String what = token == null ? "nothing" : Quoted.of(parser.getText());
            throw new ArrayFormatException("the JSON begins with " + what
                    + ", and an array is wanted: write [1, 2, 3] or [[1, 2], [3, 4]]; one number is [1]");
        }
    }

    /** Reads a row; whether there was one. */
    private boolean nextRow() throws IOException {
        if (parser.isClosed()) {
            return false;
        }
        row.clear();
        do {
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_ARRAY -> nesting.open();
                case END_ARRAY -> {
                    if (nesting.close()) {
                        end();
                        return false;
                    }
                }
                default -> {
                    nesting.element();
                    put(token);
                }
            }
        } while (nesting.inRow());
        row.flip();
        return true;
    }

    /** Nothing may be behind the array. */
    private void end() throws IOException {
        row.limit(0);
        if (parser.nextToken() != null) {
            throw new ArrayFormatException("there is more behind the JSON array: send one array and nothing else");
        }
        parser.close();
    }

    private void put(JsonToken token) throws IOException {
        int size = elements.dtype().itemSize();
        if (row.remaining() < size) {
            grow();
        }
        int length = parser.getTextLength();
        boolean number = length <= text.length
                && (token != JsonToken.VALUE_STRING || QUOTED_NUMBERS.contains(parser.getText()))
                && elements.put(text, 0, ascii(length), row, row.position());
        if (!number) {
            throw new ArrayFormatException(nesting.path() + " is " + Quoted.of(parser.getText()) + "; a "
                    + elements.dtype().name() + " is " + elements.wanted() + ": write it so, or ask for another dtype");
        }
        row.position(row.position() + size);
    }

    private int ascii(int length) throws IOException {
        char[] from = parser.getTextCharacters();
        int at = parser.getTextOffset();
        for (int i = 0; i < length; i++) {
            text[i] = (byte) from[at + i];
        }
        return length;
    }

    private void grow() {
        if (row.capacity() == MOST_ROW_BYTES) {
            throw new ArrayFormatException(nesting.path() + " is behind the first " + MOST_ROW_BYTES
                    + " bytes of its row, and a row has to fit into a record: send .npy, and split it along"
                    + " another axis");
        }
        row = ByteBuffer.allocate(2 * row.capacity()).order(row.order()).put(row.flip());
    }

    private static ArrayFormatException unreadable(String where, JsonParser parser, JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return new ArrayFormatException(
                    "the JSON ends in the middle of the array, at " + where + ": send all of it", e);
        }
        JsonLocation place = parser.currentLocation();
        return new ArrayFormatException(
                "the JSON cannot be read at " + where + ", line " + place.getLineNr() + ", column "
                        + place.getColumnNr() + ": " + e.getOriginalMessage(),
                e);
    }
}

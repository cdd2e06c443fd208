package io.fanfold.producer.source;

import io.fanfold.protocol.InvalidRequestException;
import io.fanfold.protocol.array.DType;
import java.util.Optional;

/**
 * How the lines of a text are read as rows of numbers.
 *
 * @param dtype of the array: one of {@link NumberType}
 * @param delimiter between the numbers of a line; a blank stands for any run of blanks and tabs
 * @param skipRows so many lines at the beginning are passed over, whatever they are
 */
public record CsvFormat(DType dtype, char delimiter, long skipRows) {
    /** Numbers with commas between them, as float64. */
    public static final CsvFormat DEFAULT = new CsvFormat(NumberType.DEFAULT, ',', 0);

    public CsvFormat {
        NumberType.require(dtype);
        boolean printable = delimiter == '\t' || (delimiter >= ' ' && delimiter <= '~');
        if (!printable || Character.isLetterOrDigit(delimiter) || "+-.#\"'".indexOf(delimiter) >= 0) {
            throw refused("" + delimiter);
        }
        if (skipRows < 0) {
            throw new InvalidRequestException("skip-rows is " + skipRows + "; it must be 0 or more");
        }
    }

    /**
     * Reads a format from texts; what is missing is as in {@link #DEFAULT}.
     *
     * @param dtype see {@link NumberType#parse}
     * @param delimiter one character; a tab may be written as {@code \t}
     * @throws InvalidRequestException naming what is not what it must be
     */
    public static CsvFormat parse(Optional<String> dtype, Optional<String> delimiter, Optional<String> skipRows) {
        return new CsvFormat(
                dtype.map(NumberType::parse).orElse(DEFAULT.dtype),
                delimiter.map(CsvFormat::delimiter).orElse(DEFAULT.delimiter),
                skipRows.map(CsvFormat::rows).orElse(DEFAULT.skipRows));
    }

    private static char delimiter(String text) {
        if (text.equals("\\t")) {
            return '\t';
        }
        if (text.length() != 1) {
            throw refused(text);
        }
        return text.charAt(0);
    }

    private static InvalidRequestException refused(String delimiter) {
        return new InvalidRequestException("delimiter is " + Quoted.of(delimiter)
                + "; it must be one character that is not part of a number: , or ; or | or a blank or \\t");
    }

    private static long rows(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException(
                    "skip-rows is " + Quoted.of(text) + "; it must be a whole number of at least 0", e);
        }
    }
}

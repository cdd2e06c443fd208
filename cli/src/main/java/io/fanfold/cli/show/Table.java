package io.fanfold.cli.show;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Columns for people, as wide as their contents. */
public final class Table {
    private static final int WIDEST = 44;
    private static final int LEAST_LAST = 20;

    private final List<String[]> rows = new ArrayList<>();
    private final Map<Integer, UnaryOperator<String>> styles = new HashMap<>();

    public Table(String... header) {
        rows.add(header);
    }

    /** Prints a column's cells, the header's too, through this, which may add nothing that has a width. */
    public Table styled(int column, UnaryOperator<String> style) {
        styles.put(column, style);
        return this;
    }

    /** A cell as it is printed, as wide as its column. */
    private String padded(int column, String text, int width) {
        String styled = styles.getOrDefault(column, UnaryOperator.identity()).apply(text);
        return styled + " ".repeat(Math.max(0, width - text.length()) + 2);
    }

    /** Adds a row of as many cells as the header has. */
    public void row(String... cells) {
        rows.add(cells);
    }

    /** One line for each row; the last cell is cut where the line is full, but never to less than 20 characters. */
    public void printLines(PrintWriter out, int lineWidth) {
        int last = rows.getFirst().length - 1;
        int[] widths = new int[last];
        for (String[] row : rows) {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        int rest = Math.max(LEAST_LAST, lineWidth - Arrays.stream(widths).sum() - 2 * last);
        for (String[] row : rows) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < last; i++) {
                text.append(padded(i, row[i], widths[i]));
            }
            String cell = row[last];
            text.append(cell.length() <= rest ? cell : cell.substring(0, rest - 3) + "...");
            out.println(text.toString().stripTrailing());
        }
    }

    /** Long cells are wrapped at spaces. */
    public void print(PrintWriter out) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(WIDEST, row[i].length()));
            }
        }
        rows.forEach(row -> print(out, row, widths));
    }

    private void print(PrintWriter out, String[] row, int[] widths) {
        List<List<String>> cells = new ArrayList<>();
        int height = 0;
        for (String cell : row) {
            List<String> lines = wrap(cell);
            cells.add(lines);
            height = Math.max(height, lines.size());
        }
        for (int line = 0; line < height; line++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String cell = line < cells.get(i).size() ? cells.get(i).get(line) : "";
                text.append(padded(i, cell, widths[i]));
            }
            out.println(text.toString().stripTrailing());
        }
    }

    private static List<String> wrap(String cell) {
        List<String> lines = new ArrayList<>();
        String rest = cell;
        while (rest.length() > WIDEST) {
            int space = rest.lastIndexOf(' ', WIDEST);
            int cut = space > 0 ? space : WIDEST;
            lines.add(rest.substring(0, cut));
            rest = rest.substring(cut).strip();
        }
        lines.add(rest);
        return lines;
    }
}

package io.fanfold.cli.show;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Columns for people: as wide as their contents, long cells wrapped at spaces. */
public final class Table {
    private static final int WIDEST = 44;

    private final List<String[]> rows = new ArrayList<>();

    public Table(String... header) {
        rows.add(header);
    }

    /** Adds a row of as many cells as the header has. */
    public void row(String... cells) {
        rows.add(cells);
    }

    public void print(PrintWriter out) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], Math.min(WIDEST, row[i].length()));
            }
        }
        rows.forEach(row -> print(out, row, widths));
    }

    private static void print(PrintWriter out, String[] row, int[] widths) {
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
                text.append(cell).repeat(' ', widths[i] - cell.length() + 2);
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

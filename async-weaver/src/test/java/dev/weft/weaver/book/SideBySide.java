package dev.weft.weaver.book;

import dev.weft.weaver.book.Listing.Run;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * Listings in columns, joined by the source lines that they come from: each line of the source, and
 * below it what each column has for it.
 */
final class SideBySide {
  /** Wider columns are wrapped. */
  private static final int WIDEST = 38;

  private static final String GAP = "  ";

  /** A listing and what stands above it. */
  record Column(String title, List<Run> runs) {}

  /** A part of all columns; some may have nothing in it. */
  private record Row(int line, Map<Integer, List<String>> cells) {}

  private final List<Column> columns;
  private final List<String> source;
  private final int[] next;
  private final List<Row> rows = new ArrayList<>();

  private SideBySide(List<Column> columns, List<String> source) {
    this.columns = columns;
    this.source = source;
    next = new int[columns.size()];
  }

  /**
   * Puts listings beside each other.
   *
   * @param columns the first one has the order of the lines
   * @param source the source file
   * @param shown which lines are to be shown
   */
  static List<String> of(List<Column> columns, List<String> source, IntPredicate shown) {
    SideBySide page = new SideBySide(columns, source);
    page.align();
    page.rows.removeIf(row -> !shown.test(row.line()));
    return page.print();
  }

  private void align() {
    List<Run> spine = columns.get(0).runs();
    while (next[0] < spine.size() && spine.get(next[0]).line() > Listing.EXCEPTIONS) {
      int line = spine.get(next[0]).line();
      emitWhatIsNowhereElse();
      take(line);
    }
    while (hasMore()) {
      take(nextOfTheRest());
    }
  }

  /** What the other columns have before this line, and the first one has nowhere behind. */
  private void emitWhatIsNowhereElse() {
    for (int column = 1; column < next.length; column++) {
      while (next[column] < runs(column).size()
          && !isAhead(runs(column).get(next[column]).line())) {
        take(runs(column).get(next[column]).line());
      }
    }
  }

  private boolean isAhead(int line) {
    if (line <= Listing.EXCEPTIONS) {
      return true; // the tables come last
    }
    List<Run> spine = runs(0);
    for (int i = next[0]; i < spine.size(); i++) {
      if (spine.get(i).line() == line) {
        return true;
      }
    }
    return false;
  }

  /** Code first, then the exceptions, then the variables. */
  private int nextOfTheRest() {
    int greatest = Listing.VARIABLES;
    for (int column = 0; column < next.length; column++) {
      if (next[column] < runs(column).size()) {
        greatest = Math.max(greatest, runs(column).get(next[column]).line());
      }
    }
    return greatest;
  }

  /** Takes from every column that is at this line. */
  private void take(int line) {
    Map<Integer, List<String>> cells = new HashMap<>();
    for (int column = 0; column < next.length; column++) {
      if (next[column] < runs(column).size() && runs(column).get(next[column]).line() == line) {
        cells.put(column, runs(column).get(next[column]++).text());
      }
    }
    rows.add(new Row(line, cells));
  }

  private boolean hasMore() {
    for (int column = 0; column < next.length; column++) {
      if (next[column] < runs(column).size()) {
        return true;
      }
    }
    return false;
  }

  private List<Run> runs(int column) {
    return columns.get(column).runs();
  }

  // ---- as text

  private List<String> print() {
    List<List<List<String>>> wrapped = new ArrayList<>();
    int[] widths = new int[columns.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = columns.get(column).title().length();
    }
    for (Row row : rows) {
      List<List<String>> cells = new ArrayList<>();
      for (int column = 0; column < widths.length; column++) {
        List<String> cell = new ArrayList<>();
        for (String text : row.cells().getOrDefault(column, List.of())) {
          cell.addAll(wrap(text));
        }
        for (String text : cell) {
          widths[column] = Math.max(widths[column], text.length());
        }
        cells.add(cell);
      }
      wrapped.add(cells);
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(columns.stream().map(Column::title).toList(), widths));
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    lines.add(line(rule, widths));
    for (int i = 0; i < rows.size(); i++) {
      print(rows.get(i).line(), wrapped.get(i), widths, lines);
    }
    return lines;
  }

  private void print(int line, List<List<String>> cells, int[] widths, List<String> lines) {
    switch (line) {
      case Listing.SIGNATURE -> {}
      case Listing.EXCEPTIONS -> lines.add("exceptions:");
      case Listing.VARIABLES -> lines.add("variables:");
      case Listing.NO_LINE -> lines.add("");
      default -> lines.add(line + ": " + sourceOf(line));
    }
    int height = cells.stream().mapToInt(List::size).max().orElse(0);
    for (int i = 0; i < height; i++) {
      List<String> texts = new ArrayList<>();
      for (List<String> cell : cells) {
        texts.add(i < cell.size() ? cell.get(i) : "");
      }
      lines.add(line(texts, widths));
    }
  }

  private String sourceOf(int line) {
    String text = source.get(line - 1);
    int mark = text.indexOf(" // warning: ");
    return (mark < 0 ? text : text.substring(0, mark)).strip();
  }

  private static String line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < widths.length; column++) {
      String cell = cells.get(column);
      line.append(cell).append(" ".repeat(widths[column] - cell.length())).append(GAP);
    }
    return line.toString().stripTrailing();
  }

  /** Breaks a text at spaces, before dots, and behind what opens a list of parameters. */
  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (rest.length() > WIDEST) {
      int at = WIDEST;
      while (at > WIDEST / 3 && !mayBreak(rest, at)) {
        at--;
      }
      if (at <= WIDEST / 3) {
        at = WIDEST;
      }
      lines.add(rest.substring(0, at).stripTrailing());
      rest = "      " + rest.substring(at).strip();
    }
    lines.add(rest);
    return lines;
  }

  private static boolean mayBreak(String text, int at) {
    return text.charAt(at) == ' ' || text.charAt(at) == '.' || text.charAt(at - 1) == '(';
  }
}

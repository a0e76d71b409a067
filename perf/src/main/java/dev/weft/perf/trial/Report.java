package dev.weft.perf.trial;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * The table of a trial, in Markdown, a row at a time, and what it is at meanwhile. Used by one
 * thread.
 */
final class Report {
  private final PrintStream table;
  private final PrintStream progress;
  private final List<String> columns;
  private boolean begun;
  private boolean failed;

  /**
   * A table.
   *
   * @param columns those between the first, the server's kind, and the last, the verdict
   */
  Report(PrintStream table, PrintStream progress, List<String> columns) {
    this.table = table;
    this.progress = progress;
    this.columns = columns;
  }

  /** A row, with as many cells as there are columns. */
  void row(Kind kind, List<String> cells, Verdict verdict) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(cells + " for the columns " + columns);
    }
    begin();
    print(kind.toString(), cells, verdict.toString());
    failed |= !verdict.holds();
  }

  /** A row without figures, as there are none. */
  void couldNot(Kind kind, Exception error) {
    Verdict verdict = new Verdict();
    verdict.that(false, "%s", error.getMessage() == null ? error : error.getMessage());
    row(kind, columns.stream().map(column -> "").toList(), verdict);
  }

  private void begin() {
    if (!begun) {
      begun = true;
      print("", columns, "");
      table.println("|---|" + "---:|".repeat(columns.size()) + "---|");
    }
  }

  private void print(String first, List<String> cells, String last) {
    StringBuilder line = new StringBuilder(String.format("| %-8s |", first));
    for (int i = 0; i < cells.size(); i++) {
      line.append(String.format(" %" + columns.get(i).length() + "s |", cells.get(i)));
    }
    table.println(line.append(' ').append(last).append(" |"));
    table.flush();
  }

  /** What happens now; on the standard error. */
  void progress(Kind kind, String format, Object... figures) {
    progress.println("  " + kind + ": " + String.format(Locale.ROOT, format, figures));
  }

  /** A line below or above the table. */
  void note(String text) {
    table.println(text);
  }

  /** Whether a promise was not kept. */
  boolean failed() {
    return failed;
  }
}

package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A run in a few rows: one server's figures over those of others. */
public final class Summary {
  private Summary() {}

  /**
   * A row.
   *
   * @param title what was measured
   * @param cells for each of the others the ratio, as an interval where its size is not certain;
   *     {@code same} if a difference of more than 5 % is ruled out; or nothing if there are no
   *     figures
   */
  public record Row(String title, List<String> cells) {}

  /** The rows of which anything was measured. */
  public static List<Row> of(Results results, String server, List<String> others) {
    List<Row> rows = new ArrayList<>();
    row(
        rows,
        results,
        server,
        others,
        "echo-64x64",
        Figure.CPU,
        "echo, CPU per message of 64 bytes");
    row(
        rows,
        results,
        server,
        others,
        "echo-64x16k",
        Figure.CPU,
        "echo, CPU per message of 16 KiB");
    row(rows, results, server, others, "echo-64x64", Figure.P99, "echo, 64 connections, p99");
    row(rows, results, server, others, "echo-1000x64", Figure.P99, "echo, 1,000 connections, p99");
    row(
        rows,
        results,
        server,
        others,
        "echo-10000x64",
        Figure.P99,
        "echo, 10,000 connections, p99");
    row(
        rows,
        results,
        server,
        others,
        "mixed-inline",
        Figure.P99,
        "p99 of others while one handler computes for 100 ms");
    memory(rows, results, server, others);
    return rows;
  }

  private static void row(
      List<Row> rows,
      Results results,
      String server,
      List<String> others,
      String scenario,
      Figure figure,
      String title) {
    Found found = results.found(scenario);
    if (found == null || !found.rounds().containsKey(server)) {
      return;
    }
    List<String> cells = new ArrayList<>();
    for (String other : others) {
      if (found.rounds().containsKey(other)) {
        Ratio ratio = found.ratio(server, other, figure);
        cells.add(cell(ratio));
      } else {
        cells.add("");
      }
    }
    rows.add(new Row(title, cells));
  }

  private static String cell(Ratio ratio) {
    if (ratio.rounds() < 2 || Double.isNaN(ratio.median())) {
      return "";
    }
    if (!ratio.isDifferent()) {
      return ratio.isSame() ? "same" : "not measured";
    }
    return ratio.isWide()
        ? number(ratio.low()) + " .. " + number(ratio.high())
        : number(ratio.median());
  }

  private static void memory(List<Row> rows, Results results, String server, List<String> others) {
    double own = IdleMemory.kilobytesPerConnection(results, server);
    if (Double.isNaN(own)) {
      return;
    }
    List<String> cells = new ArrayList<>();
    for (String other : others) {
      double theirs = IdleMemory.kilobytesPerConnection(results, other);
      cells.add(Double.isNaN(theirs) ? "" : number(own / theirs));
    }
    rows.add(new Row("resident memory of an idle connection (single figures)", cells));
  }

  private static String number(double ratio) {
    return String.format(Locale.ROOT, "%.2f", ratio);
  }
}

package dev.weft.perf.report;

import dev.weft.perf.compare.Results;
import dev.weft.perf.compare.Summary;
import java.util.List;
import java.util.Locale;

/** Weft's figures over those of others, in one table of Markdown. */
final class RatioTable {
  private static final List<String> COLUMNS =
      List.of("Tokio", "Node", "Netty", "virtual threads", "stock EA Async");

  private static final List<String> SERVERS =
      List.of("tokio", "node", "netty-epoll", "virtual-threads");

  private RatioTable() {}

  static String of(Results results, List<Jmh.Score> jmh) {
    StringBuilder text = new StringBuilder("| Weft's figure over that of |");
    COLUMNS.forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n|---|").append("---|".repeat(COLUMNS.size())).append('\n');
    for (Summary.Row row : Summary.of(results, "weft-epoll", SERVERS)) {
      text.append("| ").append(row.title()).append(" |");
      row.cells().forEach(cell -> text.append(' ').append(cell).append(" |"));
      text.append(" |\n");
    }
    Scores scores = new Scores(jmh);
    scores.row(
        text,
        "two tasks wake each other, time",
        "TaskSwitch",
        "weft",
        "virtualThreadPark",
        "eaAsync");
    scores.row(text, "an await that suspends, time", "SuspendResume", "weft", "", "eaAsync");
    scores.row(
        text,
        "ten awaits that suspend, one in the other, time",
        "CallChain",
        "weftSuspended",
        "virtualThreadSuspended",
        "eaAsyncSuspended");
    scores.row(text, "a task starts a task, time", "SpawnManyLocal", "weft", "virtualThread", "");
    scores.row(
        text, "a task that sleeps, bytes of heap", "Memory", "weftSleep", "virtualThreadSleep", "");
    text.append("\nBelow 1 Weft needs less. Servers: ")
        .append(results.machine().cpu())
        .append(", ")
        .append(results.machine().processors())
        .append(" processors, ")
        .append(results.machine().date(), 0, "2026-01-01".length())
        .append(", `")
        .append(results.command())
        .append("`; ");
    results
        .machine()
        .versions()
        .forEach((name, version) -> text.append(name).append(' ').append(version).append(", "));
    text.append(
        "medians of interleaved rounds, or an interval where it is wider than 20 %; *same* within 5 %;"
            + " *not measured* where the noise may hide the difference. The rest: JMH on JDK ");
    text.append(
        jmh.stream()
            .map(Jmh.Score::jdk)
            .distinct()
            .sorted()
            .toList()
            .toString()
            .replaceAll("[\\[\\]]", ""));
    return text.append(", `perf/run await`, `scheduler`, `memory`.\n").toString();
  }

  /** Ratios of JMH's scores. */
  private record Scores(List<Jmh.Score> all) {
    void row(
        StringBuilder text, String title, String type, String weft, String virtual, String ea) {
      double own = of(type + "." + weft);
      if (!Double.isNaN(own)) {
        text.append("| ").append(title).append(" | | | |");
        text.append(cell(own, of(type + "." + virtual)));
        text.append(cell(own, of(type + "." + ea))).append('\n');
      }
    }

    private static String cell(double own, double other) {
      return Double.isNaN(other) ? " |" : String.format(Locale.ROOT, " %.2f |", own / other);
    }

    /** Where there is a choice, with the driver; not a number if nobody has measured it. */
    private double of(String benchmark) {
      return all.stream()
          .filter(score -> score.benchmark().equals(benchmark))
          .filter(score -> !score.parameters().contains("driver:false"))
          .mapToDouble(Jmh.Score::score)
          .findFirst()
          .orElse(Double.NaN);
    }
  }
}

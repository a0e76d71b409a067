package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Results as tables in Markdown, which also reads well on a terminal. */
final class Tables {
  private Tables() {}

  static String of(Results results) {
    StringBuilder text = new StringBuilder();
    Machine machine = results.machine();
    text.append(
        String.format(
            Locale.ROOT,
            "%n%s, %d processors, %s, commit %s, %s; load before: %.2f%n",
            machine.cpu(),
            machine.processors(),
            machine.kernel(),
            machine.commit(),
            machine.date(),
            machine.loadBefore()));
    text.append("Versions: ").append(machine.versions()).append('\n');
    for (Found found : results.scenarios()) {
      table(text, results, found);
    }
    String claims = Claims.table(results);
    if (!claims.isEmpty()) {
      text.append("\n### What articles say\n\n").append(claims).append('\n');
    }
    results
        .skipped()
        .forEach(
            (name, why) ->
                text.append("skipped: ").append(name).append(": ").append(why).append('\n'));
    return text.toString();
  }

  /** What a table has of each contender, in figures. */
  private record Column(String title, Function<String, String> cell) {}

  private static List<Column> columns(Results results, Found found, boolean paced) {
    List<Figure> figures =
        paced
            ? List.of(Figure.P50, Figure.P99, Figure.MAX)
            : List.of(
                Figure.CPU, Figure.USER, Figure.SLEEPS, Figure.THROUGHPUT, Figure.P50, Figure.P99);
    List<Column> columns = new ArrayList<>();
    figures.forEach(f -> columns.add(new Column(f.title, name -> cell(found, name, f))));
    // Empty where they could not be counted; where nobody has asked for them, not there.
    if (found.syscalls() != null || results.skipped().containsKey(SyscallPass.SKIPPED)) {
      int besideSleeps = paced ? columns.size() : figures.indexOf(Figure.SLEEPS) + 1;
      columns.add(besideSleeps, new Column("syscalls/msg", name -> syscalls(found, name)));
    }
    return columns;
  }

  private static void table(StringBuilder text, Results results, Found found) {
    String baseline = results.baseline();
    boolean paced = found.load().contains("open loop");
    List<Column> columns = columns(results, found, paced);
    List<Figure> compared = paced ? List.of(Figure.P99) : List.of(Figure.CPU, Figure.P99);
    text.append("\n### ").append(found.question()).append("\n\n");
    text.append(found.scenario()).append(": ").append(found.load()).append("\n\n");
    text.append(String.format("| %-18s |", ""));
    columns.forEach(column -> text.append(String.format(" %16s |", column.title)));
    compared.forEach(figure -> text.append(String.format(" %-28s |", figure + " / " + baseline)));
    text.append("\n|---|").append("---:|".repeat(columns.size()));
    text.append("---|".repeat(compared.size())).append('\n');
    for (String contender : found.rounds().keySet()) {
      text.append(String.format("| %-18s |", contender));
      columns.forEach(
          column -> text.append(String.format(" %16s |", column.cell.apply(contender))));
      for (Figure figure : compared) {
        String ratio =
            contender.equals(baseline) || !found.rounds().containsKey(baseline)
                ? ""
                : found.ratio(contender, baseline, figure).toString();
        text.append(String.format(" %-28s |", ratio));
      }
      text.append('\n');
    }
    if (found.syscalls() != null) {
      text.append("\nSystem calls: by ")
          .append(found.syscalls().by())
          .append(", in a pass of their own.\n");
    }
  }

  /** One figure, of one pass: there is no spread. */
  private static String syscalls(Found found, String contender) {
    double perMessage = found.syscalls(contender);
    return Double.isNaN(perMessage) ? "-" : number(perMessage);
  }

  private static String cell(Found found, String contender, Figure figure) {
    double median = found.median(contender, figure);
    return Double.isNaN(median)
        ? "-"
        : String.format(
            Locale.ROOT, "%s ±%.0f %%", number(median), 100 * found.spread(contender, figure));
  }

  private static String number(double value) {
    String format = value < 0.1 ? "%.4f" : value < 100 ? "%.2f" : "%,.0f";
    return String.format(Locale.ROOT, format, value);
  }
}

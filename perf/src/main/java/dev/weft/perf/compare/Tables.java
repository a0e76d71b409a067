package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.List;
import java.util.Locale;

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
      table(text, found, results.baseline());
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

  private static void table(StringBuilder text, Found found, String baseline) {
    boolean paced = found.load().contains("open loop");
    List<Figure> figures =
        paced
            ? List.of(Figure.P50, Figure.P99, Figure.MAX)
            : List.of(
                Figure.CPU, Figure.USER, Figure.SLEEPS, Figure.THROUGHPUT, Figure.P50, Figure.P99);
    List<Figure> compared = paced ? List.of(Figure.P99) : List.of(Figure.CPU, Figure.P99);
    text.append("\n### ").append(found.question()).append("\n\n");
    text.append(found.scenario()).append(": ").append(found.load()).append("\n\n");
    text.append(String.format("| %-16s |", ""));
    Figure before = paced ? Figure.MAX : Figure.SLEEPS; // the column of system calls
    for (Figure figure : figures) {
      text.append(String.format(" %16s |", figure.title));
      if (figure == before) {
        text.append(String.format(" %16s |", "syscalls/msg"));
      }
    }
    compared.forEach(figure -> text.append(String.format(" %-28s |", figure + " / " + baseline)));
    text.append("\n|---|").append("---:|".repeat(figures.size() + 1));
    text.append("---|".repeat(compared.size())).append('\n');
    for (String contender : found.rounds().keySet()) {
      text.append(String.format("| %-16s |", contender));
      for (Figure figure : figures) {
        text.append(String.format(" %16s |", cell(found, contender, figure)));
        if (figure == before) {
          text.append(String.format(" %16s |", syscalls(found, contender)));
        }
      }
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

package dev.weft.perf.report;

import dev.weft.perf.Json;
import dev.weft.perf.compare.Results;
import dev.weft.perf.compare.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The table of figures in the README. It is made from the files that the README names in a comment
 * above it, and a test sees to it that it stays so:
 *
 * <pre>{@code
 * <!-- figures: perf/results/claims-20261123T010203Z.json perf/results/await-....json -->
 * ...
 * <!-- end of figures -->
 * }</pre>
 */
final class ReadmeTable {
  private static final Pattern PLACE =
      Pattern.compile("(<!-- figures: ([^>]+) -->\n).*?(<!-- end of figures -->)", Pattern.DOTALL);

  private static final Pattern SPACES = Pattern.compile("\\s+");

  private static final List<String> COLUMNS =
      List.of("Tokio", "Node", "Netty", "virtual threads", "stock EA Async");

  private static final List<String> SERVERS =
      List.of("tokio", "node", "netty-epoll", "virtual-threads");

  private ReadmeTable() {}

  /** Writes the table of the README anew. */
  public static void main(String[] args) throws IOException {
    Path readme = Path.of(args[0]);
    Files.writeString(readme, withTable(Files.readString(readme), readme));
    System.out.println("perf/run: the table in " + readme.normalize() + " is up to date");
  }

  /**
   * A README with the table as it has to be.
   *
   * @throws IOException if it names a file that is not there, or none
   */
  static String withTable(String text, Path readme) throws IOException {
    Matcher place = PLACE.matcher(text);
    if (!place.find()) {
      throw new IOException(readme + " has no <!-- figures: ... --> with <!-- end of figures -->");
    }
    Results results = null;
    List<Path> jmh = new ArrayList<>();
    for (String name : SPACES.splitAsStream(place.group(2).strip()).toList()) {
      Path file = readme.resolveSibling(name);
      if (Files.readString(file).startsWith("[")) {
        jmh.add(file);
      } else {
        results = Json.read(Files.readString(file), Results.class);
      }
    }
    if (results == null) {
      throw new IOException(readme + " names no file with a comparison of servers");
    }
    return place.replaceFirst(
        Matcher.quoteReplacement(place.group(1) + table(results, Jmh.read(jmh)) + place.group(3)));
  }

  private static String table(Results results, List<Jmh.Score> jmh) {
    StringBuilder text = new StringBuilder("| Weft's figure over that of |");
    COLUMNS.forEach(column -> text.append(' ').append(column).append(" |"));
    text.append("\n|---|").append("---|".repeat(COLUMNS.size())).append('\n');
    for (Summary.Row row : Summary.of(results, "weft-epoll", SERVERS)) {
      text.append("| ").append(row.title()).append(" |");
      row.cells().forEach(cell -> text.append(' ').append(cell).append(" |"));
      text.append(" |\n");
    }
    Scores scores = new Scores(jmh);
    scores.row(text, "two tasks wake each other, time", "TaskSwitch.weft", "TaskSwitch");
    scores.row(text, "an await that suspends, time", "SuspendResume.weft", "SuspendResume");
    scores.row(
        text,
        "ten awaits that suspend, one in the other, time",
        "CallChain.weftSuspended",
        "CallChain");
    scores.row(text, "a task starts a task, time", "SpawnManyLocal.weft", "SpawnManyLocal");
    scores.row(text, "a sleep, bytes of heap", "Memory.weftSleep", "Memory");
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
        "medians of interleaved rounds, and *same* where the difference is within the noise. The rest:"
            + " JMH on JDK ");
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
    void row(StringBuilder text, String title, String weft, String type) {
      double own = of(weft);
      if (Double.isNaN(own)) {
        return;
      }
      String suffix = weft.substring((type + ".weft").length());
      text.append("| ").append(title).append(" | | | |");
      text.append(cell(own, of(type + ".virtualThread" + suffix)));
      text.append(cell(own, of(type + ".eaAsync" + suffix))).append('\n');
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

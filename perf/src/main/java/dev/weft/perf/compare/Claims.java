package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What articles about Tokio and Node say of the two models, held against a run. The outcome follows
 * from the figures by the rule that stands with each claim; nobody decides it by hand.
 *
 * <p>Longer than others because it is a table, an entry for each claim.
 */
public final class Claims {
  private static final String TOKIO = "tokio";
  private static final String NODE = "node";
  private static final String WEFT = "weft-epoll";
  private static final String WEFT_NODE = "weft-node";

  /** More than this many times is "of another order", for latencies. */
  private static final double ANOTHER_ORDER = 10;

  /** Up to this ratio, servers are alike. */
  private static final double ALIKE = 1.1;

  /** What has become of a claim. */
  public enum Outcome {
    HOLDS("holds"),
    FAILS("does not hold"),
    DEPENDS("depends"),
    UNDECIDED("within the noise"),
    UNKNOWN("not measured");

    private final String words;

    Outcome(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * One claim.
   *
   * @param statement as the articles have it
   * @param experiment what was measured, and the rule
   * @param outcome of Tokio and Node
   * @param figures of Tokio and Node
   * @param weftOutcome of Weft's two executors
   * @param weftFigures of Weft's two executors
   */
  public record Claim(
      String statement,
      String experiment,
      String outcome,
      String figures,
      String weftOutcome,
      String weftFigures) {}

  /** An outcome and the figures that it follows from. */
  private record Finding(Outcome outcome, String figures) {
    static final Finding NONE = new Finding(Outcome.UNKNOWN, "");

    static final Finding ONE_ROUND =
        new Finding(Outcome.UNKNOWN, "one round says nothing about its noise");

    static final Finding GENERATOR =
        new Finding(Outcome.UNDECIDED, "the load generator was the limit, and not the server");
  }

  /**
   * One server's figures in two scenarios, over each other: from the smallest over the largest to
   * the largest over the smallest, as their rounds were not measured in pairs.
   */
  private record Range(double low, double high) {
    static Range of(Found over, Found under, String server, Figure figure) {
      List<Double> above = over.figures(server, figure);
      List<Double> below = under.figures(server, figure);
      return new Range(
          Collections.min(above) / Collections.max(below),
          Collections.max(above) / Collections.min(below));
    }
  }

  /** Looks at two servers: one that runs tasks on several threads, and an event loop. */
  private interface Experiment {
    Finding look(String multi, String loop);
  }

  private final Results results;
  private final boolean onlyOnce;
  private final List<Claim> claims = new ArrayList<>();

  private Claims(Results results, Found compute) {
    this.results = results;
    this.onlyOnce = compute.rounds().values().stream().anyMatch(rounds -> rounds.size() < 2);
  }

  /** All claims, in the order of the page; empty if the run has measured none of them. */
  public static List<Claim> of(Results results) {
    Found compute = results.found("compute");
    if (compute == null) {
      return List.of();
    }
    Claims claims = new Claims(results, compute);
    claims.add();
    return claims.claims;
  }

  /** The claims as a table of Markdown; empty if there are none. */
  public static String table(Results results) {
    List<Claim> claims = of(results);
    if (claims.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append("| claim; experiment and rule | Tokio and Node | Weft's two executors |\n");
    text.append("|---|---|---|\n");
    for (Claim claim : claims) {
      text.append("| *")
          .append(claim.statement)
          .append(".* ")
          .append(claim.experiment)
          .append(cell(claim.outcome, claim.figures))
          .append(cell(claim.weftOutcome, claim.weftFigures))
          .append(" |\n");
    }
    return text.toString();
  }

  private static String cell(String outcome, String figures) {
    return " | **" + outcome + "**" + (figures.isEmpty() ? "" : "; " + figures);
  }

  private void add() {
    claim(
        "Work stealing spreads tasks that compute over the cores",
        "compute: 8 connections, each request burns 1 ms. Holds if the multi-threaded server answers"
            + " more than 1.5 times as many as the event loop.",
        this::spreads);
    claim(
        "One callback that computes halts a single-threaded loop",
        "mixed-inline: one connection burns 100 ms at a time, 63 others have a message due every"
            + " 10 ms. Holds if their 99th percentile is more than 10 times that without the burner"
            + " (mixed-idle).",
        (multi, loop) -> halts(loop));
    claim(
        "A multi-threaded runtime goes on meanwhile",
        "The same load, on the multi-threaded server. Holds if its 99th percentile is less than 10"
            + " times that without the burner.",
        (multi, loop) -> not(halts(multi)));
    claim(
        "On I/O-bound work both are equal",
        "echo-64x64: messages per second. Holds if the interval of the ratio lies within 10 % of 1.",
        (multi, loop) -> equal("echo-64x64", multi, loop));
    claim(
        "Simple tasks cost an event loop less",
        "echo-64x64: CPU time per message. Holds if the event loop's is less, beyond the noise.",
        (multi, loop) -> less("echo-64x64", Figure.CPU, loop, multi, "us"));
    claim(
        "A multi-threaded runtime scales better under extreme load",
        "echo-10000x64: 10,000 connections in a closed loop. Holds if the multi-threaded server"
            + " answers more, and its 99th percentile is smaller; depends if only one of the two.",
        this::scales);
    claim(
        "spawn_blocking and worker_threads restore latency",
        "mixed-elsewhere: the burner's work on another thread, in the server's own idiom. Holds if"
            + " the others' 99th percentile falls below a fifth in those that were stalled; depends if"
            + " none was.",
        this::restores);
    claim(
        "But the hand-off costs something",
        "hand-off against inline: the same small request through another thread. Holds if CPU time"
            + " per message is greater, beyond the noise.",
        this::handsOff);
    claim(
        "A task per connection needs less memory than callbacks",
        "idle-5050 and idle-50: resident memory, after a closed loop over all of them, divided by the"
            + " 5,000 connections between. Tokio's server keeps a buffer of 16 KiB for each, as its"
            + " own example does. Holds if the multi-threaded server's is less, beyond the spread.",
        this::memory);
    claims.add(traces());
  }

  private void claim(String statement, String experiment, Experiment look) {
    Finding others = onlyOnce ? Finding.ONE_ROUND : look.look(TOKIO, NODE);
    Finding own = onlyOnce ? Finding.ONE_ROUND : look.look(WEFT, WEFT_NODE);
    claims.add(
        new Claim(
            statement,
            experiment,
            others.outcome.toString(),
            others.figures,
            own.outcome.toString(),
            own.figures));
  }

  // ---- the experiments

  private Finding spreads(String multi, String loop) {
    Found found = both("compute", multi, loop);
    if (found == null) {
      return Finding.NONE;
    }
    Ratio ratio = found.ratio(multi, loop, Figure.THROUGHPUT);
    return new Finding(
        ratio.low() > 1.5 ? Outcome.HOLDS : ratio.high() < 1.5 ? Outcome.FAILS : Outcome.UNDECIDED,
        words(found, multi, Figure.THROUGHPUT, "/s")
            + ", "
            + words(found, loop, Figure.THROUGHPUT, "/s")
            + ": "
            + ratio);
  }

  private Finding halts(String server) {
    Found stalled = both("mixed-inline", server, server);
    Found idle = both("mixed-idle", server, server);
    if (stalled == null || idle == null) {
      return Finding.NONE;
    }
    double with = stalled.median(server, Figure.P99);
    double without = idle.median(server, Figure.P99);
    Range both = Range.of(stalled, idle, server, Figure.P99);
    return new Finding(
        both.low > ANOTHER_ORDER
            ? Outcome.HOLDS
            : both.high < ANOTHER_ORDER ? Outcome.FAILS : Outcome.UNDECIDED,
        String.format(
            Locale.ROOT,
            "%s: p99 %s, without the burner %s",
            title(server),
            time(with),
            time(without)));
  }

  private static Finding not(Finding finding) {
    return switch (finding.outcome) {
      case HOLDS -> new Finding(Outcome.FAILS, finding.figures);
      case FAILS -> new Finding(Outcome.HOLDS, finding.figures);
      default -> finding;
    };
  }

  private Finding equal(String scenario, String multi, String loop) {
    Found found = both(scenario, multi, loop);
    if (found == null) {
      return Finding.NONE;
    }
    if (found.isGeneratorTheLimit(multi) || found.isGeneratorTheLimit(loop)) {
      return Finding.GENERATOR;
    }
    Ratio ratio = found.ratio(loop, multi, Figure.THROUGHPUT);
    boolean close = ratio.low() > 1 / ALIKE && ratio.high() < ALIKE;
    return new Finding(
        ratio.isDifferent() ? Outcome.FAILS : close ? Outcome.HOLDS : Outcome.UNDECIDED,
        words(found, loop, Figure.THROUGHPUT, "/s")
            + ", "
            + words(found, multi, Figure.THROUGHPUT, "/s")
            + ": "
            + ratio);
  }

  private Finding less(String scenario, Figure figure, String server, String than, String unit) {
    Found found = both(scenario, server, than);
    if (found == null) {
      return Finding.NONE;
    }
    Ratio ratio = found.ratio(server, than, figure);
    return new Finding(
        Double.isNaN(ratio.median())
            ? Outcome.UNKNOWN
            : !ratio.isDifferent()
                ? Outcome.UNDECIDED
                : ratio.median() < 1 ? Outcome.HOLDS : Outcome.FAILS,
        words(found, server, figure, " " + unit)
            + ", "
            + words(found, than, figure, " " + unit)
            + ": "
            + ratio);
  }

  private Finding scales(String multi, String loop) {
    Found found = both("echo-10000x64", multi, loop);
    if (found == null) {
      return Finding.NONE;
    }
    if (found.isGeneratorTheLimit(multi) || found.isGeneratorTheLimit(loop)) {
      return Finding.GENERATOR;
    }
    Ratio more = found.ratio(multi, loop, Figure.THROUGHPUT);
    Ratio sooner = found.ratio(multi, loop, Figure.P99);
    boolean answersMore = more.isDifferent() && more.median() > 1;
    boolean answersSooner = sooner.isDifferent() && sooner.median() < 1;
    boolean undecided = !more.isDifferent() && !sooner.isDifferent();
    Outcome outcome =
        answersMore && answersSooner
            ? Outcome.HOLDS
            : answersMore || answersSooner
                ? Outcome.DEPENDS
                : undecided ? Outcome.UNDECIDED : Outcome.FAILS;
    return new Finding(
        outcome,
        words(found, multi, Figure.THROUGHPUT, "/s")
            + ", "
            + words(found, loop, Figure.THROUGHPUT, "/s")
            + ": "
            + more
            + "; p99 "
            + sooner);
  }

  private Finding restores(String multi, String loop) {
    List<String> figures = new ArrayList<>();
    int stalled = 0;
    int restored = 0;
    for (String server : List.of(multi, loop)) {
      Found inline = both("mixed-inline", server, server);
      Found elsewhere = both("mixed-elsewhere", server, server);
      Outcome halts = halts(server).outcome;
      if (inline == null || elsewhere == null || halts == Outcome.UNKNOWN) {
        return Finding.NONE;
      }
      if (halts == Outcome.HOLDS) {
        stalled++;
        restored += Range.of(elsewhere, inline, server, Figure.P99).high < 1.0 / 5 ? 1 : 0;
      }
      figures.add(
          String.format(
              Locale.ROOT,
              "%s: p99 %s, inline %s",
              title(server),
              time(elsewhere.median(server, Figure.P99)),
              time(inline.median(server, Figure.P99))));
    }
    return new Finding(
        stalled == 0 ? Outcome.DEPENDS : restored == stalled ? Outcome.HOLDS : Outcome.FAILS,
        String.join("; ", figures));
  }

  private Finding handsOff(String multi, String loop) {
    List<String> figures = new ArrayList<>();
    boolean dearer = true;
    boolean decided = true;
    for (String server : List.of(multi, loop)) {
      Found inline = both("inline", server, server);
      Found handedOff = both("hand-off", server, server);
      if (inline == null || handedOff == null) {
        return Finding.NONE;
      }
      Range ratio = Range.of(handedOff, inline, server, Figure.CPU);
      if (Double.isNaN(ratio.low)) {
        return Finding.NONE;
      }
      dearer &= ratio.low > 1;
      decided &= ratio.low > 1 || ratio.high < 1;
      figures.add(
          String.format(
              Locale.ROOT,
              "%s: %.1f us CPU, inline %.1f; median latency %s, inline %s",
              title(server),
              handedOff.median(server, Figure.CPU),
              inline.median(server, Figure.CPU),
              time(handedOff.median(server, Figure.P50)),
              time(inline.median(server, Figure.P50))));
    }
    return new Finding(
        dearer ? Outcome.HOLDS : decided ? Outcome.FAILS : Outcome.UNDECIDED,
        String.join("; ", figures));
  }

  private Finding memory(String multi, String loop) {
    double ofMulti = kilobytesPerConnection(results, multi);
    double ofLoop = kilobytesPerConnection(results, loop);
    if (Double.isNaN(ofMulti) || Double.isNaN(ofLoop)) {
      return Finding.NONE;
    }
    double noise = noiseOfKilobytes(multi) + noiseOfKilobytes(loop);
    return new Finding(
        Math.abs(ofMulti - ofLoop) <= noise
            ? Outcome.UNDECIDED
            : ofMulti < ofLoop ? Outcome.HOLDS : Outcome.FAILS,
        String.format(
            Locale.ROOT, "%s %.1f KB, %s %.1f KB", title(multi), ofMulti, title(loop), ofLoop));
  }

  /** Half the distance from the smallest round to the largest. */
  private double noiseOfKilobytes(String server) {
    double noise = 0;
    for (String scenario : List.of("idle-50", "idle-5050")) {
      Found found = results.found(scenario);
      if (found != null) {
        noise += found.spread(server, Figure.MEMORY) * found.median(server, Figure.MEMORY);
      }
    }
    return noise * 1e3 / 5000;
  }

  /** What an idle connection adds to a server's memory; not a number if it was not measured. */
  static double kilobytesPerConnection(Results results, String server) {
    Found few = results.found("idle-50");
    Found many = results.found("idle-5050");
    if (few == null || many == null || !many.rounds().containsKey(server)) {
      return Double.NaN;
    }
    return (many.median(server, Figure.MEMORY) - few.median(server, Figure.MEMORY)) * 1e3 / 5000;
  }

  private Claim traces() {
    List<StackTraces.Seen> traces = results.traces() == null ? List.of() : results.traces();
    return new Claim(
        "A stack trace shows who awaits whom",
        "outer awaits middle, which awaits inner, which suspends, is resumed, and fails (Rust: captures"
            + " a backtrace, in a build with line tables). Holds if the trace names all three.",
        outcome(traces, "Tokio", "Node"),
        figures(traces, "Tokio", "Node", "Virtual threads"),
        outcome(traces, "Weft, epoll"),
        figures(traces, "Weft, epoll"));
  }

  private static String outcome(List<StackTraces.Seen> traces, String... programs) {
    List<StackTraces.Seen> asked = of(traces, programs);
    if (asked.size() < programs.length) {
      return Outcome.UNKNOWN.toString();
    }
    long whole = asked.stream().filter(StackTraces.Seen::isWhole).count();
    Outcome outcome =
        whole == asked.size() ? Outcome.HOLDS : whole == 0 ? Outcome.FAILS : Outcome.DEPENDS;
    return outcome.toString();
  }

  private static String figures(List<StackTraces.Seen> traces, String... programs) {
    return of(traces, programs).stream()
        .map(seen -> seen.program() + ": " + String.join(", ", seen.functions()))
        .collect(Collectors.joining("; "));
  }

  private static List<StackTraces.Seen> of(List<StackTraces.Seen> traces, String... programs) {
    return traces.stream().filter(seen -> List.of(programs).contains(seen.program())).toList();
  }

  // ---- words

  private @Nullable Found both(String scenario, String one, String other) {
    Found found = results.found(scenario);
    return found != null && found.rounds().containsKey(one) && found.rounds().containsKey(other)
        ? found
        : null;
  }

  private String title(String server) {
    return results.contenders().getOrDefault(server, server);
  }

  private String words(Found found, String server, Figure figure, String unit) {
    double value = found.median(server, figure);
    return title(server)
        + " "
        + String.format(Locale.ROOT, value < 100 ? "%.2f" : "%,.0f", value)
        + unit;
  }

  private static String time(double micros) {
    return micros < 1000
        ? String.format(Locale.ROOT, "%.0f us", micros)
        : String.format(Locale.ROOT, "%.1f ms", micros / 1000);
  }
}

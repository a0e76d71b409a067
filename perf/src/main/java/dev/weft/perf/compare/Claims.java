package dev.weft.perf.compare;

import dev.weft.perf.compare.Results.Figure;
import dev.weft.perf.compare.Results.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What articles about Tokio and Node say of the two models, held against a run. The outcome follows
 * from the figures by the rule that stands with each claim; nobody decides it by hand. What the
 * figures say is looked up by {@link Experiments}.
 */
public final class Claims {
  private static final String TOKIO = "tokio";
  private static final String NODE = "node";
  private static final String WEFT = "weft-epoll";
  private static final String WEFT_NODE = "weft-node";

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

  /** Looks at two servers: one that runs tasks on several threads, and an event loop. */
  private interface Experiment {
    Finding look(String multi, String loop);
  }

  private final Results results;
  private final Experiments experiments;
  private final boolean onlyOnce;
  private final List<Claim> claims = new ArrayList<>();

  private Claims(Results results, Found compute) {
    this.results = results;
    this.experiments = new Experiments(results);
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
        experiments::spreads);
    claim(
        "One callback that computes halts a single-threaded loop",
        "mixed-inline: one connection burns 100 ms at a time, 63 others have a message due every"
            + " 10 ms. Holds if their 99th percentile is more than 10 times that without the burner"
            + " (mixed-idle).",
        (multi, loop) -> experiments.halts(loop));
    claim(
        "A multi-threaded runtime goes on meanwhile",
        "The same load, on the multi-threaded server. Holds if its 99th percentile is less than 10"
            + " times that without the burner.",
        (multi, loop) -> experiments.halts(multi).not());
    claim(
        "On I/O-bound work both are equal",
        "echo-64x64: messages per second. Holds if the interval of the ratio lies within 5 % of 1.",
        (multi, loop) -> experiments.equal("echo-64x64", multi, loop));
    claim(
        "Simple tasks cost an event loop less",
        "echo-64x64: CPU time per message. Holds if the event loop's is less, beyond the noise.",
        (multi, loop) -> experiments.less("echo-64x64", Figure.CPU, loop, multi, "us"));
    claim(
        "A multi-threaded runtime scales better under extreme load",
        "echo-10000x64: 10,000 connections in a closed loop. Holds if the multi-threaded server"
            + " answers more, and its 99th percentile is smaller; depends if only one of the two.",
        experiments::scales);
    claim(
        "spawn_blocking and worker_threads restore latency",
        "mixed-elsewhere: the burner's work on another thread, in the server's own idiom. Holds if"
            + " the others' 99th percentile falls below a fifth in those that were stalled; depends if"
            + " none was.",
        experiments::restores);
    claim(
        "But the hand-off costs something",
        "hand-off against inline: the same small request through another thread. Holds if CPU time"
            + " per message is greater, beyond the noise.",
        experiments::handsOff);
    claim(
        "A task per connection needs less memory than callbacks",
        "idle-5050 and idle-50: resident memory, after a closed loop over all of them, divided by the"
            + " 5,000 connections between. Tokio's server keeps a buffer of 16 KiB for each, as its"
            + " own example does. Holds if the multi-threaded server's is less, beyond the spread.",
        experiments::memory);
    claims.add(traces());
  }

  private void claim(String statement, String experiment, Experiment look) {
    Finding others = onlyOnce ? Finding.ONE_ROUND : look.look(TOKIO, NODE);
    Finding own = onlyOnce ? Finding.ONE_ROUND : look.look(WEFT, WEFT_NODE);
    claims.add(
        new Claim(
            statement,
            experiment,
            others.outcome().toString(),
            others.figures(),
            own.outcome().toString(),
            own.figures()));
  }

  // ---- the stack traces, which are no figures

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
}

package dev.weft.perf.compare;

import dev.weft.perf.load.LoadResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that a run has found, as it is kept in {@code perf/results}.
 *
 * @param command how to run it again
 * @param machine where it was run
 * @param baseline whom ratios refer to
 * @param contenders those that ran, by name, with what they are
 * @param skipped those that did not, with the reason
 * @param scenarios what was found
 * @param traces what stack traces show, if that was asked for
 */
public record Results(
    String command,
    Machine machine,
    String baseline,
    Map<String, String> contenders,
    Map<String, String> skipped,
    List<Found> scenarios,
    @Nullable List<StackTraces.Seen> traces) {

  /** What one scenario has shown; null if it was not run. */
  @Nullable Found found(String scenario) {
    return scenarios.stream()
        .filter(found -> found.scenario().equals(scenario))
        .findFirst()
        .orElse(null);
  }

  /** Ratios to the baseline in words, by scenario, contender and figure with a space between. */
  public Map<String, String> ratios() {
    Map<String, String> ratios = new LinkedHashMap<>();
    for (Found found : scenarios) {
      for (String contender : found.rounds().keySet()) {
        if (!contender.equals(baseline) && found.rounds().containsKey(baseline)) {
          for (Figure figure : Figure.values()) {
            String key = found.scenario() + " " + contender + " " + figure;
            ratios.put(key, found.ratio(contender, baseline, figure).toString());
          }
        }
      }
    }
    return ratios;
  }

  /**
   * What one scenario has shown.
   *
   * @param scenario its name
   * @param question what it answers
   * @param load the load, in words
   * @param rounds by contender, the result of each round
   * @param syscalls system calls; null if they were not counted, and in results of before
   */
  public record Found(
      String scenario,
      String question,
      String load,
      Map<String, List<LoadResult>> rounds,
      @Nullable Syscalls syscalls) {

    /** Without system calls. */
    public Found(
        String scenario, String question, String load, Map<String, List<LoadResult>> rounds) {
      this(scenario, question, load, rounds, null);
    }

    /** With these system calls. */
    Found with(Syscalls counted) {
      return new Found(scenario, question, load, rounds, counted);
    }

    /** System calls for a message; not a number if they were not counted. */
    double syscalls(String contender) {
      return syscalls == null
          ? Double.NaN
          : syscalls.perMessage().getOrDefault(contender, Double.NaN);
    }

    List<Double> figures(String contender, Figure figure) {
      return rounds.getOrDefault(contender, List.of()).stream().map(figure::of).toList();
    }

    double median(String contender, Figure figure) {
      return Ratio.median(
          figures(contender, figure).stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Half the distance from the smallest to the largest round, as a share of the median. */
    double spread(String contender, Figure figure) {
      List<Double> figures = figures(contender, figure);
      double least = figures.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN);
      double most = figures.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
      return (most - least) / 2 / median(contender, figure);
    }

    /** Whether the generator had no time left in half of the rounds or more. */
    boolean isGeneratorTheLimit(String contender) {
      List<LoadResult> all = rounds.getOrDefault(contender, List.of());
      return 2 * all.stream().filter(LoadResult::isGeneratorSaturated).count() >= all.size();
    }

    Ratio ratio(String contender, String baseline, Figure figure) {
      return Ratio.of(figures(contender, figure), figures(baseline, figure));
    }
  }

  /** What of a result is compared. */
  public enum Figure {
    /** The server's CPU time per message, in microseconds. */
    CPU("CPU us/msg"),
    /** That of it which is spent in the program and not in the kernel; a guess by sampling. */
    USER("user us/msg"),
    /** How often a thread of the server goes to sleep, per message. */
    SLEEPS("sleeps/msg"),
    /** Messages per second. */
    THROUGHPUT("msg/s"),
    /** The median latency in microseconds. */
    P50("p50 us"),
    /** The 99th percentile in microseconds. */
    P99("p99 us"),
    /** The largest latency in microseconds. */
    MAX("max us"),
    /** Resident memory at the end, in megabytes. */
    MEMORY("RSS MB");

    final String title;

    Figure(String title) {
      this.title = title;
    }

    /** The figure of one result; not a number if the result does not have it. */
    double of(LoadResult result) {
      return switch (this) {
        case CPU -> result.server() == null ? Double.NaN : result.server().cpuMicros();
        case USER -> result.server() == null ? Double.NaN : result.server().userMicros();
        case SLEEPS ->
            result.server() == null || result.server().sleeps() == null
                ? Double.NaN
                : result.server().sleeps();
        case THROUGHPUT -> result.perSecond();
        case P50 -> result.latencies().p50();
        case P99 -> result.latencies().p99();
        case MAX -> result.latencies().max();
        case MEMORY -> result.server() == null ? Double.NaN : result.server().residentBytes() / 1e6;
      };
    }
  }
}

package dev.weft.perf.compare;

import dev.weft.perf.load.LoadGenerator;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import dev.weft.perf.load.ProcessUsage;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Runs a scenario for several contenders, in turn, several times. Each measurement has a process of
 * its own, warmed up anew: where one process is faster than the next of the same program, that is
 * noise, and has to show as such.
 */
final class Rounds {
  /** From the closed loop that has warmed a server up to what is measured. */
  private static final Duration SETTLE = Duration.ofMillis(300);

  private final List<Contender> contenders;
  private final int rounds;
  private final int most;
  private final String baseline;
  private final PrintStream progress;

  /** Just so many rounds. */
  Rounds(List<Contender> contenders, int rounds, PrintStream progress) {
    this(contenders, rounds, rounds, "", progress);
  }

  /**
   * So many rounds, and more where they are too few to tell a difference of 5 % in CPU time per
   * message.
   *
   * @param most the most that there may be
   * @param baseline whom the CPU time is compared with
   */
  Rounds(List<Contender> contenders, int rounds, int most, String baseline, PrintStream progress) {
    this.contenders = contenders;
    this.rounds = rounds;
    this.most = most;
    this.baseline = baseline;
    this.progress = progress;
  }

  /**
   * Runs it. A contender that does not start, or answers wrong, has no further part in it.
   *
   * @param skipped is told of these, by scenario and contender
   */
  Results.Found run(Scenario scenario, Map<String, String> skipped) throws InterruptedException {
    Map<String, List<LoadResult>> found = new LinkedHashMap<>();
    List<Contender> left = new ArrayList<>(contenders);
    for (int round = 1; round <= rounds || (round <= most && isCoarse(scenario, found)); round++) {
      for (Contender contender : contenders) {
        if (!left.contains(contender)) {
          continue;
        }
        progress.printf(
            Locale.ROOT,
            "%-16s %d/%d  %-16s ",
            scenario.name(),
            round,
            Math.max(round, rounds),
            contender.name());
        try {
          LoadResult result = measure(contender, scenario);
          progress.println(line(result));
          if (!result.isRight()) {
            throw new IOException("it answered wrong:\n" + result.text());
          }
          found.computeIfAbsent(contender.name(), name -> new ArrayList<>()).add(result);
        } catch (IOException failed) {
          progress.println("failed: " + failed.getMessage());
          skipped.put(
              scenario.name() + " " + contender.name(), String.valueOf(failed.getMessage()));
          left.remove(contender);
          found.remove(contender.name());
        }
      }
    }
    return new Results.Found(
        scenario.name(), scenario.question(), scenario.plan().toString(), found);
  }

  /** Of a paced load nothing is told in CPU time. */
  private boolean isCoarse(Scenario scenario, Map<String, List<LoadResult>> found) {
    return scenario.plan().rate() == 0 && isCoarse(found, baseline);
  }

  /**
   * Whether one of them has a ratio of CPU time to the baseline that more rounds would sharpen.
   * Those on one processor are not asked: to what runs on all of them they are not compared.
   */
  static boolean isCoarse(Map<String, List<LoadResult>> rounds, String baseline) {
    Results.Found found = new Results.Found("", "", "", rounds);
    return rounds.containsKey(baseline)
        && rounds.keySet().stream()
            .filter(name -> !name.equals(baseline) && !name.endsWith(Contenders.ONE_CPU))
            .anyMatch(name -> found.ratio(name, baseline, Results.Figure.CPU).isCoarse());
  }

  private static LoadResult measure(Contender contender, Scenario scenario)
      throws IOException, InterruptedException {
    try (RunningPeer peer = RunningPeer.start(contender, scenario.frame())) {
      LoadPlan plan = warmedUp(scenario, peer);
      return LoadGenerator.run(plan, ProcessUsage.isAvailable() ? peer.pid() : 0);
    }
  }

  /**
   * The load as it is to be run against a peer that has just started: warmed up, or with its
   * warm-up.
   */
  static LoadPlan warmedUp(Scenario scenario, RunningPeer peer)
      throws IOException, InterruptedException {
    LoadPlan plan = scenario.plan().withPort(peer.port());
    if (plan.rate() == 0) {
      return plan;
    }
    // At a few thousand messages a second no just-in-time compiler gets warm in time.
    LoadGenerator.run(
        plan.withRate(0)
            .withRequests(plan.work(), 0, plan.burn())
            .withTimes(Duration.ZERO, plan.warmup()),
        0);
    return plan.withTimes(SETTLE, plan.duration());
  }

  private static String line(LoadResult result) {
    double cpu = Results.Figure.CPU.of(result);
    return String.format(
        Locale.ROOT,
        "%9.0f msg/s  %6.2f us CPU  p50 %8.0f  p99 %8.0f  max %8.0f us",
        result.perSecond(),
        cpu,
        result.latencies().p50(),
        result.latencies().p99(),
        result.latencies().max());
  }
}

package dev.weft.perf.compare;

import dev.weft.perf.load.LoadGenerator;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How many system calls a server makes for a message: one measurement more of each, behind the
 * rounds, as the one who counts may slow the server, with strace several times. Both are rates of
 * one span of time, calls per second over messages per second.
 *
 * <p>It does not show what a server would do at full speed if strace slows it: who is slower finds
 * more to do each time that it looks, and so makes fewer calls for each message; or it goes to
 * sleep less often.
 */
final class SyscallPass {
  /** What is skipped if there is no tool. */
  static final String SKIPPED = "system calls";

  /** What is counted by a tool that has taken most of the time to attach, is chance. */
  private static final double LEAST_SECONDS = 0.3;

  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration MOST = Duration.ofSeconds(3);

  /**
   * On which a tool is tried: it does nothing but system calls, and ends by itself after seconds.
   */
  private static final List<String> MANY_CALLS =
      List.of("dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=20000000");

  private static final long TRIAL_MILLIS = 50;

  private final SyscallTool tool;

  private SyscallPass(SyscallTool tool) {
    this.tool = tool;
  }

  /**
   * The pass by the first tool that works here, or nothing.
   *
   * @param skipped is told why there is none
   */
  static @Nullable SyscallPass find(Map<String, String> skipped) throws InterruptedException {
    List<String> reasons = new ArrayList<>();
    for (SyscallTool tool : SyscallTool.values()) {
      try {
        tryOut(tool);
        return new SyscallPass(tool);
      } catch (IOException failed) {
        reasons.add(String.valueOf(failed.getMessage()));
      }
    }
    skipped.put(SKIPPED, String.join("; ", new LinkedHashSet<>(reasons)));
    return null;
  }

  private static void tryOut(SyscallTool tool) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(MANY_CALLS)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (SyscallCounter counter = new SyscallCounter(tool, process.pid())) {
      counter.begins();
      TimeUnit.MILLISECONDS.sleep(TRIAL_MILLIS);
      counter.ends();
      if (counter.perSecond() == 0) {
        throw new IOException(tool + " has counted no call of a process that makes many");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Counts for each of these; one that fails is left out.
   *
   * @param skipped is told of these, by scenario and contender
   */
  Syscalls run(
      Scenario scenario,
      List<Contender> contenders,
      PrintStream progress,
      Map<String, String> skipped)
      throws InterruptedException {
    Map<String, Double> perMessage = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      progress.printf(Locale.ROOT, "%-16s %-4s %-16s ", scenario.name(), "sys", contender.name());
      try {
        double calls = count(contender, scenario);
        progress.printf(Locale.ROOT, "%9.4f system calls per message, by %s%n", calls, tool);
        perMessage.put(contender.name(), calls);
      } catch (IOException failed) {
        progress.println("failed: " + failed.getMessage());
        skipped.put(
            scenario.name() + " " + contender.name() + " system calls",
            String.valueOf(failed.getMessage()));
      }
    }
    return new Syscalls(tool.toString(), perMessage);
  }

  private double count(Contender contender, Scenario scenario)
      throws IOException, InterruptedException {
    LoadPlan plan = scenario.plan();
    Scenario timed = scenario.withTimes(plan.warmup(), within(plan.duration()));
    try (RunningPeer peer = RunningPeer.start(contender, scenario.frame());
        SyscallCounter counter = new SyscallCounter(tool, peer.pid())) {
      LoadResult result = LoadGenerator.run(Rounds.warmedUp(timed, peer), counter);
      if (!result.isRight()) {
        throw new IOException(
            "it answered wrong, or under " + tool + " too late:\n" + result.text());
      }
      return perMessage(counter.perSecond(), result);
    }
  }

  /** Calls for each message, of what was measured while they were counted. */
  static double perMessage(double callsPerSecond, LoadResult result) throws IOException {
    if (result.messages() == 0 || result.seconds() < LEAST_SECONDS) {
      throw new IOException("too little was measured, and --duration longer would help");
    }
    return callsPerSecond / result.perSecond();
  }

  private static Duration within(Duration duration) {
    return duration.compareTo(LEAST) < 0 ? LEAST : duration.compareTo(MOST) > 0 ? MOST : duration;
  }
}

package dev.weft.perf.load;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run has shown. Of the connections that do not burn, where nothing else is said.
 *
 * @param plan what was done
 * @param seconds how long was measured
 * @param messages whole replies in that time
 * @param perSecond replies per second
 * @param latencies from when a message was sent (closed loop) or due (open loop) to its whole reply
 * @param burns the same for the burners; null if there were none
 * @param server what the server used in the time that was measured; null if it is not known
 * @param busiest the CPU time of the generator's busiest thread, as a share of the time measured
 * @param lateness open loop: how late the generator itself was with its messages
 * @param timelineMicros the worst latency of the messages sent, or due, in each 10 ms
 * @param lost messages that got no whole reply
 * @param failures what went wrong, in words; empty if nothing did
 */
public record LoadResult(
    LoadPlan plan,
    double seconds,
    long messages,
    double perSecond,
    Latencies latencies,
    @Nullable Latencies burns,
    @Nullable ServerCost server,
    double busiest,
    @Nullable Latencies lateness,
    long[] timelineMicros,
    long lost,
    List<String> failures) {

  /** A thread that computes this share of the time is probably what limits the throughput. */
  static final double SATURATED = 0.95;

  private static final int FAILURES_TOLD = 5;

  /**
   * What a server has used.
   *
   * @param userMicros CPU time per message, in the program
   * @param systemMicros CPU time per message, in the kernel
   * @param cpuMicros both
   * @param sleeps how often a thread went to sleep, per message; null in results of before
   * @param preemptions how often one had to leave its processor, per message; null likewise
   * @param cores CPU time per time
   * @param residentBytes its memory at the end
   * @param peakBytes the most it ever had
   */
  public record ServerCost(
      double userMicros,
      double systemMicros,
      double cpuMicros,
      @Nullable Double sleeps,
      @Nullable Double preemptions,
      double cores,
      long residentBytes,
      long peakBytes) {

    static ServerCost of(ProcessUsage usage, long messages, double seconds) {
      double scale = 1e-3 / Math.max(1, messages);
      return new ServerCost(
          usage.userNanos() * scale,
          usage.systemNanos() * scale,
          usage.cpuNanos() * scale,
          (double) usage.sleeps() / Math.max(1, messages),
          (double) usage.preemptions() / Math.max(1, messages),
          usage.cpuNanos() / 1e9 / seconds,
          usage.residentBytes(),
          usage.peakBytes());
    }
  }

  /** Whether every byte came back, and right. */
  public boolean isRight() {
    return failures.isEmpty() && lost == 0;
  }

  /** Whether the generator had no time left, so that the server could have done more. */
  public boolean isGeneratorSaturated() {
    return busiest > SATURATED;
  }

  /** For people, in several lines. */
  public String text() {
    StringBuilder text = new StringBuilder(plan.toString()).append('\n');
    line(
        text,
        "throughput",
        "%,.0f msg/s, %.1f MB/s each way",
        perSecond,
        perSecond * plan.size() / 1e6);
    latencies(text, plan.rate() > 0 ? "latency (due)" : "latency", latencies);
    if (burns != null) {
      latencies(text, "of the burns", burns);
    }
    if (server != null) {
      line(
          text,
          "server CPU",
          "%.2f us per message (user %.2f, system %.2f), %.2f cores",
          server.cpuMicros,
          server.userMicros,
          server.systemMicros,
          server.cores);
      if (server.sleeps != null && server.preemptions != null) {
        line(
            text,
            "server threads",
            "%.4f sleeps and %.4f preemptions per message",
            server.sleeps,
            server.preemptions);
      }
      line(
          text,
          "server memory",
          "%.1f MB (peak %.1f MB)",
          server.residentBytes / 1e6,
          server.peakBytes / 1e6);
    }
    line(
        text,
        "generator",
        "%.0f %% of a core in its busiest thread%s",
        100 * busiest,
        busiest > SATURATED ? ": saturated, the server could do more" : "");
    if (lateness != null) {
      latencies(text, "sent late by", lateness);
    }
    errors(text);
    return text.toString();
  }

  private void errors(StringBuilder text) {
    if (isRight()) {
      line(text, "errors", "none; every byte was checked");
      return;
    }
    line(text, "errors", "%,d messages without a whole reply", lost);
    failures.stream()
        .limit(FAILURES_TOLD)
        .forEach(failure -> text.append("  ").append(failure).append('\n'));
    if (failures.size() > FAILURES_TOLD) {
      line(text, "", "and %,d more", failures.size() - FAILURES_TOLD);
    }
  }

  private static void latencies(StringBuilder text, String name, Latencies latencies) {
    line(
        text,
        name,
        "p50 %s  p90 %s  p99 %s  p99.9 %s  max %s",
        time(latencies.p50()),
        time(latencies.p90()),
        time(latencies.p99()),
        time(latencies.p999()),
        time(latencies.max()));
  }

  private static String time(double micros) {
    return micros < 10_000
        ? String.format(Locale.ROOT, "%.0f us", micros)
        : String.format(Locale.ROOT, "%.1f ms", micros / 1e3);
  }

  private static void line(StringBuilder text, String name, String format, Object... values) {
    text.append(String.format(Locale.ROOT, "%-14s ", name))
        .append(String.format(Locale.ROOT, format, values))
        .append('\n');
  }
}

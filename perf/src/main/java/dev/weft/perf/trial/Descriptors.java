package dev.weft.perf.trial;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** More clients than the server may have descriptors. */
@Command(
    name = "descriptors",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "A server under  ulimit -n 200,  and 1000 clients that each want an echo and then stay. Half"
          + " of them leave; then whoever has been served leaves, until nobody is there; then one"
          + " comes anew.",
      ""
    },
    footer = {
      "",
      "Holds: as many are served at once as there are descriptors, but for those that the server"
          + " has open without clients and 8 more; meanwhile it uses less than 2 %% of a processor"
          + " and prints at most a line a second; everybody is served as others leave."
    })
final class Descriptors extends Trial {
  private static final int BYTES = 100;
  private static final Duration WATCH = Duration.ofSeconds(5);
  private static final double CPU_PERCENT = 2;

  /** What the server may keep for itself: to refuse with, and what the JVM opens as it goes. */
  private static final int RESERVE = 8;

  /** Nobody is served for so long, then nobody will be: longer than a pause between two accepts. */
  private static final Duration QUIET = Duration.ofSeconds(3);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "200",
      description = "Descriptors that the server may have. Default: ${DEFAULT-VALUE}")
  private int limit;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Default: ${DEFAULT-VALUE}")
  private int clients;

  @Override
  void check() {
    atLeast("--limit", 50, limit);
    atLeast("--clients", 2, clients);
  }

  @Override
  List<String> columns() {
    return List.of(
        "clients",
        "own files",
        "served at once",
        "CPU %",
        "lines/s",
        "of the other half",
        "as others leave",
        "new one",
        "lines",
        "          end");
  }

  @Override
  void run(Kind kind, Report report) throws IOException, InterruptedException {
    try (EchoServerProcess server = server(kind).openFiles(limit).arguments("--quiet").start()) {
      ExactClient.converse(server.address(), 1, BYTES, PATIENCE); // what is opened at first use
      Verdict verdict = new Verdict();
      List<String> cells = new ArrayList<>();
      int own = server.sample().descriptors();
      cells.add(format("%,d", clients));
      cells.add(Integer.toString(own));
      try (Crowd crowd = new Crowd(server.address(), clients)) {
        report.progress(kind, "%,d clients, %d descriptors", clients, limit);
        crowd.watch(QUIET, PATIENCE);
        int atOnce = crowd.served();
        int expected = Math.min(clients, limit - own - RESERVE);
        cells.add(Integer.toString(atOnce));
        verdict.that(atOnce >= expected, "%d served at once, not %d", atOnce, expected);
        addIdleCosts(cells, kind, server, report, verdict);
        addLeaving(cells, kind, crowd, expected, report, verdict);
      }
      cells.add(newcomer(server, verdict));
      String end = end(server, verdict);
      cells.add(format("%,d", server.output().lines()));
      cells.add(end);
      report.row(kind, cells, verdict);
    }
  }

  /** What it costs that others wait. */
  private static void addIdleCosts(
      List<String> cells, Kind kind, EchoServerProcess server, Report report, Verdict verdict)
      throws IOException, InterruptedException {
    report.progress(kind, "its CPU time and output over %d s", WATCH.toSeconds());
    long start = System.nanoTime();
    long lines = server.output().lines();
    ServerSample before = server.sample();
    Thread.sleep(WATCH.toMillis());
    double cpu = server.sample().cpuPercent(before, Duration.ofNanos(System.nanoTime() - start));
    long printed = server.output().lines() - lines;
    cells.add(format("%.1f", cpu));
    cells.add(format("%,.1f", printed / (double) WATCH.toSeconds()));
    verdict.that(cpu < CPU_PERCENT, "%.1f %% CPU, not under %.0f", cpu, CPU_PERCENT);
    // One more than seconds: a line at both ends of the time.
    verdict.that(printed <= WATCH.toSeconds() + 1, "%,d lines in %d s", printed, WATCH.toSeconds());
  }

  private static void addLeaving(
      List<String> cells, Kind kind, Crowd crowd, int capacity, Report report, Verdict verdict)
      throws IOException {
    report.progress(kind, "half of them leave");
    crowd.leave(crowd.present() / 2);
    crowd.watch(QUIET, PATIENCE);
    int there = crowd.present();
    int served = crowd.served();
    cells.add(served + " of " + there);
    verdict.that(served >= Math.min(capacity, there), "%d served of the other %d", served, there);
    report.progress(kind, "who has been served leaves");
    int total = 0;
    for (int left; (left = crowd.servedLeave()) > 0; total += left) {
      crowd.watch(QUIET, PATIENCE);
    }
    cells.add(total + " of " + there);
    verdict.that(
        total == there, "%d never served, %d of them cut off", there - total, crowd.cutOff());
    verdict.that(crowd.wrong() == 0, "%d got bytes that were not theirs", crowd.wrong());
  }

  private static String newcomer(EchoServerProcess server, Verdict verdict) {
    try {
      ExactClient.converse(server.address(), 2, BYTES, PATIENCE);
      return "served";
    } catch (IOException e) {
      verdict.that(false, "a new client: %s", e.getMessage());
      return "not";
    }
  }
}

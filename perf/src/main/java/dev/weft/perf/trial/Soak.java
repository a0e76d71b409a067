package dev.weft.perf.trial;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Minutes of clients that come, go and vanish as they like. */
@Command(
    name = "soak",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "200 clients at a time that come and go: polite, slow, idle, half-closed, reset, vanished in"
          + " the middle of a message. After a warm-up of a fifth of the time, half a minute at"
          + " least, and at the end, all leave, and it is looked at what the server holds.",
      ""
    },
    footer = {
      "",
      "Holds: every byte that came back was right, and no client that behaved was failed; at the"
          + " end as many suspended calls, sockets and descriptors as after the warm-up; threads,"
          + " but for 3 of the JVM's compilers, which come and go; memory (the resident set after a"
          + " full collection) within 10 %% or 16 MiB, whichever is more, as the allocator and the"
          + " compilers go on for a while. No output. Exit code 0 within 5 s.",
      "Calls and sockets are counted in the heap, by the JDK's class histogram."
    })
final class Soak extends Trial {
  private static final Duration SETTLE = Duration.ofSeconds(10);
  private static final int COMPILERS = 3;

  /** Measured: a server that had been warm for 4 s had grown by 17 MiB after 17 s more. */
  private static final double LEAST_WARM_UP_SECONDS = 30;

  private static final double NOISE = 0.10;
  private static final long NOISE_BYTES = 16L << 20;

  @Option(
      names = "--minutes",
      paramLabel = "N",
      defaultValue = "10",
      description = "For each kind of server. Default: ${DEFAULT-VALUE}")
  private double minutes;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "200",
      description = "At a time. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Of what the clients do. Default: another one each time; it is printed")
  private long seed = System.nanoTime();

  @Override
  void check() {
    atLeast("--minutes", 0.1, minutes);
    atLeast("--clients", 1, clients);
  }

  @Override
  List<String> columns() {
    return List.of(
        "  visits",
        "MiB echoed",
        "failed",
        "calls",
        "sockets",
        "descriptors",
        "threads",
        "memory MiB",
        "lines",
        "          end");
  }

  /** What is to be at the end as at the start. */
  private record State(LiveObjects objects, ServerSample sample) {
    static State of(EchoServerProcess server) throws IOException, InterruptedException {
      LiveObjects.of(server); // the first collection has objects enqueued that the second one frees
      LiveObjects objects = LiveObjects.of(server);
      return new State(objects, server.sample());
    }
  }

  @Override
  void run(Kind kind, Report report) throws IOException, InterruptedException {
    try (EchoServerProcess server = server(kind).arguments("--quiet").start()) {
      int listening = server.sample().descriptors();
      Population warmUp = new Population(server.address(), clients, seed);
      double warm = Math.max(60 * minutes / 5, LEAST_WARM_UP_SECONDS);
      report.progress(kind, "warm-up, %.0f s, --seed %d", warm, seed);
      warmUp.live(seconds(warm));
      settle(server, listening);
      State before = State.of(server);
      Population population = new Population(server.address(), clients, ~seed);
      for (int part = 1; part <= 4; part++) {
        report.progress(kind, "part %d of 4, %,d visits so far", part, population.visits());
        population.live(seconds(60 * minutes / 5));
      }
      settle(server, before.sample().descriptors());
      State after = State.of(server);
      Verdict verdict = new Verdict();
      List<String> cells = new ArrayList<>();
      addVisits(cells, warmUp, population, verdict);
      addStates(cells, before, after, verdict);
      String end = end(server, verdict);
      long lines = server.output().lines();
      verdict.that(lines <= 1, "%,d lines of output, not only that it listens", lines);
      cells.add(format("%,d", lines));
      cells.add(end);
      report.row(kind, cells, verdict);
    }
  }

  /** Gives the server time to notice that the last have left. */
  private static void settle(EchoServerProcess server, int descriptors)
      throws IOException, InterruptedException {
    Deadline deadline = Deadline.in(SETTLE);
    while (server.sample().descriptors() > descriptors && !deadline.isOver()) {
      Thread.sleep(50); // between two looks
    }
  }

  private static void addVisits(
      List<String> cells, Population warmUp, Population population, Verdict verdict) {
    cells.add(format("%,d", warmUp.visits() + population.visits()));
    cells.add(mebibytes(warmUp.bytes() + population.bytes()));
    long failures = warmUp.failures() + population.failures();
    cells.add(format("%,d", failures));
    verdict.that(
        failures == 0,
        "%,d clients failed, as %s",
        failures,
        population.failure() == null ? warmUp.failure() : population.failure());
  }

  private static void addStates(List<String> cells, State before, State after, Verdict verdict) {
    same(cells, "suspended calls", before.objects().calls(), after.objects().calls(), 0, verdict);
    same(cells, "sockets", before.objects().sockets(), after.objects().sockets(), 0, verdict);
    ServerSample first = before.sample();
    ServerSample last = after.sample();
    same(cells, "descriptors", first.descriptors(), last.descriptors(), 0, verdict);
    same(cells, "threads", first.threads(), last.threads(), COMPILERS, verdict);
    cells.add(mebibytes(first.residentBytes()) + " -> " + mebibytes(last.residentBytes()));
    verdict.that(
        isWithinNoise(first.residentBytes(), last.residentBytes()),
        "memory grew from %s to %s MiB",
        mebibytes(first.residentBytes()),
        mebibytes(last.residentBytes()));
  }

  private static void same(
      List<String> cells, String what, long before, long after, long more, Verdict verdict) {
    cells.add(before + " -> " + after);
    verdict.that(after <= before + more, "%,d %s more than before", after - before, what);
  }

  static boolean isWithinNoise(long before, long after) {
    return after - before <= Math.max(NOISE * before, NOISE_BYTES);
  }
}

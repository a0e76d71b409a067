package dev.weft.perf.trial;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Never-reading clients beside one that is healthy; then they all leave at once. */
@Command(
    name = "overload",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Clients that send as long as they can and never read, beside a healthy one that sends 100"
          + " bytes each 10 ms on a connection made before, whatever has come back, and one that"
          + " connects anew each second. Then they all leave at once.",
      ""
    },
    footer = {
      "",
      "Holds: p99 of the healthy client's round trips under 50 ms, each counted from when it was due; memory within what the JVM's options allow;"
          + " within 10 s of their leaving a new client is served and all descriptors are back; the"
          + " server lives, logs at most a line a second, and ends with 0 within 5 s of SIGTERM.",
      "Memory is the resident set, and its growth what is judged: at most the heap and direct"
          + " memory that the options allow. Not judged: how much of it the JVM gives back to the"
          + " system.",
      "Machine: p99 of the same client with a plain echo of this program, all the while; from 25 ms"
          + " on the machine is too busy for a verdict on latency.",
      "New: how many of those that came anew were served, were refused, had no answer in 5 s.",
      "Sockets: the most that the kernel held for all TCP sockets of the machine, of both sides."
    })
final class Overload extends Trial {
  private static final double P99_MILLIS = 50;
  private static final Duration BACK = Duration.ofSeconds(10);

  /** When nobody has come for so long, the rest is not let in. */
  private static final Duration LAST_ARRIVAL = Duration.ofSeconds(10);

  private static final int BYTES = 100;
  private static final Duration PACE = Duration.ofMillis(10);

  /** Those who came anew and have not left yet when descriptors are counted. */
  private static final int COMING_AND_GOING = 3;

  /** Faults at the start and at the end that are said once. */
  private static final int LINES_BESIDES = 10;

  /** Of the kernel's memory for all sockets, in what the clients send: it takes twice as much. */
  private static final double SHARE_OF_SOCKET_MEMORY = 0.4;

  /** What the JVM itself takes under load: compiled code, metaspace, thread stacks, malloc. */
  private static final long JVM_ITSELF = 96L << 20;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "4500",
      description = "Clients that never read. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--hold",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "How long they stay once they are there. Default: ${DEFAULT-VALUE}")
  private double hold;

  @Option(
      names = "--most",
      paramLabel = "KIB",
      defaultValue = "512",
      description =
          "What each of them sends, if it is taken. Default: ${DEFAULT-VALUE}, or less, so"
              + " that it is not the kernel whose memory for all sockets is used up")
  private int most;

  @Option(
      names = "--java",
      paramLabel = "OPTION",
      description = "An option of the server's JVM, as --java=-Xmx24m; may be repeated.")
  private List<String> java = new ArrayList<>();

  @Option(
      names = "--argument",
      paramLabel = "ARGUMENT",
      description = "A further argument of the server; may be repeated.")
  private List<String> arguments = new ArrayList<>();

  @Override
  void check() {
    atLeast("--clients", 1, clients);
    atLeast("--most", 1, most);
    atLeast("--hold", 0, hold);
  }

  @Override
  List<String> columns() {
    return List.of(
        "clients",
        "refused",
        "sent MiB",
        "p50 ms",
        "p99 ms",
        "max ms",
        "machine p99 ms",
        "new ok/no/late",
        "MiB before",
        "  most",
        " after",
        "sockets MiB",
        "served again s",
        "all back s",
        "lines",
        "          end");
  }

  @Override
  void run(Kind kind, Report report) throws IOException, InterruptedException {
    try (EchoServerProcess server =
        server(kind)
            .javaOptions(java)
            .arguments("--quiet")
            .arguments(arguments.toArray(String[]::new))
            .start()) {
      run(kind, server, allowed(server.jcmd("VM.flags")), report);
    }
  }

  private void run(Kind kind, EchoServerProcess server, long allowed, Report report)
      throws IOException, InterruptedException {
    try (PlainEcho machine = new PlainEcho();
        PacedClient control = new PacedClient(machine.address(), BYTES, PACE);
        PacedClient healthy = new PacedClient(server.address(), BYTES, PACE);
        Newcomers newcomers = new Newcomers(server.address());
        PeakMemory peak = new PeakMemory(server)) {
      Verdict verdict = new Verdict();
      List<String> cells = new ArrayList<>();
      report.progress(kind, "a healthy client alone, 2 s");
      Thread.sleep(2000); // part of the load: the server's code gets warm
      ServerSample before = server.sample();
      long start = System.nanoTime();
      HogProcesses hogs = new HogProcesses(server.port(), clients, bytesEach());
      try (hogs) {
        report.progress(kind, "%,d clients connect, send, and never read", clients);
        hogs.awaitArrival(clients, LAST_ARRIVAL);
        report.progress(kind, "%,d are there; they stay for %s s", hogs.connected(), hold);
        Thread.sleep(seconds(hold).toMillis());
        cells.add(format("%,d", hogs.connected()));
        cells.add(format("%,d", hogs.failed()));
        cells.add(mebibytes(hogs.sent()));
        hogs.leave();
      }
      report.progress(kind, "they have left");
      Recovery recovery = recovery(server, before);
      healthy.stop();
      control.stop();
      newcomers.stop();
      verdict.that(recovery.served != null, "no new client is served %s s later", BACK.toSeconds());
      verdict.that(recovery.back != null, "%d descriptors %s s later", recovery.descriptors, 10);
      addLatencies(cells, healthy, control, verdict);
      addNewcomers(cells, newcomers, verdict);
      addMemory(cells, server, before, peak, allowed, verdict);
      cells.add(secondsOf(recovery.served));
      cells.add(secondsOf(recovery.back));
      addEnd(cells, server, System.nanoTime() - start, verdict);
      report.row(kind, cells, verdict);
    }
  }

  private long bytesEach() throws IOException {
    double share = SHARE_OF_SOCKET_MEMORY * TcpCounters.socketPressureBytes() / clients;
    return Math.min(most * 1024L, (long) share);
  }

  private static void addLatencies(
      List<String> cells, PacedClient healthy, PacedClient control, Verdict verdict) {
    for (double percent : new double[] {50, 99, 100}) {
      cells.add(format("%,.1f", healthy.percentile(percent)));
    }
    double p99 = healthy.percentile(99);
    double machine = control.percentile(99);
    cells.add(format("%,.1f", machine));
    verdict.that(
        p99 < P99_MILLIS,
        "p99 %,.0f ms, not under %.0f%s",
        p99,
        P99_MILLIS,
        machine < P99_MILLIS / 2 ? "" : ", on a machine too busy to tell");
    verdict.that(healthy.failure() == null, "healthy client: %s", healthy.failure());
  }

  private static void addNewcomers(List<String> cells, Newcomers newcomers, Verdict verdict) {
    cells.add(newcomers.toString());
    verdict.that(newcomers.wrong() == null, "new client: %s", newcomers.wrong());
  }

  private static void addMemory(
      List<String> cells,
      EchoServerProcess server,
      ServerSample before,
      PeakMemory peak,
      long allowed,
      Verdict verdict) {
    cells.add(mebibytes(before.residentBytes()));
    cells.add(mebibytes(peak.residentBytes()));
    try {
      cells.add(mebibytes(server.sample().residentBytes()));
    } catch (IOException ended) {
      cells.add("-");
    }
    cells.add(mebibytes(peak.socketBytes()));
    long grown = peak.residentBytes() - before.residentBytes();
    verdict.that(
        grown <= allowed,
        "memory grew by %s MiB, %s allowed",
        mebibytes(grown),
        mebibytes(allowed));
  }

  private static void addEnd(
      List<String> cells, EchoServerProcess server, long nanos, Verdict verdict)
      throws IOException, InterruptedException {
    verdict.that(server.isAlive(), "the server is dead");
    String end = end(server, verdict);
    long lines = server.output().lines();
    cells.add(format("%,d", lines));
    cells.add(end);
    long most = LINES_BESIDES + nanos / 1_000_000_000;
    verdict.that(lines <= most, "%,d lines of output, not %d at most", lines, most);
  }

  /**
   * What came back after the hogs had left, and when; null for not within the time.
   *
   * @param descriptors as they were at last
   */
  private record Recovery(@Nullable Duration served, @Nullable Duration back, int descriptors) {}

  private static Recovery recovery(EchoServerProcess server, ServerSample before)
      throws InterruptedException {
    long start = System.nanoTime();
    Deadline deadline = Deadline.in(BACK);
    Duration served = null;
    Duration back = null;
    int descriptors = 0;
    while ((served == null || back == null) && !deadline.isOver()) {
      try {
        if (back == null) {
          descriptors = server.sample().descriptors();
          back = descriptors <= before.descriptors() + COMING_AND_GOING ? since(start) : null;
        }
        if (served == null) {
          ExactClient.converse(server.address(), descriptors, BYTES, Duration.ofSeconds(1));
          served = since(start);
        }
      } catch (IOException notYet) {
        // or never, and then the deadline ends it
      }
      Thread.sleep(20); // between two looks
    }
    return new Recovery(served, back, descriptors);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String secondsOf(@Nullable Duration time) {
    return time == null ? "never" : format("%.2f", time.toMillis() / 1e3);
  }

  /** Heap, direct memory, which is as much unless it is said, and the JVM's own. */
  static long allowed(String flags) throws IOException {
    long heap = flag(flags, "MaxHeapSize");
    if (heap == 0) {
      throw new IOException("jcmd VM.flags tells no MaxHeapSize: " + flags);
    }
    long direct = flag(flags, "MaxDirectMemorySize");
    return heap + (direct == 0 ? heap : direct) + JVM_ITSELF;
  }

  private static long flag(String flags, String name) {
    Matcher matcher = Pattern.compile("-XX:" + name + "=(\\d+)").matcher(flags);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
  }
}

package dev.weft.perf.trial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Two servers on one port, restarted in turn under load. */
@Command(
    name = "restart",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Two server processes listen on one port (--reuse-port) and are restarted in turn, 10 times,"
          + " while connections come that want one echo each.",
      ""
    },
    footer = {
      "",
      "Holds: no connection fails but those that the kernel resets, because they were complete and"
          + " not accepted yet when a listener was closed: reset before the first byte, accepted by"
          + " no server by what the servers print, and no more of them than the kernel sent resets"
          + " that are no program's doing (OutRsts less TCPAbortOnClose and TCPAbortOnData). Other"
          + " programs' connections count there too: run it on a quiet machine. With"
          + " net.ipv4.tcp_migrate_req=1 the kernel hands them to the other listener.",
      "Each server ends with 0 within 5 s."
    })
final class Restart extends Trial {
  /** Both serve for so long before the next one is ended. */
  private static final long BOTH_MILLIS = 300;

  @Option(
      names = "--restarts",
      paramLabel = "N",
      defaultValue = "10",
      description = "Default: ${DEFAULT-VALUE}")
  private int restarts;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "300",
      description = "Connections a second. Default: ${DEFAULT-VALUE}")
  private double rate;

  @Override
  void check() {
    atLeast("--restarts", 1, restarts);
    atLeast("--rate", 1, rate);
  }

  @Override
  List<String> columns() {
    return List.of(
        "restarts",
        "connections",
        "served",
        "reset by the kernel",
        "refused",
        "reset early",
        "reset later",
        "short",
        "no answer",
        "kernel's resets",
        "ListenDrops",
        "slowest end s");
  }

  @Override
  void run(Kind kind, Report report) throws IOException, InterruptedException {
    List<EchoServerProcess> all = new ArrayList<>();
    try {
      all.add(start(kind, 0));
      int port = all.get(0).port();
      all.add(start(kind, port));
      TcpCounters before = TcpCounters.now();
      Verdict verdict = new Verdict();
      long slowest = 0;
      ShortConnections load = new ShortConnections(all.get(0).address(), rate);
      try (load) {
        for (int i = 0; i < restarts; i++) {
          Thread.sleep(BOTH_MILLIS); // the load goes on
          report.progress(kind, "restart %d of %d", i + 1, restarts);
          EchoServerProcess.Ending ending = all.get(i).terminate(END.multipliedBy(2));
          verdict.that(ending.inTime(END), "SIGTERM: %s", ending);
          slowest = Math.max(slowest, ending.time().toMillis());
          all.add(start(kind, port));
        }
        Thread.sleep(BOTH_MILLIS);
        load.stop();
      }
      TcpCounters counted = TcpCounters.now().since(before);
      // The two that still run have printed all that they accepted once they have ended.
      for (EchoServerProcess server : all.subList(restarts, all.size())) {
        slowest = Math.max(slowest, server.terminate(END.multipliedBy(2)).time().toMillis());
      }
      report.row(kind, cells(load, counted, output(all), slowest, verdict), verdict);
    } finally {
      all.forEach(EchoServerProcess::close);
    }
  }

  private EchoServerProcess start(Kind kind, int port) throws IOException, InterruptedException {
    return server(kind).port(port).arguments("--reuse-port").start();
  }

  private static List<String> output(List<EchoServerProcess> servers) throws IOException {
    List<String> lines = new ArrayList<>();
    for (EchoServerProcess server : servers) {
      server.output().text().lines().forEach(lines::add);
    }
    return lines;
  }

  private List<String> cells(
      ShortConnections load,
      TcpCounters counted,
      List<String> output,
      long slowest,
      Verdict verdict) {
    List<ShortConnections.Failure> failures = load.failures();
    Blame blame = Blame.of(load.served(), failures, output, counted);
    verdict.that(
        blame.serversFailures() == 0,
        "%d connections failed: %s, as %s",
        blame.serversFailures(),
        blame.servers().toString().toLowerCase(Locale.ROOT),
        failures.stream().findFirst().orElse(null));
    verdict.that(
        blame.unknown() == 0,
        "%d of those served are not in the servers' output, so nothing can be told from it",
        blame.unknown());
    List<String> cells = new ArrayList<>();
    cells.add(Integer.toString(restarts));
    cells.add(format("%,d", load.served().size() + failures.size()));
    cells.add(format("%,d", load.served().size()));
    cells.add(format("%,d", blame.kernel()));
    Arrays.stream(
            new ShortConnections.Kind[] {
              ShortConnections.Kind.REFUSED,
              ShortConnections.Kind.RESET_EARLY,
              ShortConnections.Kind.RESET_LATER,
              ShortConnections.Kind.SHORT,
              ShortConnections.Kind.NO_ANSWER
            })
        .forEach(failed -> cells.add(format("%,d", blame.servers().getOrDefault(failed, 0))));
    cells.add(format("%,d", Blame.resetsBesidesPrograms(counted)));
    cells.add(format("%,d", counted.get("ListenDrops")));
    cells.add(format("%.2f", slowest / 1e3));
    return cells;
  }
}

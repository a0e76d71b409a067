package dev.weft.perf.trial;

import dev.weft.perf.trial.DrainClient.Outcome;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** SIGTERM right after a burst. */
@Command(
    name = "drain",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "100 connections send 30,000 bytes each, and when the kernel has taken the last of them the"
          + " server gets SIGTERM; only then the clients read, to the end. 20 times, a server"
          + " each.",
      ""
    },
    footer = {
      "",
      "Beside them: nobody (alone); 10 clients that send all they can and read only when the server"
          + " has ended (hogs); 10 that go on sending and reading all the while (senders).",
      "Holds: no stream ends in order without all that the kernel had taken before SIGTERM, of"
          + " those beside them either: what is cut off is reset. The bursts come back whole, as"
          + " there is time enough. Exit code 0 within 5 s.",
      "A reset is told from an end of the stream by what the kernel reports: ECONNRESET."
    })
final class Drain extends Trial {
  private enum Beside {
    ALONE,
    HOGS,
    SENDERS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int OTHERS = 10;
  private static final long WITHOUT_END = Long.MAX_VALUE / 2;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** So long the others send before the burst: enough to fill all buffers on the way. */
  private static final Duration HEAD_START = Duration.ofMillis(300);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "20",
      description = "Default: ${DEFAULT-VALUE}")
  private int rounds;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--bytes",
      paramLabel = "N",
      defaultValue = "30000",
      description = "What each sends; the kernel has to take it at once. Default: ${DEFAULT-VALUE}")
  private int bytes;

  @Option(
      names = "--beside",
      paramLabel = "WHOM",
      split = ",",
      defaultValue = "alone,hogs,senders",
      description = "Default: ${DEFAULT-VALUE}")
  private List<Beside> variants = new ArrayList<>();

  @Override
  void check() {
    atLeast("--rounds", 1, rounds);
    atLeast("--clients", 1, clients);
    atLeast("--bytes", 1, bytes);
  }

  @Override
  List<String> columns() {
    return List.of(
        "beside ",
        "rounds",
        "   full",
        " reset",
        " short",
        "open",
        "those beside",
        "slowest end s");
  }

  @Override
  void run(Kind kind, Report report) throws IOException, InterruptedException {
    for (Beside beside : variants) {
      Tally tally = new Tally();
      for (int i = 1; i <= rounds; i++) {
        report.progress(kind, "%s, round %d of %d", beside, i, rounds);
        round(kind, beside, tally);
      }
      report.row(kind, tally.cells(beside), tally.verdict());
    }
  }

  private final class Tally {
    final Map<Outcome, Integer> bursts = new EnumMap<>(Outcome.class);
    final Map<Outcome, Integer> others = new EnumMap<>(Outcome.class);
    final List<EchoServerProcess.Ending> endings = new ArrayList<>();

    int bursts(Outcome outcome) {
      return bursts.getOrDefault(outcome, 0);
    }

    int others(Outcome outcome) {
      return others.getOrDefault(outcome, 0);
    }

    List<String> cells(Beside beside) {
      long slowest = endings.stream().mapToLong(ending -> ending.time().toMillis()).max().orElse(0);
      return List.of(
          beside.toString(),
          Integer.toString(endings.size()),
          format("%,d", bursts(Outcome.FULL)),
          format("%,d", bursts(Outcome.RESET)),
          format("%,d", bursts(Outcome.SHORT)),
          format("%,d", bursts(Outcome.OPEN)),
          beside == Beside.ALONE ? "" : String.valueOf(others).toLowerCase(Locale.ROOT),
          format("%.2f", slowest / 1e3));
    }

    Verdict verdict() {
      Verdict verdict = new Verdict();
      int all = rounds * clients;
      verdict.that(bursts(Outcome.SHORT) == 0, "%,d ended short", bursts(Outcome.SHORT));
      verdict.that(
          bursts(Outcome.FULL) == all, "%,d of %,d came back whole", bursts(Outcome.FULL), all);
      verdict.that(
          others(Outcome.SHORT) == 0, "%,d of those beside ended short", others(Outcome.SHORT));
      int wrong = bursts(Outcome.WRONG) + others(Outcome.WRONG);
      verdict.that(wrong == 0, "%,d got a wrong byte", wrong);
      int open = bursts(Outcome.OPEN) + others(Outcome.OPEN);
      verdict.that(open == 0, "%,d were never ended", open);
      List<EchoServerProcess.Ending> bad =
          endings.stream().filter(ending -> !ending.inTime(END)).toList();
      verdict.that(bad.isEmpty(), "%d times SIGTERM: %s", bad.size(), bad);
      return verdict;
    }
  }

  private void round(Kind kind, Beside beside, Tally tally)
      throws IOException, InterruptedException {
    List<DrainClient> bursts = new ArrayList<>();
    List<DrainClient> others = new ArrayList<>();
    try (EchoServerProcess server = server(kind).arguments("--quiet").start();
        Selector selector = Selector.open()) {
      for (int i = 0; i < clients + (beside == Beside.ALONE ? 0 : OTHERS); i++) {
        (i < clients ? bursts : others).add(new DrainClient(server.address(), selector, i));
      }
      // One byte there and back: the server has accepted them.
      bursts.forEach(client -> client.send(1));
      others.forEach(client -> client.send(1));
      pump(selector, PATIENCE, () -> allEven(bursts) && allEven(others));
      if (!allEven(bursts) || !allEven(others)) {
        throw new IOException("not everybody got an echo before the burst");
      }
      others.forEach(client -> client.reads(beside == Beside.SENDERS));
      others.forEach(client -> client.send(WITHOUT_END));
      if (!others.isEmpty()) {
        pump(selector, HEAD_START, () -> false);
      }
      bursts.forEach(client -> client.send(bytes));
      if (!bursts.stream().allMatch(DrainClient::hasSentAll)) {
        throw new IOException("the kernel does not take " + bytes + " bytes at once; less --bytes");
      }
      bursts.forEach(DrainClient::mark);
      others.forEach(DrainClient::mark);
      long start = System.nanoTime();
      server.signal();
      pump(selector, PATIENCE, () -> !server.isAlive() && ended(bursts));
      tally.endings.add(server.awaitEnd(start, Duration.ofMillis(1)));
      others.forEach(client -> client.reads(true));
      pump(selector, PATIENCE, () -> ended(bursts) && ended(others));
    } finally {
      bursts.forEach(DrainClient::close);
      others.forEach(DrainClient::close);
    }
    bursts.forEach(client -> tally.bursts.merge(client.outcome(), 1, Integer::sum));
    others.forEach(client -> tally.others.merge(client.outcome(), 1, Integer::sum));
  }

  private static boolean allEven(List<DrainClient> clients) {
    return clients.stream().allMatch(DrainClient::isEven);
  }

  private static boolean ended(List<DrainClient> clients) {
    return clients.stream().noneMatch(client -> client.outcome() == Outcome.OPEN);
  }

  /** Lets the clients send and receive until that is so, or the time is over. */
  private static void pump(Selector selector, Duration atMost, BooleanSupplier until)
      throws IOException {
    Deadline deadline = Deadline.in(atMost);
    while (!until.getAsBoolean() && !deadline.isOver()) {
      selector.select(10);
      for (SelectionKey key : selector.selectedKeys()) {
        ((DrainClient) key.attachment()).ready();
      }
      selector.selectedKeys().clear();
    }
  }
}

package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A server whose output nobody reads. */
@Command(
    name = "pipe",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "A server whose standard output and standard error are a pipe that nobody reads, with a line"
          + " or two for each of 3000 connections. Then SIGTERM.",
      ""
    },
    footer = {
      "",
      "Holds: each connection gets its 1000 bytes back; connections made before still do; exit code"
          + " 0 within 5 s of SIGTERM. Fails as well if the lines did not fill the pipe.",
      "In the pipe: bytes that wait there; Linux lets it have 65,536."
    })
final class Pipe extends Trial {
  private static final int BYTES = 1000;
  private static final int ESTABLISHED = 10;
  private static final int THREADS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** A pipe is full to a program that prints when its next line does not fit. */
  private static final int FULL = 64 * 1024 - 4096;

  /** After so many in a row that got no answer nobody will get one. */
  private static final int GIVE_UP = 2 * THREADS;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "3000",
      description = "Connections, one after the other by 16 threads. Default: ${DEFAULT-VALUE}")
  private int clients;

  @Override
  void check() {
    atLeast("--clients", 1, clients);
  }

  @Override
  List<String> columns() {
    return List.of("served", "made before", "in the pipe", "          end");
  }

  @Override
  void run(Kind kind, Report report) throws IOException, InterruptedException {
    List<ExactClient> established = new ArrayList<>();
    try (EchoServerProcess server = server(kind).unreadPipe().start()) {
      Verdict verdict = new Verdict();
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < ESTABLISHED; i++) {
        established.add(ExactClient.connect(server.address(), -i, PATIENCE));
        established.get(i).roundTrip(BYTES);
      }
      report.progress(kind, "%,d connections, and nobody reads the server's output", clients);
      Visits visits = new Visits(server.address());
      visits.run(clients);
      cells.add(format("%,d of %,d", visits.served.get(), clients));
      verdict.that(
          visits.served.get() == clients,
          "%,d of %,d served, then: %s",
          visits.served.get(),
          clients,
          visits.failure);
      cells.add(goOn(established, verdict));
      int filled = server.bytesInPipe();
      cells.add(format("%,d", filled));
      verdict.that(filled >= FULL, "only %,d bytes in the pipe; more --clients", filled);
      cells.add(end(server, verdict));
      report.row(kind, cells, verdict);
    } finally {
      established.forEach(ExactClient::close);
    }
  }

  private static String goOn(List<ExactClient> established, Verdict verdict) {
    int going = 0;
    for (ExactClient client : established) {
      try {
        client.roundTrip(BYTES);
        going++;
      } catch (IOException e) {
        verdict.that(false, "a connection made before: %s", e.getMessage());
        break; // the others would take as long to fail
      }
    }
    return going + " of " + established.size();
  }

  private static final class Visits {
    final AtomicInteger served = new AtomicInteger();
    volatile @Nullable String failure;
    private final AtomicInteger inVain = new AtomicInteger();
    private final InetSocketAddress server;

    Visits(InetSocketAddress server) {
      this.server = server;
    }

    void run(int clients) throws InterruptedException {
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      for (int i = 0; i < clients; i++) {
        int seed = i;
        threads.execute(() -> visit(seed));
      }
      threads.shutdown();
      threads.awaitTermination(1, TimeUnit.HOURS); // each visit is bounded
    }

    private void visit(int seed) {
      if (inVain.get() >= GIVE_UP) {
        return;
      }
      try {
        ExactClient.converse(server, seed, BYTES, PATIENCE);
        served.incrementAndGet();
        inVain.set(0);
      } catch (IOException e) {
        failure = e.getMessage();
        inVain.incrementAndGet();
      }
    }
  }
}

package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** So many {@link SoakClient}s at a time, on a thread each, until the time is over. */
final class Population {
  private final InetSocketAddress server;
  private final int clients;
  private final SplittableRandom seeds;
  private final AtomicLong visits = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile @Nullable String failure;

  Population(InetSocketAddress server, int clients, long seed) {
    this.server = server;
    this.clients = clients;
    this.seeds = new SplittableRandom(seed);
  }

  /** Has them come and go for that long; returns when all have left. */
  void live(Duration time) throws InterruptedException {
    Deadline end = Deadline.in(time);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      SoakClient client = new SoakClient(server, seeds.nextLong());
      Thread thread = new Thread(() -> live(client, end), "soak-client");
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(); // each wait of a client is bounded
    }
  }

  private void live(SoakClient client, Deadline end) {
    try {
      while (!end.isOver()) {
        try {
          bytes.addAndGet(client.visit());
          visits.incrementAndGet();
        } catch (IOException e) {
          failures.incrementAndGet();
          failure = e.getMessage();
        }
      }
    } catch (InterruptedException e) {
      failures.incrementAndGet(); // nobody does that
    }
  }

  long visits() {
    return visits.get();
  }

  long bytes() {
    return bytes.get();
  }

  long failures() {
    return failures.get();
  }

  /** The last of them; null if there was none. */
  @Nullable String failure() {
    return failure;
  }
}

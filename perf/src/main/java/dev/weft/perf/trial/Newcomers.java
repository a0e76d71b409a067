package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A client that connects anew each second, wants one echo, and leaves. */
final class Newcomers implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int BYTES = 100;

  private final InetSocketAddress server;
  private final ExecutorService clients = Executors.newCachedThreadPool(Newcomers::thread);
  private final Thread clock = new Thread(this::tick, "newcomers");
  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private volatile @Nullable String wrong;

  /** Begins. */
  Newcomers(InetSocketAddress server) {
    this.server = server;
    clock.setDaemon(true);
    clock.start();
  }

  private static Thread thread(Runnable run) {
    Thread thread = new Thread(run, "newcomer");
    thread.setDaemon(true);
    return thread;
  }

  private void tick() {
    try {
      for (long seed = 1; !clock.isInterrupted(); seed++) {
        long mine = seed;
        clients.execute(() -> come(mine));
        TimeUnit.SECONDS.sleep(1);
      }
    } catch (InterruptedException stopped) {
      // by stop()
    }
  }

  private void come(long seed) {
    try {
      ExactClient.converse(server, seed, BYTES, PATIENCE);
      served.incrementAndGet();
    } catch (WrongEchoException e) {
      wrong = e.getMessage();
    } catch (SocketTimeoutException e) {
      left.incrementAndGet();
    } catch (IOException e) {
      refused.incrementAndGet();
    }
  }

  /** Ends it, and waits for those that are still there. */
  void stop() throws InterruptedException {
    clock.interrupt();
    clock.join();
    clients.shutdown();
    clients.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  /** What was wrong in an echo; null if nothing. */
  @Nullable String wrong() {
    return wrong;
  }

  /** Served, refused at once, and given up after 5 seconds without an answer. */
  @Override
  public String toString() {
    return served + "/" + refused + "/" + left;
  }

  @Override
  public void close() {
    clock.interrupt();
    clients.shutdownNow();
  }
}

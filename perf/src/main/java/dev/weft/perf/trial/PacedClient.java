package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A client that does nobody any harm: a round trip is due every so often, and its latency counts
 * from when it was due, so that a server which stalls for a second has failed all those that were
 * due in it. On a connection that is made at once, and a thread of its own.
 */
final class PacedClient implements AutoCloseable {
  /** Longer than any trial: what does not come back is seen when the client is stopped. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final ExactClient client;
  private final int bytes;
  private final long pace;
  private final Histogram nanos = new Histogram(3);
  private final Thread thread = new Thread(this::run, "paced-client");
  private volatile boolean stopping;
  private @Nullable String failure; // written by the thread, read when it has ended

  /** Connects and begins. */
  PacedClient(InetSocketAddress server, int bytes, Duration pace) throws IOException {
    this.client = ExactClient.connect(server, 1, PATIENCE);
    this.bytes = bytes;
    this.pace = pace.toNanos();
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    long due = System.nanoTime();
    try {
      while (!stopping) {
        new Deadline(due).await();
        client.roundTrip(bytes);
        nanos.recordValue(System.nanoTime() - due);
        due += pace;
      }
    } catch (IOException e) {
      failure = stopping ? null : e.getMessage();
    } catch (InterruptedException e) {
      // by stop(), between two round trips
    }
    // What was due and has not come back took so long at least.
    for (long now = System.nanoTime(); now - due > pace; due += pace) {
      nanos.recordValue(now - due);
    }
  }

  /** Ends it; only then the figures may be asked for. */
  void stop() throws InterruptedException {
    stopping = true;
    thread.join(pace / 1_000_000 + 100); // so that a round trip under way is seen to its end
    client.close();
    thread.interrupt();
    thread.join();
  }

  /** In milliseconds. */
  double percentile(double percent) {
    return nanos.getValueAtPercentile(percent) / 1e6;
  }

  /** Round trips, with those that were due and did not happen. */
  long count() {
    return nanos.getTotalCount();
  }

  /** Why it could not go on; null if it could. */
  @Nullable String failure() {
    return failure;
  }

  @Override
  public void close() {
    stopping = true;
    client.close();
    thread.interrupt();
  }
}

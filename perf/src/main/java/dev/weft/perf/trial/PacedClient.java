package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * A client that does nobody any harm: it sends so much every so often, whatever has come back by
 * then, and latency counts from when it was due, so that a server which stalls for a second has
 * failed all those that were due in it. It does not wait for an answer before it sends again: what
 * it had to catch up with would count against a server that has long been well. On a connection
 * that is made at once, and two threads of its own.
 */
final class PacedClient implements AutoCloseable {
  /** Longer than any trial: what does not come back is seen when the client is stopped. */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private final ExactClient client;
  private final int bytes;
  private final long pace;
  private final long start = System.nanoTime();
  private final Histogram nanos = new Histogram(3);
  private final Thread sender = thread(this::send, "paced-client-sender");
  private final Thread receiver = thread(this::receive, "paced-client-receiver");
  private volatile boolean stopping;
  private volatile long sent;
  private volatile @Nullable String failure;

  // Of the receiver, and of who has seen it end.
  private long answered;

  /** Connects and begins. */
  PacedClient(InetSocketAddress server, int bytes, Duration pace) throws IOException {
    this.client = ExactClient.connect(server, 1, PATIENCE);
    this.bytes = bytes;
    this.pace = pace.toNanos();
    sender.start();
    receiver.start();
  }

  private static Thread thread(Runnable run, String name) {
    Thread thread = new Thread(run, name);
    thread.setDaemon(true);
    return thread;
  }

  private long due(long number) {
    return start + number * pace;
  }

  private void send() {
    try {
      for (long number = 0; !stopping; number++) {
        new Deadline(due(number)).await();
        sent = number + 1; // before it is: an answer may be read before this thread goes on
        client.send(bytes);
      }
    } catch (IOException e) {
      failed(e);
    } catch (InterruptedException e) {
      // by stop(), between two
    }
  }

  private void receive() {
    try {
      while (!stopping || answered < sent) {
        client.receive(bytes);
        nanos.recordValue(System.nanoTime() - due(answered));
        answered++;
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException e) {
    if (!stopping) {
      failure = e.getMessage();
    }
  }

  /** Ends it; only then the figures may be asked for. */
  void stop() throws InterruptedException {
    long end = System.nanoTime();
    stopping = true;
    sender.interrupt();
    receiver.join(pace / 1_000_000 + 100); // what is under way is to be seen to its end
    client.close();
    sender.join();
    receiver.join();
    // What was sent, or was due, and has not come back took so long at least.
    long now = System.nanoTime();
    for (; answered < sent; answered++) {
      nanos.recordValue(now - due(answered));
    }
    for (long number = answered; end - due(number) > pace; number++) {
      nanos.recordValue(end - due(number));
    }
  }

  /** In milliseconds. */
  double percentile(double percent) {
    return nanos.getValueAtPercentile(percent) / 1e6;
  }

  /** Answers, with those that were due and did not come. */
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
    sender.interrupt();
  }
}

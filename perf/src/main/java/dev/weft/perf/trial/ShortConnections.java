package dev.weft.perf.trial;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A steady load of connections that want one echo each. Every one has an address and port of its
 * own to come from, so that it can be found in a server's output.
 */
final class ShortConnections implements AutoCloseable {
  /** How a connection failed. */
  enum Kind {
    REFUSED,
    RESET_EARLY,
    RESET_LATER,
    SHORT,
    WRONG,
    NO_ANSWER
  }

  /**
   * A connection that failed.
   *
   * @param from where it came from, as servers print it
   */
  record Failure(String from, Kind kind, String message) {}

  private static final int BYTES = 100;
  private static final int THREADS = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Below those that the system gives to others, 32768 and up. */
  private static final int FIRST_PORT = 10_000;

  private static final int PORTS = 20_000;

  private final InetSocketAddress server;
  private final long pace;
  private final long start = System.nanoTime();
  private final int run = ThreadLocalRandom.current().nextInt(250);
  private final AtomicInteger next = new AtomicInteger();
  private final List<Thread> threads = new ArrayList<>();
  private final Queue<String> served = new ConcurrentLinkedQueue<>();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean stopping;

  /** Begins with so many a second. */
  ShortConnections(InetSocketAddress server, double rate) {
    this.server = server;
    this.pace = Math.round(1e9 / rate);
    for (int i = 0; i < THREADS; i++) {
      Thread thread = new Thread(this::run, "short-connections");
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        int index = next.getAndIncrement();
        new Deadline(start + index * pace).await();
        one(index);
      }
    } catch (InterruptedException closed) {
      // by close()
    }
  }

  /**
   * Addresses of 127.0.0.0/8 all lead here; the server is at 127.0.0.1.
   *
   * @param run another one each time, so that it does not meet what the kernel keeps of the last
   */
  static InetSocketAddress source(int run, int index) {
    String address = "127." + (1 + run % 250) + "." + index / PORTS % 250 + ".2";
    return new InetSocketAddress(address, FIRST_PORT + index % PORTS);
  }

  private void one(int index) {
    InetSocketAddress source = source(run, index);
    String from = source.getAddress().getHostAddress() + ":" + source.getPort();
    ExactClient client;
    try {
      client = ExactClient.connect(server, source, index, PATIENCE);
    } catch (IOException e) {
      failures.add(new Failure(from, kind(e, 0), String.valueOf(e.getMessage())));
      return;
    }
    try (client) {
      client.roundTrip(BYTES);
      client.finish();
      served.add(from);
    } catch (IOException e) {
      failures.add(new Failure(from, kind(e, client.received()), String.valueOf(e.getMessage())));
    }
  }

  private static Kind kind(IOException error, long received) {
    if (error instanceof WrongEchoException) {
      return Kind.WRONG;
    }
    if (error instanceof SocketTimeoutException) {
      return Kind.NO_ANSWER;
    }
    if (error instanceof EOFException) {
      return Kind.SHORT;
    }
    if (error instanceof ConnectException) {
      return Kind.REFUSED;
    }
    return received == 0 ? Kind.RESET_EARLY : Kind.RESET_LATER;
  }

  /** Ends the load, and waits for the connections that are under way. */
  void stop() throws InterruptedException {
    stopping = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Where those came from that got all of their echo. */
  List<String> served() {
    return List.copyOf(served);
  }

  List<Failure> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stopping = true;
    threads.forEach(Thread::interrupt);
  }
}

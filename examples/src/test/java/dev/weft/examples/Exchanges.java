package dev.weft.examples;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A server, and clients who may reach it through something in between, with blocking sockets. The
 * client says how the exchange is to end. In those that end in order both sides check each byte and
 * the place of the end; in those that one side breaks off, the other must not see an orderly end.
 */
final class Exchanges implements AutoCloseable {
  /** How an exchange goes. */
  enum Way {
    CLIENT_ENDS_FIRST,
    SERVER_ENDS_FIRST,
    BOTH_AT_ONCE,
    CLIENT_RESETS,
    SERVER_RESETS,
    CLIENT_VANISHES,
    SERVER_VANISHES;

    boolean isOrderly() {
      return compareTo(BOTH_AT_ONCE) <= 0;
    }
  }

  /** What a client announces. */
  private record Plan(Way way, int forth, int back) {
    static Plan any(Random random) {
      Way way = Way.values()[random.nextInt(Way.values().length)];
      int most = random.nextInt(8) == 0 ? 300_000 : 3_000;
      return new Plan(way, random.nextInt(most), random.nextInt(most));
    }

    static Plan read(DataInputStream in) throws IOException {
      return new Plan(Way.values()[in.readByte()], in.readInt(), in.readInt());
    }

    void write(DataOutputStream out) throws IOException {
      out.writeByte(way.ordinal());
      out.writeInt(forth);
      out.writeInt(back);
    }
  }

  private final ServerSocket listening =
      new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress());
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicInteger served = new AtomicInteger();
  private final LongAdder exact = new LongAdder();
  private final LongAdder exactBytes = new LongAdder();
  private final LongAdder brokenOff = new LongAdder();
  private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();

  Exchanges() throws IOException {
    threads.execute(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** What one side saw and should not have. */
  Iterable<String> wrong() {
    return wrong;
  }

  /** Exchanges that ended in order on both sides, counted on each. */
  long exact() {
    return exact.sum();
  }

  /** How many the server is busy with. */
  int underWay() {
    return served.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        served.incrementAndGet();
        threads.execute(() -> serve(socket));
      }
    } catch (IOException closed) {
      // by close()
    }
  }

  // ---- the server's side

  private void serve(Socket socket) {
    Plan plan = null;
    try (socket) {
      socket.setSoTimeout(60_000);
      plan = Plan.read(new DataInputStream(socket.getInputStream()));
      switch (plan.way()) {
        case SERVER_ENDS_FIRST -> {
          send(socket, plan.back());
          socket.shutdownOutput();
          receive(socket, plan.forth());
        }
        case BOTH_AT_ONCE -> {
          Plan announced = plan;
          var sending =
              threads.submit(
                  () -> {
                    send(socket, announced.back());
                    socket.shutdownOutput();
                    return null;
                  });
          receive(socket, plan.forth());
          sending.get();
        }
        case SERVER_RESETS, SERVER_VANISHES -> {
          send(socket, plan.back() / 2, plan.back());
          if (plan.way() == Way.SERVER_RESETS) {
            socket.setSoLinger(true, 0);
          }
          return;
        }
        default -> {
          receive(socket, plan.forth());
          send(socket, plan.back());
        }
      }
      if (plan.way().isOrderly()) {
        exact.increment();
      } else if (plan.way() == Way.CLIENT_RESETS) {
        wrong.add("the server saw an orderly end of " + plan);
      }
    } catch (AssertionError differs) {
      if (plan == null || plan.way() != Way.CLIENT_VANISHES) {
        wrong.add("the server of " + plan + ": " + differs.getMessage());
      }
    } catch (Exception failed) {
      if (plan != null && plan.way().isOrderly()) {
        wrong.add("the server of " + plan + ": " + failed);
      }
    } finally {
      served.decrementAndGet();
    }
  }

  // ---- the client's side

  /** One exchange, by way of a port. */
  void once(int port, Random random) {
    Plan plan = Plan.any(random);
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(60_000);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      plan.write(new DataOutputStream(socket.getOutputStream()));
      switch (plan.way()) {
        case CLIENT_ENDS_FIRST, BOTH_AT_ONCE -> {
          send(socket, plan.forth());
          socket.shutdownOutput();
          receive(socket, plan.back());
        }
        case SERVER_ENDS_FIRST -> {
          receive(socket, plan.back());
          send(socket, plan.forth());
        }
        case SERVER_RESETS -> receive(socket, plan.back());
        case SERVER_VANISHES -> {
          while (socket.getInputStream().read() >= 0) {
            // until it has gone
          }
        }
        default -> {
          send(socket, plan.forth() / 2, plan.forth());
          if (plan.way() == Way.CLIENT_RESETS) {
            socket.setSoLinger(true, 0);
          }
        }
      }
      if (plan.way().isOrderly()) {
        exact.increment();
        exactBytes.add(plan.forth() + plan.back());
      } else if (plan.way() == Way.SERVER_RESETS) {
        wrong.add("the client saw an orderly end of " + plan);
      } else {
        brokenOff.increment();
      }
    } catch (AssertionError differs) {
      wrong.add("the client of " + plan + ": " + differs.getMessage());
    } catch (IOException failed) {
      if (plan.way().isOrderly()) {
        wrong.add("the client of " + plan + ": " + failed);
      }
      brokenOff.increment();
    }
  }

  // ---- both

  private static void send(Socket socket, int length) throws IOException {
    send(socket, length, length);
  }

  /** Sends the first of so many. */
  private static void send(Socket socket, int first, int length) throws IOException {
    byte[] bytes = new byte[first];
    for (int i = 0; i < first; i++) {
      bytes[i] = at(i, length);
    }
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
  }

  /** Reads to the end; it has to be these bytes, and no more or less. */
  private static void receive(Socket socket, int length) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] bytes = new byte[8 << 10];
    int total = 0;
    for (int read; (read = in.read(bytes)) >= 0; total += read) {
      for (int i = 0; i < read; i++) {
        if (total + i >= length || bytes[i] != at(total + i, length)) {
          throw new AssertionError("byte " + (total + i) + " differs");
        }
      }
    }
    if (total < length) {
      throw new AssertionError("an orderly end after " + total);
    }
  }

  private static byte at(int i, int length) {
    return (byte) (i * 31 + (i >> 8) + length);
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdown();
  }

  @Override
  public String toString() {
    return String.format(
        "%,d ended in order with %,d bytes, %,d were broken off",
        exact.sum() / 2, exactBytes.sum(), brokenOff.sum());
  }
}

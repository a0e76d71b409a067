package dev.weft.perf.trial.faults;

import dev.weft.perf.trial.faults.Observations.End;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A client that connects again and again, and on each connection sends pieces of a known stream and
 * compares what comes back. Blocking, on a thread of its own: it must not share any code with what
 * it tries.
 *
 * <p>At most {@value #UNDER_WAY} bytes are under way, which the sockets' buffers always take; so
 * one thread can send and receive, and neither side can wait for the other. But for some floods, in
 * which a second thread sends all and ends the stream before the first byte is fetched.
 */
final class EchoClient implements Runnable {
  /** What counts as a hang. */
  static final int PATIENCE_MILLIS = 10_000;

  private static final int UNDER_WAY = 64 << 10;
  private static final int PERIOD = 65_521; // a prime, so that a piece that was lost shows
  private static final int MAX_PIECES = 60;
  private static final int FLOOD = 1 << 20;
  private static final int SMALL_WINDOW = 8 << 10;
  private static final byte[] STREAM = stream();

  private final InetSocketAddress address;
  private final Random random;
  private final byte[] received = new byte[UNDER_WAY];
  private final Supplier<Observations> observations;

  /** Whether the flood's sender was told of a reset. */
  private volatile boolean broken;

  private volatile boolean stopping;
  private final AtomicInteger conversations = new AtomicInteger();
  private long sent;
  private long back;
  private int base;

  EchoClient(int port, long seed, Supplier<Observations> observations) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.random = new Random(seed);
    this.observations = observations;
  }

  /** A piece may begin anywhere in the first period. */
  private static byte[] stream() {
    byte[] bytes = new byte[PERIOD];
    new Random(1).nextBytes(bytes);
    byte[] further = Arrays.copyOf(bytes, PERIOD + UNDER_WAY);
    for (int i = PERIOD; i < further.length; i++) {
      further[i] = further[i - PERIOD];
    }
    return further;
  }

  /** Makes it end with its present connection. */
  void stop() {
    stopping = true;
  }

  /** How many connections have ended, well or not. */
  int conversations() {
    return conversations.get();
  }

  @Override
  public void run() {
    while (!stopping) {
      sent = 0;
      back = 0;
      base = random.nextInt(PERIOD);
      Observations seenBy = observations.get();
      long start = System.nanoTime();
      String failure = "";
      End end;
      try {
        end = converse();
      } catch (SocketTimeoutException e) {
        end = End.HANG;
      } catch (ConnectException e) {
        end = End.REFUSED;
        failure = " " + e.getMessage();
      } catch (IOException e) {
        end = End.RESET;
        failure = " " + e.getMessage();
      }
      seenBy.echoed(back);
      seenBy.ended(end, detail(start) + failure);
      conversations.incrementAndGet();
      if (end == End.REFUSED) {
        LockSupport.parkNanos(
            TimeUnit.MILLISECONDS.toNanos(100)); // there may be no server any more
      }
    }
  }

  private String detail(long start) {
    long millis = (System.nanoTime() - start) / 1_000_000;
    return "sent " + sent + ", back " + back + ", after " + millis + " ms";
  }

  private End converse() throws IOException {
    try (Socket socket = new Socket()) {
      boolean flood = random.nextInt(10) == 0;
      if (flood) {
        socket.setReceiveBufferSize(SMALL_WINDOW);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(address, PATIENCE_MILLIS);
      return flood ? flood(socket) : talk(socket);
    }
  }

  private End talk(Socket socket) throws IOException {
    for (int pieces = 1 + random.nextInt(MAX_PIECES); pieces > 0; pieces--) {
      End failure = exchange(socket);
      if (failure != End.WELL) {
        return failure;
      }
    }
    return switch (random.nextInt(3)) {
      case 0 -> {
        socket.shutdownOutput(); // with bytes under way
        yield receiveAllAndEnd(socket);
      }
      case 1 -> {
        socket.setSoLinger(true, 0); // a reset, as of a client that crashes
        yield End.WELL;
      }
      default -> receive(socket.getInputStream(), sent);
    };
  }

  /**
   * Gives the server more to send than it can, and the end of the stream: it is then interested in
   * nothing but to write, and for a while in nothing at all.
   */
  private End flood(Socket socket) throws IOException {
    sent = FLOOD;
    broken = false;
    Thread sender = new Thread(() -> sendFlood(socket), "flood");
    sender.setDaemon(true);
    sender.start();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(50)));
    End end = receiveAllAndEnd(socket);
    if (end != End.SHORT_END) {
      return end;
    }
    try {
      sender.join(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return broken ? End.RESET : end;
  }

  private void sendFlood(Socket socket) {
    try {
      OutputStream out = socket.getOutputStream();
      for (int done = 0; done < FLOOD; done += UNDER_WAY) {
        out.write(STREAM, (base + done) % PERIOD, UNDER_WAY);
      }
      socket.shutdownOutput();
    } catch (IOException e) {
      broken = true; // the kernel tells of a reset once, and who receives then sees an end
    }
  }

  /** Sends a piece; may wait for a part of the echo only, so that pieces run together. */
  private End exchange(Socket socket) throws IOException {
    int size = 1 + random.nextInt(random.nextInt(8) == 0 ? UNDER_WAY : 2000);
    End failure = receive(socket.getInputStream(), sent + size - UNDER_WAY);
    if (failure == End.WELL) {
      send(socket.getOutputStream(), size);
      failure = receive(socket.getInputStream(), random.nextInt(4) == 0 ? back : sent);
    }
    return failure;
  }

  private void send(OutputStream out, int size) throws IOException {
    int from = (int) ((base + sent) % PERIOD);
    sent += size; // first, as a part may have gone if it fails
    out.write(STREAM, from, size);
  }

  /** Receives until so much has come back in all. */
  private End receive(InputStream in, long until) throws IOException {
    while (back < until) {
      int count = in.read(received, 0, (int) Math.min(sent - back, UNDER_WAY));
      if (count < 0) {
        return back < sent ? End.SHORT_END : End.EARLY_END;
      }
      int from = (int) ((base + back) % PERIOD);
      int wrong = Arrays.mismatch(received, 0, count, STREAM, from, from + count);
      if (wrong >= 0) {
        back += wrong;
        return End.WRONG_BYTE;
      }
      back += count;
    }
    return End.WELL;
  }

  /** After the client's own end: all must come, and then the end and nothing else. */
  private End receiveAllAndEnd(Socket socket) throws IOException {
    End failure = receive(socket.getInputStream(), sent);
    if (failure != End.WELL) {
      return failure;
    }
    return socket.getInputStream().read() < 0 ? End.WELL : End.TOO_MANY;
  }
}

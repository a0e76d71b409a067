package dev.weft.net;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Do a thousand handshakes at once hold up the plain connections of the same executor? Not a test:
 * three processes, of which the first serves, the second has 63 paced plain connections and says
 * how long their round trips took, before and while the third makes handshakes.
 *
 * <pre>
 *   java .. dev.weft.net.TlsStorm serve               prints two ports
 *   java .. dev.weft.net.TlsStorm pace PORT SECONDS
 *   java .. dev.weft.net.TlsStorm storm PORT 1000     clients that trust anyone
 * </pre>
 *
 * It does not show what the network adds, and the clients take processor time of the same machine.
 */
final class TlsStorm {
  private static final int PACED = 63;
  private static final int PERIOD_MILLIS = 20;

  private TlsStorm() {}

  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "serve" -> serve();
      case "pace" -> pace(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      case "storm" -> storm(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
      default -> throw new IllegalArgumentException(args[0]);
    }
    System.exit(0);
  }

  private static void serve() throws Exception {
    WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build();
    TlsAcceptor acceptor =
        TlsAcceptor.builder()
            .certificate(Pki.get().rsa.chain, Pki.get().rsa.key)
            .handshakeTimeout(Duration.ofMinutes(1))
            .build();
    TcpListener plain = Net.listen(executor);
    TcpListener tls = Net.listen(executor);
    TcpServer.start(executor, plain, Net::echo);
    TcpServer.start(executor, tls, acceptor.serving(Net::echo));
    System.out.println(plain.localAddress().getPort() + " " + tls.localAddress().getPort());
    Thread.sleep(Duration.ofHours(1).toMillis());
  }

  private static void pace(int port, int seconds) throws Exception {
    List<long[]> all = new ArrayList<>();
    ExecutorService threads = Executors.newCachedThreadPool();
    List<CompletableFuture<long[]>> running = new ArrayList<>();
    for (int i = 0; i < PACED; i++) {
      running.add(CompletableFuture.supplyAsync(() -> roundTrips(port, seconds), threads));
    }
    for (CompletableFuture<long[]> each : running) {
      all.add(each.join());
    }
    long[] nanos = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    System.out.printf(
        "%d round trips: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, most %.2f ms%n",
        nanos.length,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length * 999 / 1000] / 1e6,
        nanos[nanos.length - 1] / 1e6);
    threads.shutdown();
  }

  private static long[] roundTrips(int port, int seconds) {
    long[] nanos = new long[seconds * 1000 / PERIOD_MILLIS];
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setTcpNoDelay(true);
      OutputStream out = socket.getOutputStream();
      InputStream in = socket.getInputStream();
      byte[] message = new byte[64];
      long next = System.nanoTime();
      for (int i = 0; i < nanos.length; i++) {
        next += TimeUnit.MILLISECONDS.toNanos(PERIOD_MILLIS);
        long wait = next - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        long begun = System.nanoTime();
        out.write(message);
        in.readNBytes(message.length);
        nanos[i] = System.nanoTime() - begun;
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
    return nanos;
  }

  private static void storm(int port, int handshakes) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      TlsConnector connector =
          TlsConnector.builder()
              .trustAnyoneInsecurely()
              .handshakeTimeout(Duration.ofMinutes(1))
              .build();
      AtomicInteger failed = new AtomicInteger();
      long begun = System.nanoTime();
      List<CompletableFuture<?>> all = new ArrayList<>();
      for (int i = 0; i < handshakes; i++) {
        all.add(
            executor
                .spawn(() -> connector.connect("127.0.0.1", port))
                .thenAccept(TcpStream::close)
                .exceptionally(
                    error -> {
                      failed.incrementAndGet();
                      return null;
                    }));
      }
      for (CompletableFuture<?> each : all) {
        each.join();
      }
      System.out.printf(
          "%d handshakes in %.2f s, %d failed%n",
          handshakes, (System.nanoTime() - begun) / 1e9, failed.get());
    }
  }
}

package dev.weft.net;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.AsyncExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.loop.WorkerEventLoop;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the tests of sockets have in common. */
public final class Net {
  /** For whatever must happen; long enough for a machine that is busy with other things. */
  public static final int SECONDS = 60;

  private Net() {}

  /** Two workers; skips the test if the transport is not available. */
  static WorkStealingExecutor executor(Transport transport) {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    return WorkStealingExecutor.builder()
        .workers(2)
        .name("net-test")
        .driver(transport.driver())
        .closeBound(Duration.ofSeconds(SECONDS)) // no busy machine is to cut a test's end short
        .build();
  }

  static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  static TcpListener listen(WorkStealingExecutor executor, TcpOptions options) throws Exception {
    return get(TcpListener.bind(executor, loopback(0), options));
  }

  static TcpListener listen(WorkStealingExecutor executor) throws Exception {
    return listen(executor, TcpOptions.defaults());
  }

  static TcpListener listen(AsyncExecutor executor, ListenOptions options) throws Exception {
    return get(TcpListener.bind(executor, loopback(0), options));
  }

  /** Connects from an address of one's own: of the loopback network, each can be. */
  static Socket connect(TcpListener listener, String from) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(SECONDS * 1000);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(loopback(listener.localAddress().getPort()));
    return socket;
  }

  /** A peer for which the kernel keeps little that it has not read: without this, up to 32 MiB. */
  static Socket connectNarrow(TcpListener listener) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.setSoTimeout(SECONDS * 1000);
    socket.connect(listener.localAddress());
    return socket;
  }

  static Socket connect(TcpListener listener) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(SECONDS * 1000);
    socket.connect(listener.localAddress());
    return socket;
  }

  /** Waits; what the future failed with is thrown as it is. */
  public static <T extends @Nullable Object> T get(Future<T> future) throws Exception {
    try {
      return future.get(SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** The bytes of a buffer, which is released. */
  static byte[] bytes(ByteBuf buf) {
    try {
      return ByteBufUtil.getBytes(buf);
    } finally {
      buf.release();
    }
  }

  static ByteBuf buf(byte[] bytes) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
  }

  /** Of ASCII. */
  public static ByteBuf buf(String text) {
    return buf(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  static String text(@Nullable ByteBuf buf) {
    return buf == null
        ? "the end"
        : new String(bytes(buf), java.nio.charset.StandardCharsets.US_ASCII);
  }

  /** Echoes until the end of the stream; runs wherever its operations complete. */
  static CompletableFuture<@Nullable Void> echo(TcpStream stream) {
    return stream
        .read()
        .thenCompose(
            buf ->
                buf == null
                    ? CompletableFuture.completedFuture(null)
                    : stream.write(buf).thenCompose(written -> echo(stream)));
  }

  /**
   * How many channels the executor serves, on all its loops: a busy machine may have opened one.
   */
  static int channels(WorkStealingExecutor executor) {
    int channels = 0;
    IoEventLoopGroup loops = executor.eventLoopGroup();
    for (EventExecutor loop : loops) {
      channels += ((WorkerEventLoop) loop).channels();
    }
    return channels;
  }

  /** Waits until something has become true. */
  public static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("did not happen within " + SECONDS + " s: " + what);
      }
      TimeUnit.MILLISECONDS.sleep(1); // between two looks at the condition
    }
  }

  /** One byte there and back. */
  static void roundTrip(Socket socket) throws IOException {
    socket.getOutputStream().write('?');
    int back = socket.getInputStream().read();
    if (back != '?') {
      throw new AssertionError("an echo of " + back);
    }
  }

  /** Whether the peer resets the connection, now or later, instead of ending it in order. */
  static boolean isReset(Socket socket) throws IOException {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** A reset instead of an orderly end. */
  static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }
}

package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.net.loop.SocketDriver;
import io.netty.channel.socket.DuplexChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a process on the same machine, through a Unix domain socket. Made by {@link
 * UnixListener#accept} or {@link #connect}. With epoll, io_uring and NIO; on Windows with NIO.
 *
 * <p>How it is read and written is said at {@link ByteReader} and {@link ByteWriter}; what all
 * streams have in common (threads, failures, cancellation) at {@link ByteStream}. Two things
 * differ:
 *
 * <ul>
 *   <li>The kernel knows no reset of such sockets. What {@link #reset} ends, the peer sees as an
 *       end, or as a reset if it had sent something that was not read.
 *   <li>With NIO and io_uring, Netty 4.2 ends both directions when the peer ends its output. With
 *       epoll, the default on Linux, writing goes on.
 * </ul>
 *
 * <pre>{@code
 * static CompletableFuture<String> version() {
 *   try (UnixStream docker = await(UnixStream.connect(Path.of("/run/docker.sock")))) {
 *     await(docker.writeAll("GET /version HTTP/1.0\r\n\r\n"));
 *     return done(await(docker.readLine(1024)));
 *   }
 * }
 * }</pre>
 */
public final class UnixStream extends ByteStream {
  private final Path path;

  UnixStream(SocketDriver driver, DuplexChannel channel, Path path, TcpOptions options) {
    super(driver, channel, "unix:" + path, options, null);
    this.path = path;
  }

  /** Connects, on the current executor or else the shared one. */
  public static Task<UnixStream> connect(Path path) {
    return connect(AsyncExecutor.currentOrShared(), path, TcpOptions.defaults());
  }

  /**
   * Connects.
   *
   * @param path of the socket; 107 bytes at most on Linux
   * @param options what of them is about TCP is not looked at
   * @return the stream; fails with {@link java.net.ConnectException} if there is no such file, if
   *     nobody listens, or if the listener's queue is full. Cancelling it closes the socket
   */
  public static Task<UnixStream> connect(AsyncExecutor executor, Path path, TcpOptions options) {
    return UnixOpening.connect(executor, path, options);
  }

  @Override
  public UnixStream ref() {
    super.ref();
    return this;
  }

  @Override
  public UnixStream unref() {
    super.unref();
    return this;
  }

  @Override
  void onBroken(@Nullable Throwable cause) {
    if (cause == null && !isLayered() && !driver().loop().isShuttingDown()) {
      intake().end(); // where Netty has closed the channel for the peer's end, that is what it was
    }
    super.onBroken(cause);
  }

  /** The socket's path: for an accepted connection, its listener's. */
  public Path path() {
    return path;
  }
}

package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.HostName;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryGroup;
import dev.weft.net.poll.ChannelEnd;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. Made by {@link TcpListener#accept} or {@link #connect}.
 *
 * <p>How it is read and written is said at {@link ByteReader} and {@link ByteWriter}; what all
 * streams have in common (threads, failures, cancellation) at {@link ByteStream}.
 *
 * <pre>{@code
 * static CompletableFuture<String> ask(String host, int port, String question) {
 *   try (TcpStream stream = await(TcpStream.connect(host, port))) {
 *     await(stream.write(Unpooled.copiedBuffer(question, StandardCharsets.US_ASCII)));
 *     await(stream.shutdownOutput());
 *     StringBuilder answer = new StringBuilder();
 *     for (ByteBuf bytes; (bytes = await(stream.read())) != null; ) {
 *       answer.append(bytes.toString(StandardCharsets.US_ASCII));
 *       bytes.release();
 *     }
 *     return done(answer.toString());
 *   }
 * }
 * }</pre>
 */
public final class TcpStream extends ByteStream {
  private final SocketDriver driver;
  private final SocketChannel channel;
  private final TcpOptions options;
  private final InetSocketAddress remote;

  /** Of an accepted connection; set before anybody has it. */
  private @Nullable HandshakeTimer handshake;

  /** See {@link #promised}. */
  private TcpStream(
      SocketDriver driver,
      SocketChannel channel,
      InetSocketAddress remote,
      TcpOptions options,
      @Nullable MemoryGroup group) {
    super(driver, ChannelEnd.duplex(channel), SocketErrors.format(remote), options, group);
    this.driver = driver;
    this.channel = channel;
    this.options = options;
    this.remote = remote;
    channel.config().setTcpNoDelay(options.noDelay());
    if (options.keepAlive()) {
      channel.config().setKeepAlive(true);
    }
  }

  /**
   * Sets up a channel that is not registered yet.
   *
   * @param group of which it is one, and to which memory was promised for it: see {@link
   *     dev.weft.net.memory.MemoryBudget#promise}. The stream takes that over; if it cannot be
   *     made, the promise is taken back.
   */
  static TcpStream promised(
      SocketDriver driver,
      SocketChannel channel,
      InetSocketAddress remote,
      TcpOptions options,
      @Nullable MemoryGroup group) {
    try {
      return new TcpStream(driver, channel, remote, options, group);
    } catch (Throwable refused) { // by the kernel, an option
      driver.memory().unpromise(group);
      throw refused;
    }
  }

  // ---- opening

  /**
   * Connects to a host by name or number, on the current executor or else the shared one.
   *
   * <p>If the name has several addresses, they are tried as RFC 8305 ("Happy Eyeballs") says: IPv6
   * and IPv4 by turns, in the order in which the platform gives them (see {@code
   * java.net.preferIPv6Addresses}), each with a head start of 250 ms on the next one, or until it
   * fails. The first connection that is made counts, and the other attempts are closed.
   *
   * @return the stream; fails with {@link java.net.UnknownHostException}, or with {@link
   *     java.net.ConnectException}, which names all addresses that were tried and has their
   *     failures as suppressed exceptions. Cancelling it gives all attempts up and closes their
   *     sockets at once.
   */
  public static Task<TcpStream> connect(String host, int port) {
    return connect(host, port, TcpOptions.defaults());
  }

  /** As {@link #connect(String, int)}, with options. */
  public static Task<TcpStream> connect(String host, int port, TcpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    AsyncExecutor executor = AsyncExecutor.currentOrShared();
    return Connecting.toAny(
        executor, host + ":" + port, HostName.resolve(executor, host, port), options);
  }

  /** As {@link #connect(String, int)}, to one address and on an executor of one's own. */
  public static Task<TcpStream> connect(
      AsyncExecutor executor, InetSocketAddress address, TcpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    return Connecting.to(executor, HostName.resolved(address), options);
  }

  // ---- what an application does with it

  @Override
  public TcpStream ref() {
    super.ref();
    return this;
  }

  @Override
  public TcpStream unref() {
    super.unref();
    return this;
  }

  /**
   * Says that the peer is welcome: it has logged in, say, or sent a first whole request. See {@link
   * TcpOptions#handshakeTimeout}. Does nothing without such a time, and the second time.
   */
  public void handshakeDone() {
    HandshakeTimer timer = handshake;
    if (timer != null) {
      try {
        driver.execute(timer::end);
      } catch (RejectedExecutionException loopHasEnded) {
        // and the connection with it
      }
    }
  }

  /** The peer's address. */
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  /** This side's address. */
  public InetSocketAddress localAddress() {
    return channel.localAddress();
  }

  // ---- on the loop

  /** It came to a listener. On the listener's loop, before it is registered. */
  void onAccepted() {
    if (!options.handshakeTimeout().isZero()) {
      handshake = new HandshakeTimer(this, driver, options.handshakeTimeout());
    }
  }

  @Override
  void onOpen() {
    if (handshake != null) {
      handshake.start();
    }
    super.onOpen();
  }

  @Override
  void onBroken(@Nullable Throwable cause) {
    super.onBroken(cause);
    if (handshake != null) {
      handshake.end();
    }
  }
}

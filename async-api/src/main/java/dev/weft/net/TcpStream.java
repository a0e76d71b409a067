package dev.weft.net;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.HostName;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.LoopReference;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryGroup;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection. Made by {@link TcpListener#accept} or {@link #connect}.
 *
 * <p><b>Threads.</b> Every method may be called from any thread and none blocks. Reading and
 * writing are independent of each other: one task may read while another writes. In each direction
 * one operation may wait at a time; a second one fails with {@link IllegalStateException}.
 *
 * <p><b>Failures.</b> Operations fail with {@link IOException}s whose message is {@code address:
 * reason}. When the connection breaks (the peer resets it, or vanishes), reads still hand out what
 * had arrived before and then fail; writes fail at once.
 *
 * <p><b>Cancellation.</b> Cancelling a read that waits loses no input: the next read gets it.
 * Cancelling a write that waits does not take its bytes back: they are sent, and until they are
 * they count beyond {@link TcpOptions#sendLimit}. A cancelled async method may be inside a read or
 * a write until its body has ended, which is later than its task; let only one method use a stream,
 * and close it there.
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
public final class TcpStream implements AutoCloseable {
  private final SocketDriver driver;
  private final SocketChannel channel;
  private final TcpOptions options;
  private final InetSocketAddress remote;
  private final String name;
  private final LoopReference reference;
  private final Inbox inbox;
  private final Intake intake;
  private final Outbox outbox;
  private final @Nullable IdleTimer idleTimer;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Of an accepted connection; set before anybody has it. */
  private @Nullable HandshakeTimer handshake;

  /** Made when one direction ends, as most connections are in use for most of their time. */
  private @Nullable Farewell farewell;

  /** See {@link #promised}. */
  private TcpStream(
      SocketDriver driver,
      SocketChannel channel,
      InetSocketAddress remote,
      TcpOptions options,
      @Nullable MemoryGroup group) {
    this.driver = driver;
    this.channel = channel;
    this.options = options;
    this.remote = remote;
    this.name = SocketErrors.format(remote);
    this.reference = LoopReference.to(driver, channel);
    this.inbox = new Inbox(this, options.receiveLimit());
    this.intake = new Intake(this, driver, channel, inbox, group);
    this.outbox = new Outbox(this, driver, channel, intake.memory(), options.sendLimit());
    this.idleTimer =
        options.idleTimeout().isZero() ? null : new IdleTimer(this, driver, inbox, outbox, options);
    StreamHandler.install(this, channel, inbox, intake, outbox, options);
    channel.closeFuture().addListener(done -> intake.memory().close());
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

  /**
   * Has this stream keep the event loop of a {@code NodeExecutor} alive, as it does from the start.
   * Without effect on other executors, which live until they are closed. From any thread.
   */
  public TcpStream ref() {
    reference.set(true);
    return this;
  }

  /** Lets that loop end although this stream is open. Node's {@code socket.unref()}. */
  public TcpStream unref() {
    reference.set(false);
    return this;
  }

  /**
   * Reads what has arrived.
   *
   * @return the next bytes, at least one, in a buffer that now belongs to the caller, who must
   *     release it or hand it on; null at the end of the stream, when the peer has shut its output
   *     down and everything before was read. Fails with {@link java.net.SocketException} if the
   *     connection is broken or this side closed it, with {@link java.net.SocketTimeoutException}
   *     if it was {@link TcpOptions#idleTimeout idle} for too long, after which it can still be
   *     used.
   */
  public Task<@Nullable ByteBuf> read() {
    return inbox.take();
  }

  /**
   * Writes a buffer. The buffer belongs to the stream from here on, also if the write fails.
   *
   * @return complete when the bytes are accepted: when all that is written and not yet sent fits
   *     into {@link TcpOptions#sendLimit}. They are sent soon after, in the order of the calls.
   *     Fails with {@link java.net.SocketException} if the connection is broken, closed, or shut
   *     down by {@link #shutdownOutput}; with {@link java.net.SocketTimeoutException} if it was
   *     idle for too long
   */
  public Task<@Nullable Void> write(ByteBuf buf) {
    if (!buf.isReadable()) {
      buf.release();
      return Async.done();
    }
    return outbox.write(buf);
  }

  /**
   * Ends the outgoing direction: the peer reads what was written before and then the end of the
   * stream. Reading goes on.
   *
   * @return complete when everything written is with the kernel, the end too. The same task every
   *     time.
   */
  public Task<@Nullable Void> shutdownOutput() {
    return outbox.shutDown();
  }

  /**
   * Ends the incoming direction on this side: reads still hand out what has arrived, in the
   * kernel's buffer too, and then the end of the stream. What the peer sends after that is not
   * read. For a server that wants to end: its handlers then finish by themselves. Returns at once.
   *
   * <p>{@link #close} after this ends the connection in order if everything that has arrived by
   * then was read, and else resets it: no peer is told that all is well when what it has sent was
   * dropped.
   */
  public void shutdownInput() {
    intake.cut();
  }

  /**
   * Closes the connection and frees what it holds. What was written before is still sent, in the
   * background, for up to {@link TcpOptions#lingerTimeout}. Operations that wait fail. Returns at
   * once; does nothing the second time.
   */
  @Override
  public void close() {
    close(options.lingerTimeout());
  }

  /**
   * Breaks the connection off and frees what it holds: what was written and not sent is dropped,
   * and the peer sees a reset and not an end, so that it does not take what it has got for the
   * whole. Operations that wait fail. Returns at once; also after {@link #close}, while what was
   * written is still being sent.
   */
  public void reset() {
    Supplier<IOException> reason = () -> SocketErrors.closed(name);
    closed.set(true);
    inbox.close(reason);
    outbox.end(reason);
    try {
      driver.execute(() -> channel.close());
    } catch (RejectedExecutionException loopHasEnded) {
      // and has reset it
    }
  }

  /** As {@link #reset}, but what was closed is still sent. */
  void resetUnlessClosed() {
    if (!closed.get()) {
      reset();
    }
  }

  /**
   * Closes a connection that nobody has got, and frees its descriptor: nothing was written to it
   * and nobody is going to read from it, so there is nothing to linger for.
   */
  void discard() {
    close(Duration.ZERO);
  }

  /** The channel was closed without having been registered; then Netty tells nobody. */
  void onNeverRegistered(Throwable cause) {
    intake.memory().close();
    onBroken(cause);
  }

  private void close(Duration linger) {
    boolean cut = intake.isCut();
    if (cut && inbox.held() > 0) {
      reset(); // it was the last that is read, and is not
      return;
    }
    if (closed.compareAndSet(false, true)) {
      Supplier<IOException> reason = () -> SocketErrors.closed(name);
      boolean unread = !intake.isReading() && !channel.isInputShutdown();
      inbox.close(reason); // first: what waits fails for this reason, and not for its consequences
      outbox.close(reason, () -> farewell().begin(linger, unread, cut));
      intake.updateInterest();
    }
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

  /** The peer's address as {@code 127.0.0.1:8080}. */
  @Override
  public String toString() {
    return name;
  }

  // ---- for tests

  boolean isHoldingBack() {
    return inbox.isFull() && !intake.isReading();
  }

  boolean isReadAwaited() {
    return inbox.isAwaited();
  }

  int held() {
    return inbox.held();
  }

  long unsent() {
    return outbox.pending();
  }

  // ---- from the inbox and the outbox, on any thread

  /** A read is about to wait: what was written before it goes out, and input is wanted. */
  void onReadWaiting() {
    if (driver.enter()) {
      try {
        outbox.flush();
      } finally {
        driver.leave();
      }
    }
    intake.start();
    touch();
  }

  /** Something moves, or somebody begins to wait. */
  void touch() {
    if (idleTimer != null) {
      idleTimer.touch();
    }
  }

  // ---- on the loop

  /** What it takes in. */
  Intake intake() {
    return intake;
  }

  /** It came to a listener. On the listener's loop, before it is registered. */
  void onAccepted() {
    if (!options.handshakeTimeout().isZero()) {
      handshake = new HandshakeTimer(this, driver, options.handshakeTimeout());
    }
  }

  /** Resets the connection; who uses it is told the reason. */
  void breakOff(Supplier<IOException> reason) {
    outbox.end(reason);
    inbox.close(reason);
    channel.close();
  }

  /** The channel is connected and registered. */
  void onOpen() {
    channel.localAddress(); // Netty remembers it from now on, also when the channel is closed
    if (handshake != null) {
      handshake.start();
    }
    if (idleTimer != null) {
      idleTimer.start();
    }
  }

  void onInputEnded() {
    if (intake.isEnded()) {
      return;
    }
    if (outbox.pending() > 0 && driver.backend().wasReset(channel)) {
      onBroken(new IOException("Connection reset by peer"));
      channel.close();
      return;
    }
    intake.end();
    farewell().closeIfDone();
  }

  void onOutputShutDown() {
    farewell().onOutputShutDown();
  }

  /** On the loop's thread. */
  private Farewell farewell() {
    Farewell made = farewell;
    if (made == null) {
      made = new Farewell(driver, channel, intake, outbox);
      farewell = made;
    }
    return made;
  }

  /** The connection has ended, by this failure or, if null, without one being reported. */
  void onBroken(@Nullable Throwable cause) {
    Supplier<IOException> reason = SocketErrors.broken(name, cause);
    outbox.end(reason);
    inbox.end(reason);
    if (idleTimer != null) {
      idleTimer.stop();
    }
    if (handshake != null) {
      handshake.end();
    }
  }
}

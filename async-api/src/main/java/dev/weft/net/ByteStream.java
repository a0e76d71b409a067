package dev.weft.net;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.LoopReference;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryGroup;
import dev.weft.net.poll.ChannelEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection that carries bytes both ways, whatever it is made of: {@link TcpStream}, {@link
 * UnixStream}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> echoLines(ByteStream socket) {
 *   try (socket) {
 *     for (String line; (line = await(socket.readLine(8192))) != null; ) {
 *       await(socket.writeAll(line + "\n"));
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
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
 */
public abstract sealed class ByteStream implements ByteReader, ByteWriter, AutoCloseable
    permits TcpStream, UnixStream {
  private final SocketDriver driver;
  private final DuplexChannel channel;
  private final TcpOptions options;
  private final String name;
  private final LoopReference reference;
  private final Inbox inbox;
  private final Intake intake;
  private final Outbox outbox;
  private final StreamHandler handler;
  private final @Nullable IdleTimer idleTimer;
  private final AtomicBoolean closed = new AtomicBoolean();

  /** Whether there are messages in the inbox, and no bytes. Written on the loop. */
  private volatile boolean framed;

  /** Made when one direction ends, as most connections are in use for most of their time. */
  private @Nullable Farewell farewell;

  /**
   * Sets up a channel that is not registered yet.
   *
   * @param name of the peer, for messages
   * @param group to which memory was promised for it: see {@link TcpStream#promised}
   */
  ByteStream(
      SocketDriver driver,
      DuplexChannel channel,
      String name,
      TcpOptions options,
      @Nullable MemoryGroup group) {
    this.driver = driver;
    this.channel = channel;
    this.options = options;
    this.name = name;
    this.reference = LoopReference.to(driver, channel);
    this.inbox = new Inbox(this, options.receiveLimit());
    this.intake = new Intake(this, driver, channel, inbox, group);
    this.outbox = new Outbox(this, driver, channel, intake.memory(), options.sendLimit());
    this.idleTimer =
        options.idleTimeout().isZero() ? null : new IdleTimer(this, driver, inbox, outbox, options);
    this.handler = StreamHandler.install(this, channel, inbox, intake, outbox, options);
    channel.closeFuture().addListener(done -> intake.memory().close());
  }

  // ---- what an application does with it

  /**
   * Has this stream keep the event loop of a {@code NodeExecutor} alive, as it does from the start.
   * Without effect on other executors, which live until they are closed. From any thread.
   */
  public ByteStream ref() {
    reference.set(true);
    return this;
  }

  /** Lets that loop end although this stream is open. Node's {@code socket.unref()}. */
  public ByteStream unref() {
    reference.set(false);
    return this;
  }

  @Override
  public Task<@Nullable ByteBuf> read() {
    return framed ? Settled.failure(isNoBytes("read")) : bytes(inbox.take());
  }

  @SuppressWarnings("unchecked") // there is nothing else, unless it is framed
  private static Task<@Nullable ByteBuf> bytes(Task<?> taken) {
    return (Task<@Nullable ByteBuf>) taken;
  }

  @Override
  public Task<ByteBuf> readExactly(int bytes) {
    return Reads.exactly(bytesInbox("readExactly"), channel.alloc(), bytes);
  }

  @Override
  public Task<@Nullable ByteBuf> readUntil(byte[] delimiter, int limit) {
    return Reads.until(bytesInbox("readUntil"), channel.alloc(), delimiter, limit);
  }

  @Override
  public Task<@Nullable String> readLine(int limit, Charset charset) {
    return Reads.line(bytesInbox("readLine"), channel.alloc(), limit, charset);
  }

  @Override
  public Task<ByteBuf> readAll(int limit) {
    return Reads.all(bytesInbox("readAll"), channel.alloc(), limit);
  }

  @Override
  public Task<ByteBuf> peek(int bytes) {
    return Reads.peek(bytesInbox("peek"), channel.alloc(), bytes);
  }

  @Override
  public Task<Long> skip(long bytes) {
    return Reads.skip(bytesInbox("skip"), bytes);
  }

  @Override
  public Task<@Nullable Void> write(ByteBuf buf) {
    if (!buf.isReadable()) {
      buf.release();
      return Async.done();
    }
    if (framed) {
      buf.release();
      return Settled.failure(isNoBytes("write"));
    }
    return outbox.write(buf);
  }

  @Override
  public Task<@Nullable Void> writeAll(List<ByteBuf> bufs) {
    return WritingAll.of(this, bufs);
  }

  @Override
  public Task<@Nullable Void> writeAll(byte[] bytes) {
    return WritingAll.of(this, channel.alloc(), bytes);
  }

  @Override
  public Task<@Nullable Void> sendFile(Path file, long position, long count) {
    return FileSending.start(this, driver.executor(), outbox, file, position, count);
  }

  @Override
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
      driver.execute(() -> ChannelEnd.abort(channel));
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
   * Copies two streams to each other until both have ended, as a proxy does. The end of one's input
   * becomes the end of the other's output, and the other direction goes on: half-closed connections
   * work. Tokio's {@code copy_bidirectional}, with two differences that its users had to write
   * themselves: a limit in time, and if a direction fails both streams are reset, so that no peer
   * takes a part for the whole.
   *
   * @param idleLimit how long nothing may move in either direction, before it fails with {@link
   *     java.net.SocketTimeoutException}; zero for ever
   * @return how many bytes it were, when both directions have ended in order; the streams are the
   *     caller's to close. Cancelling it resets both
   */
  public static Task<Copied> copyBidirectional(
      ByteStream one, ByteStream other, Duration idleLimit) {
    if (idleLimit.isNegative()) {
      throw new IllegalArgumentException("idleLimit must not be negative: " + idleLimit);
    }
    if (one == other) {
      throw new IllegalArgumentException(one + ": cannot be copied to itself");
    }
    return Copying.start(one, other, one.driver, TcpOptions.millis(idleLimit));
  }

  /**
   * Divides the stream for two owners, a reading and a writing one. The stream is closed when both
   * halves are; use it through them alone from now on.
   */
  public Halves split() {
    return new Halves(this);
  }

  /** The peer, as messages name it: {@code 127.0.0.1:8080}. */
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

  // ---- what stands between it and the socket

  /** For {@link Framing#begin}, and for layers. */
  final Framing framing(List<ChannelHandler> handlers) {
    return new Framing(this, driver, channel, handler, inbox, intake, outbox, handlers);
  }

  final boolean isFramed() {
    return framed;
  }

  final void setFramed(boolean now) {
    framed = now;
  }

  /** Whether what is written goes to the socket as it is. */
  final boolean isTransparent() {
    return !framed && handler.layer() == null;
  }

  final boolean isLayered() {
    return handler.layer() != null;
  }

  final DuplexChannel channel() {
    return channel;
  }

  final SocketDriver driver() {
    return driver;
  }

  final boolean isClosed() {
    return closed.get() || !channel.isOpen();
  }

  private IllegalStateException isNoBytes(String method) {
    return new IllegalStateException(
        name + ": " + method + "() of a stream that is framed; use the FramedStream's");
  }

  /** The inbox, for those who take bytes out of it. */
  private Inbox bytesInbox(String method) {
    if (framed) {
      throw isNoBytes(method);
    }
    return inbox;
  }

  // ---- from the inbox and the outbox, on any thread

  /** A read is about to wait: what was written before it goes out, and input is wanted. */
  void onReadWaiting() {
    if (driver.enter()) {
      try {
        driver.flushForTask(outbox);
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

  /** Resets the connection; who uses it is told the reason. */
  void breakOff(Supplier<IOException> reason) {
    outbox.end(reason);
    inbox.close(reason);
    ChannelEnd.abort(channel);
  }

  /** The channel is connected and registered. */
  void onOpen() {
    channel.localAddress(); // Netty remembers it from now on, also when the channel is closed
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
      ChannelEnd.abort(channel);
      return;
    }
    intake.end(() -> null);
    farewell().closeIfDone();
  }

  void onOutputShutDown() {
    farewell().onOutputShutDown();
  }

  /** On the loop's thread. */
  Farewell farewell() {
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
  }
}

package dev.weft.net;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.OwedFlush;
import dev.weft.net.loop.SocketDriver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is to be sent from a socket and not yet taken by the kernel; as a stream's {@link Outbox}. A
 * send on the loop's thread goes straight into Netty's outbound buffer, and is given to the kernel
 * with others before the next poll. One from another thread is {@link #staged} here and moved there
 * by the loop.
 *
 * <p>Any number of sends may wait: a server's tasks answer through one socket.
 */
final class DatagramOutbox extends OwedFlush {
  /** As much as Netty counts for a message beside its bytes. */
  private static final int OVERHEAD = 96;

  /** For how long what was accepted is still sent when the socket is closed. Guessed. */
  private static final long LINGER_MILLIS = 1_000;

  private final UdpSocket socket;
  private final SocketDriver driver;
  private final DatagramChannel channel;

  // Guarded by this.
  private final ArrayDeque<Outgoing> staged = new ArrayDeque<>(0);
  private long stagedBytes;
  private boolean drainScheduled;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>(0);
  private @Nullable Supplier<IOException> end;

  /** Why a datagram was not sent, until a {@link #flushed} tells it. */
  private @Nullable IOException untold;

  // Confined to the loop's thread.
  private @Nullable ChannelHandlerContext context;
  private @Nullable Sending last;
  private long sent;
  private long failed;

  DatagramOutbox(UdpSocket socket, SocketDriver driver, DatagramChannel channel) {
    this.socket = socket;
    this.driver = driver;
    this.channel = channel;
  }

  void attach(ChannelHandlerContext handlerContext) {
    context = handlerContext;
  }

  private record Outgoing(ByteBuf content, InetSocketAddress recipient) {
    int bytes() {
      return content.capacity() + OVERHEAD;
    }
  }

  /** A send that waits for room. One that is cancelled waits no longer; its datagram is sent. */
  private static final class Waiting extends Task<@Nullable Void> {
    @Override
    protected boolean stop() {
      return cancel(false) || isDone();
    }
  }

  /** A datagram that is with Netty. */
  private final class Sending extends DefaultChannelPromise {
    private final InetSocketAddress recipient;
    private final int bytes;

    Sending(Outgoing outgoing) {
      super(channel);
      recipient = outgoing.recipient();
      bytes = outgoing.content().readableBytes();
    }

    @Override
    public boolean trySuccess(@Nullable Void result) {
      sent++;
      return super.trySuccess(null);
    }

    @Override
    public boolean tryFailure(Throwable cause) {
      onFailed(recipient, bytes, cause); // first: who waits for this is to be told
      return super.tryFailure(cause);
    }
  }

  // ---- sending, from any thread

  /** Takes the buffer over. See {@link UdpSocket#send}. */
  Task<@Nullable Void> send(ByteBuf content, InetSocketAddress recipient) {
    Outgoing outgoing = new Outgoing(content, recipient);
    if (!driver.enter()) {
      return stage(outgoing);
    }
    try {
      return sendOnLoop(outgoing);
    } finally {
      driver.leave();
    }
  }

  private Task<@Nullable Void> stage(Outgoing outgoing) {
    boolean schedule = false;
    Task<@Nullable Void> accepted = Async.done();
    Supplier<IOException> refusal;
    synchronized (this) {
      refusal = end;
      if (refusal == null) {
        staged.add(outgoing);
        stagedBytes += outgoing.bytes();
        schedule = !drainScheduled;
        drainScheduled = true;
        if (stagedBytes > channel.bytesBeforeUnwritable()) {
          Waiting waits = new Waiting();
          waiting.add(
              waits); // the drain, which is still to come, looks whether it can be completed
          accepted = waits;
        }
      }
    }
    if (refusal != null) {
      outgoing.content().release();
      return Settled.failure(refusal.get());
    }
    if (schedule) {
      onLoop(this::drain);
    }
    return accepted;
  }

  private Task<@Nullable Void> sendOnLoop(Outgoing outgoing) {
    Supplier<IOException> refusal;
    synchronized (this) {
      refusal = end;
    }
    if (refusal != null) {
      outgoing.content().release();
      return Settled.failure(refusal.get());
    }
    moveStaged();
    append(outgoing);
    if (channel.isWritable()) {
      driver.flushLater(this);
      return Async.done();
    }
    flush();
    synchronized (this) {
      if (channel.isWritable()) {
        return Async.done();
      }
      if (end != null) { // the flush has found the socket broken
        return Settled.failure(end.get());
      }
      Waiting accepted = new Waiting();
      waiting.add(accepted);
      return accepted;
    }
  }

  /** Succeeds when the kernel has all that was accepted. See {@link UdpSocket#flush}. */
  Task<@Nullable Void> flushed() {
    synchronized (this) {
      if (end != null) {
        return Settled.failure(end.get());
      }
    }
    Waiting done = new Waiting();
    try {
      driver.execute(
          () -> {
            sendStaged();
            whenTaken(() -> tell(done));
          });
    } catch (RejectedExecutionException loopHasEnded) {
      done.completeExceptionally(broken(loopHasEnded));
    }
    return done;
  }

  private void tell(Waiting done) {
    IOException failure;
    synchronized (this) {
      failure = untold;
      untold = null;
    }
    if (failure == null) {
      done.complete(null);
    } else if (!done.completeExceptionally(failure)) { // it was cancelled: the next one tells it
      synchronized (this) {
        untold = failure;
      }
    }
  }

  // ---- on the loop

  private void append(Outgoing outgoing) {
    if (!outgoing.content().isReadable() && !driver.backend().sendsEmpty()) {
      outgoing.content().release();
      flush();
      whenTaken(() -> sendEmpty(outgoing.recipient()));
      return;
    }
    dirty = true;
    Sending sending = new Sending(outgoing);
    last = sending;
    context().write(new DatagramPacket(outgoing.content(), outgoing.recipient()), sending);
  }

  /** Beside Netty, which cannot: see {@link dev.weft.net.poll.Backend#sendEmpty}. */
  private void sendEmpty(InetSocketAddress recipient) {
    if (!channel.isOpen()) {
      return; // and its descriptor may be another's by now
    }
    try {
      driver.backend().sendEmpty(channel, recipient);
      sent++;
    } catch (IOException | RuntimeException refused) { // the JDK's are of both kinds
      onFailed(recipient, 0, refused);
    }
  }

  private void onFailed(InetSocketAddress recipient, int bytes, Throwable cause) {
    IOException failure;
    synchronized (this) {
      if (end != null) { // it is dropped with the socket
        untold = untold == null ? end.get() : untold;
        return;
      }
      failed++;
      failure = SocketErrors.notSent(SocketErrors.format(recipient), bytes, cause);
      if (!socket.isConnected()) {
        untold = untold == null ? failure : untold;
      }
    }
    if (socket.isConnected()) {
      socket.intake().tell(failure);
    } else {
      SocketLog.cannotSend(socket, failure);
    }
  }

  /** Runs it when the kernel has taken, or refused, all that is here now. */
  private void whenTaken(Runnable action) {
    Sending before = last;
    if (before == null || before.isDone()) {
      action.run();
    } else {
      before.addListener(taken -> action.run());
    }
  }

  private void moveStaged() {
    for (; ; ) {
      Outgoing outgoing;
      synchronized (this) {
        outgoing = staged.poll();
      }
      if (outgoing == null) {
        return;
      }
      int bytes = outgoing.bytes();
      try {
        append(outgoing);
      } finally {
        synchronized (this) {
          stagedBytes = Math.max(0, stagedBytes - bytes); // 0 if it has ended meanwhile
        }
      }
    }
  }

  private void sendStaged() {
    moveStaged();
    flush();
  }

  private void drain() {
    synchronized (this) {
      drainScheduled = false; // before the queue is looked at: who stages later schedules again
    }
    sendStaged();
    onWritable();
  }

  @Override
  protected void flush() {
    if (dirty) {
      dirty = false;
      context().flush();
    }
  }

  /** Completes sends that wait, as long as there is room. */
  void onWritable() {
    for (; ; ) {
      Waiting accepted;
      synchronized (this) {
        if (!staged.isEmpty() || !channel.isWritable()) {
          return;
        }
        accepted = waiting.poll();
      }
      if (accepted == null) {
        return;
      }
      accepted.complete(null);
    }
  }

  long sent() {
    return sent;
  }

  long failed() {
    return failed;
  }

  // ---- ending, from any thread

  /** No more can be sent, for this reason, and what is here is dropped; the first reason counts. */
  void end(Supplier<IOException> reason) {
    List<Outgoing> dropped;
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
      dropped = List.copyOf(staged);
      staged.clear();
      stagedBytes = 0;
    }
    dropped.forEach(outgoing -> outgoing.content().release());
    failWaiting(reason);
  }

  /** No more can be sent, but what was accepted is; then, or after a while, it is closed. */
  void close(Supplier<IOException> reason) {
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
    }
    failWaiting(reason);
    onLoop(this::closeChannel);
  }

  private void closeChannel() {
    sendStaged();
    whenTaken(channel::close);
    if (channel.isOpen()) {
      driver.addLingering(channel);
      try {
        driver.loop().schedule(() -> channel.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException loopHasEnded) {
        channel.close();
      }
    }
  }

  private void failWaiting(Supplier<IOException> reason) {
    List<Waiting> failing;
    synchronized (this) {
      failing = List.copyOf(waiting);
      waiting.clear();
    }
    failing.forEach(send -> send.completeExceptionally(reason.get()));
  }

  private void onLoop(Runnable action) {
    try {
      driver.execute(action);
    } catch (RejectedExecutionException closed) {
      end(() -> broken(closed));
    }
  }

  private IOException broken(Throwable cause) {
    return SocketErrors.broken(socket.toString(), cause).get();
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "the channel is registered before it is handed out");
  }
}

package dev.weft.net;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.OwedFlush;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.Piece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a connection and not yet taken by the kernel.
 *
 * <p>A write on the loop's thread goes straight into Netty's outbound buffer. One from another
 * thread is {@link #staged} here and moved there by the loop. A task that writes from another
 * thread and then, after it has moved, from the loop's own must not overtake itself: whatever is
 * staged goes first.
 *
 * <p>A write is accepted, and its task complete, when all that is written fits under Netty's
 * high-water mark; else when it has gone down to the low-water mark.
 */
final class Outbox extends OwedFlush {
  private final TcpStream stream;
  private final SocketDriver driver;
  private final SocketChannel channel;
  private final ConnectionMemory memory;
  private final int limit;

  // Guarded by this.
  private final ArrayDeque<ByteBuf> staged = new ArrayDeque<>(0);
  private long stagedBytes;
  private boolean drainScheduled;
  private @Nullable Task<@Nullable Void> waiting;
  private @Nullable Task<@Nullable Void> shutdown;
  private @Nullable Supplier<IOException> end;

  // Confined to the loop's thread.
  private @Nullable ChannelHandlerContext context;
  private boolean dirty;
  private boolean listed;

  /** Null until something is written that is not of the connection's own memory. */
  private @Nullable ForeignBytes foreign;

  /** The high-water mark that the channel has now. */
  private int highWaterMark;

  Outbox(
      TcpStream stream,
      SocketDriver driver,
      SocketChannel channel,
      ConnectionMemory memory,
      int limit) {
    this.stream = stream;
    this.driver = driver;
    this.channel = channel;
    this.memory = memory;
    this.limit = limit;
    this.highWaterMark = limit;
  }

  void attach(ChannelHandlerContext handlerContext) {
    context = handlerContext;
  }

  /** A write that waits for room. One that is cancelled waits no longer; its bytes are sent. */
  private static final class Write extends Task<@Nullable Void> {
    @Override
    protected boolean stop() {
      return cancel(false) || isDone();
    }
  }

  // ---- writing, from any thread

  /** Takes the buffer over. See {@link TcpStream#write}. */
  Task<@Nullable Void> write(ByteBuf buf) {
    if (!driver.enter()) {
      return stage(buf);
    }
    try {
      return writeOnLoop(buf);
    } finally {
      driver.leave();
    }
  }

  private Task<@Nullable Void> stage(ByteBuf buf) {
    boolean schedule = false;
    Task<@Nullable Void> accepted = null;
    Throwable refusal;
    synchronized (this) {
      refusal = refusal();
      if (refusal == null) {
        staged.add(buf);
        stagedBytes += buf.capacity();
        schedule = !drainScheduled;
        drainScheduled = true;
        if (stagedBytes > channel.bytesBeforeUnwritable()) {
          accepted = new Write();
          waiting =
              accepted; // the drain, which is still to come, looks whether it can be completed
        }
      }
    }
    if (refusal != null) {
      buf.release();
      return Settled.failure(refusal);
    }
    if (schedule) {
      onLoop(this::drain);
    }
    stream.touch();
    return accepted == null ? Async.done() : accepted;
  }

  private Task<@Nullable Void> writeOnLoop(ByteBuf buf) {
    stream.touch();
    Throwable refusal;
    synchronized (this) {
      refusal = refusal();
    }
    if (refusal != null) {
      buf.release();
      return Settled.failure(refusal);
    }
    moveStaged();
    append(buf);
    if (channel.isWritable()) {
      if (!listed) {
        listed = true;
        driver.flushLater(this);
      }
      return Async.done();
    }
    flush();
    Task<@Nullable Void> accepted;
    synchronized (this) {
      if (channel.isWritable()) {
        return Async.done();
      }
      if (end != null) { // the flush has found the connection broken
        return Settled.failure(end.get());
      }
      accepted = new Write();
      waiting = accepted;
    }
    stream.touch();
    return accepted;
  }

  /** Under the lock: why a write cannot be taken now, or null. */
  private @Nullable Throwable refusal() {
    if (end != null) {
      return end.get();
    }
    if (shutdown != null) {
      return SocketErrors.outputShutDown(stream.toString());
    }
    if (waiting != null && !waiting.isDone()) {
      return new IllegalStateException(
          stream
              + ": write() while another write to the same stream is waiting; await that one first");
    }
    return null;
  }

  /** True while a task waits for room. */
  synchronized boolean isAwaited() {
    return waiting != null && !waiting.isDone();
  }

  /** Fails the write that waits, if one does, and nothing else. */
  void failWaiting(Supplier<IOException> reason) {
    Task<@Nullable Void> failed;
    synchronized (this) {
      failed = waiting;
      waiting = null;
    }
    if (failed != null) {
      failed.completeExceptionally(reason.get());
    }
  }

  // ---- on the loop

  private void append(ByteBuf buf) {
    dirty = true;
    followMemory();
    if (!Piece.isPiece(buf)) {
      addForeign(buf);
    }
    context().write(buf, channel.voidPromise());
  }

  private void addForeign(ByteBuf buf) {
    if (foreign == null) {
      foreign = new ForeignBytes(driver, channel, memory);
    }
    foreign.add(buf);
  }

  /** Lets less wait to be sent while memory is short. */
  private void followMemory() {
    int now = Math.min(limit, memory.sendLimit());
    if (now != highWaterMark) {
      highWaterMark = now;
      channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(now / 2, now));
    }
  }

  private void moveStaged() {
    for (; ; ) {
      ByteBuf buf;
      synchronized (this) {
        buf = staged.poll();
      }
      if (buf == null) {
        return;
      }
      int bytes = buf.capacity();
      try {
        append(buf);
      } finally {
        synchronized (this) {
          // Only now: counted nowhere for a moment, it would let a write in that does not fit. One
          // that waits as it is counted twice is looked at by the drain that it has scheduled.
          stagedBytes = Math.max(0, stagedBytes - bytes); // 0 if it has ended meanwhile
        }
      }
    }
  }

  /** Sends what is written, from other threads too, as much as the kernel takes. */
  void sendStaged() {
    moveStaged();
    flush();
  }

  /** Succeeds when all that is written is with the kernel. */
  ChannelFuture whenSent() {
    dirty = false;
    return context().writeAndFlush(Unpooled.EMPTY_BUFFER);
  }

  private void drain() {
    synchronized (this) {
      drainScheduled = false; // before the queue is looked at: who stages later schedules again
    }
    sendStaged();
    onWritable();
  }

  /** Sends what is written, if anything is. */
  void flush() {
    if (dirty) {
      dirty = false;
      context().flush();
      if (foreign != null) {
        foreign.account();
      }
    }
  }

  @Override
  protected void flushListed() {
    listed = false;
    flush();
  }

  /** Completes the write that waits if there is room now. */
  void onWritable() {
    Task<@Nullable Void> accepted;
    synchronized (this) {
      if (waiting == null || !staged.isEmpty() || !channel.isWritable()) {
        return;
      }
      accepted = waiting;
      waiting = null;
    }
    accepted.complete(null);
  }

  /** Bytes that the kernel has not taken yet; changes whenever it takes some. */
  long pending() {
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    return pending == null ? 0 : pending.totalPendingWriteBytes() + pending.currentProgress();
  }

  // ---- ending, from any thread

  /** See {@link TcpStream#shutdownOutput}. */
  Task<@Nullable Void> shutDown() {
    Task<@Nullable Void> done;
    synchronized (this) {
      if (shutdown != null) {
        return shutdown;
      }
      if (end != null) {
        return Settled.failure(end.get());
      }
      done = new Task<>();
      shutdown = done;
    }
    onLoop(
        () -> {
          moveStaged();
          // Netty's own shutdown drops what is not sent yet, so it has to wait for its turn.
          whenSent().addListener(written -> shutDownChannel(written, done));
        });
    return done;
  }

  private void shutDownChannel(Future<?> written, Task<@Nullable Void> done) {
    if (!written.isSuccess()) {
      done.completeExceptionally(broken(written.cause()));
      return;
    }
    channel
        .shutdownOutput()
        .addListener(
            shut -> {
              if (shut.isSuccess()) {
                stream.onOutputShutDown();
                done.complete(null);
              } else {
                done.completeExceptionally(broken(shut.cause()));
              }
            });
  }

  private IOException broken(@Nullable Throwable cause) {
    return SocketErrors.broken(stream.toString(), cause).get();
  }

  /** No more can be written, for this reason; the first reason counts. */
  void end(Supplier<IOException> reason) {
    Task<@Nullable Void> failedWrite;
    Task<@Nullable Void> failedShutdown;
    List<ByteBuf> dropped;
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
      failedWrite = waiting;
      waiting = null;
      failedShutdown = shutdown;
      dropped = List.copyOf(staged);
      staged.clear();
      stagedBytes = 0;
    }
    dropped.forEach(ByteBuf::release);
    if (failedWrite != null) {
      failedWrite.completeExceptionally(reason.get());
    }
    if (failedShutdown != null && !failedShutdown.isDone()) {
      failedShutdown.completeExceptionally(reason.get());
    }
  }

  /**
   * No more can be written, but what was written is sent.
   *
   * @param farewell sends it, by {@link #sendStaged} and {@link #whenSent}; on the loop
   */
  void close(Supplier<IOException> reason, Runnable farewell) {
    Task<@Nullable Void> failedWrite;
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
      failedWrite = waiting;
      waiting = null;
    }
    if (failedWrite != null) {
      failedWrite.completeExceptionally(reason.get());
    }
    onLoop(farewell);
  }

  private void onLoop(Runnable action) {
    try {
      driver.execute(action);
    } catch (RejectedExecutionException closed) {
      end(() -> broken(closed));
    }
  }

  private ChannelHandlerContext context() {
    return Objects.requireNonNull(context, "the channel is registered before it is handed out");
  }
}

package dev.weft.net;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.ConnectionMemory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is written to a connection and not yet taken by the kernel.
 *
 * <p>A write on the loop's thread goes straight to {@link Sending}. One from another thread is
 * {@link #staged} here and moved there by the loop. A task that writes from another thread and
 * then, after it has moved, from the loop's own must not overtake itself: whatever is staged goes
 * first.
 *
 * <p>A write is accepted, and its task complete, when all that is written fits under Netty's
 * high-water mark; else when it has gone down to the low-water mark.
 */
final class Outbox extends Sending {
  // Guarded by this.
  private final ArrayDeque<Staged> staged = new ArrayDeque<>(0);
  private long stagedBytes;
  private boolean drainScheduled;
  private @Nullable PendingWrite waiting;
  private @Nullable Task<@Nullable Void> shutdown;
  private @Nullable Supplier<IOException> end;

  /**
   * False if there are none of these, so that a write on the loop needs no lock. Set under the lock
   * by whoever makes one, cleared by {@link #moveStaged} alone. A write that finds it false has
   * seen what was before: what its task had staged is appended, and an end would have kept it true.
   * What others do meanwhile comes after it, as drain, shutdown and farewell wait for the loop.
   */
  private volatile boolean special;

  Outbox(
      ByteStream stream,
      SocketDriver driver,
      DuplexChannel channel,
      ConnectionMemory memory,
      int limit) {
    super(stream, driver, channel, memory, limit);
  }

  // ---- writing, from any thread

  /** Takes a buffer over, or a message. See {@link ByteStream#write}. */
  Task<@Nullable Void> write(Object message) {
    if (!driver.enter()) {
      return stage(message);
    }
    try {
      return writeOnLoop(message);
    } finally {
      driver.leave();
    }
  }

  private Task<@Nullable Void> stage(Object message) {
    boolean schedule = false;
    PendingWrite accepted = null;
    Throwable refusal;
    synchronized (this) {
      refusal = refusal();
      if (refusal == null) {
        stagedBytes += CapacityEstimator.weigh(message);
        schedule = !drainScheduled;
        drainScheduled = true;
        // A message may turn out not to be one that can be encoded, which its writer is told.
        if (stagedBytes > channel.bytesBeforeUnwritable() || stream.isFramed()) {
          accepted = new PendingWrite(false); // the drain looks whether it can be completed
          waiting = accepted;
        }
        special = true;
        staged.add(new Staged(message, accepted));
      }
    }
    if (refusal != null) {
      ReferenceCountUtil.release(message);
      return Settled.failure(refusal);
    }
    if (schedule) {
      onLoop(this::drain);
    }
    stream.touch();
    return accepted == null ? Async.done() : accepted;
  }

  private Task<@Nullable Void> writeOnLoop(Object message) {
    stream.touch();
    Throwable refusal = special ? refusal() : null;
    if (refusal != null) {
      ReferenceCountUtil.release(message);
      return Settled.failure(refusal);
    }
    moveStaged();
    if (takeAlone(message)) {
      driver.flushLater(this);
      return Async.done();
    }
    Throwable unencodable = append(message);
    if (unencodable != null) {
      return Settled.failure(unencodable);
    }
    if (channel.isWritable()) {
      driver.flushLater(this);
      return Async.done();
    }
    flush();
    PendingWrite accepted;
    synchronized (this) {
      if (channel.isWritable()) {
        return Async.done();
      }
      if (end != null) { // the flush has found the connection broken
        return Settled.failure(end.get());
      }
      Throwable busy = refusal(); // of another thread's, since the look above
      if (busy != null) {
        return Settled.failure(busy);
      }
      accepted = new PendingWrite(false);
      waiting = accepted;
      special = true;
    }
    stream.touch();
    return accepted;
  }

  /** Has a write wait as others do, if it can; else says why not. {@link #endWaiting} follows. */
  synchronized @Nullable Throwable beginWaiting(PendingWrite write) {
    Throwable refusal = refusal();
    if (refusal == null) {
      waiting = write;
      special = true;
    }
    return refusal;
  }

  synchronized void endWaiting(PendingWrite write) {
    if (waiting == write) {
      waiting = null;
    }
  }

  /** Sends what is not bytes, after all that was written before. On the loop. */
  ChannelFuture send(FileRegion region) {
    moveStaged();
    return sendAfterAll(region);
  }

  /** Why a write cannot be taken now, or null. */
  private synchronized @Nullable Throwable refusal() {
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

  private void moveStaged() {
    while (special) {
      Staged next;
      synchronized (this) {
        next = staged.poll();
        // With one polled it stays true, until that one is appended and the next look finds none.
        special = next != null || isAwaited() || shutdown != null || end != null;
      }
      if (next == null) {
        return;
      }
      int bytes = CapacityEstimator.weigh(next.message);
      try {
        Throwable unencodable = takeAlone(next.message) ? null : append(next.message);
        if (unencodable != null && next.writer != null) {
          endWaiting(next.writer);
          next.writer.completeExceptionally(unencodable);
        }
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

  private void drain() {
    synchronized (this) {
      drainScheduled = false; // before the queue is looked at: who stages later schedules again
    }
    sendStaged();
    onWritable();
  }

  /** Completes the write that waits if there is room now. */
  void onWritable() {
    Task<@Nullable Void> accepted;
    synchronized (this) {
      if (waiting == null || waiting.untilSent || !staged.isEmpty() || !channel.isWritable()) {
        return;
      }
      accepted = waiting;
      waiting = null;
    }
    accepted.complete(null);
  }

  // ---- ending, from any thread

  /** See {@link ByteStream#shutdownOutput}. */
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
      special = true;
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
      breakIfFailed(written.cause());
      done.completeExceptionally(broken(written.cause()));
      return;
    }
    endOutput()
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
    List<Staged> dropped;
    synchronized (this) {
      if (end == null) {
        end = reason;
        special = true;
      }
      failedWrite = waiting;
      waiting = null;
      failedShutdown = shutdown;
      dropped = List.copyOf(staged);
      staged.clear();
      stagedBytes = 0;
    }
    dropped.forEach(each -> ReferenceCountUtil.release(each.message));
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
        special = true;
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
}

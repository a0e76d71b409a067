package dev.weft.net;

import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Fails the operations of one stream that have waited while nothing moved for longer than its idle
 * timeout.
 *
 * <p>One timer per stream, not one per operation: it looks at the clock of the last activity and
 * sets itself anew for what is left. What the kernel takes of a waiting write is seen only when the
 * timer looks, so a write may wait for up to twice the timeout.
 */
final class IdleTimer implements Runnable {
  private final ByteStream stream;
  private final SocketDriver driver;
  private final Inbox inbox;
  private final Outbox outbox;
  private final TcpOptions options;
  private final long timeoutNanos;

  /** Any thread writes it; a race between two writers makes no difference that matters. */
  private volatile long lastActivity = System.nanoTime();

  // Confined to the loop's thread.
  private long lastPending;
  private @Nullable Future<?> next;

  IdleTimer(
      ByteStream stream, SocketDriver driver, Inbox inbox, Outbox outbox, TcpOptions options) {
    this.stream = stream;
    this.driver = driver;
    this.inbox = inbox;
    this.outbox = outbox;
    this.options = options;
    this.timeoutNanos = options.idleTimeout().toNanos();
  }

  void touch() {
    lastActivity = System.nanoTime();
  }

  void start() {
    touch();
    schedule(timeoutNanos);
  }

  void stop() {
    Future<?> scheduled = next;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  @Override
  public void run() {
    long pending = outbox.pending();
    if (pending != lastPending) {
      lastPending = pending;
      touch();
    }
    long left = timeoutNanos - (System.nanoTime() - lastActivity);
    if (left > 0) {
      schedule(left);
      return;
    }
    if (inbox.isAwaited() || outbox.isAwaited()) {
      Supplier<IOException> reason =
          () -> SocketErrors.idle(stream.toString(), options.idleTimeout());
      inbox.failWaiting(reason);
      outbox.failWaiting(reason);
    }
    schedule(timeoutNanos);
  }

  private void schedule(long nanos) {
    next = driver.loop().schedule(this, nanos, TimeUnit.NANOSECONDS);
  }
}

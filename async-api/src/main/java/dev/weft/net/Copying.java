package dev.weft.net;

import dev.weft.Task;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Two streams that are copied to each other. Each direction is a {@link Pump}; when both have ended
 * this ends, and when one fails both streams are reset, so that neither peer takes what it has got
 * for the whole.
 */
final class Copying extends Task<Copied> {
  /**
   * So many buffers one direction moves before it lets the loop look at its other sockets: what is
   * on two loops may never run out. Guessed.
   */
  private static final int ROUNDS = 32;

  private final ByteStream one;
  private final ByteStream other;
  private final SocketDriver driver;
  private final Duration idleLimit;
  private final Pump forth;
  private final Pump back;
  private final AtomicInteger running = new AtomicInteger(2);

  /** Whether it is settled how this ends: in order, or by resets. */
  private final AtomicBoolean ending = new AtomicBoolean();

  /** Any thread writes it; a race between two writers makes no difference that matters. */
  private volatile long lastMoved = System.nanoTime();

  private volatile @Nullable Future<?> timer;

  /** Of the timer, which looks once at a time. */
  private long lastUnsent;

  private Copying(ByteStream one, ByteStream other, SocketDriver driver, Duration idleLimit) {
    this.one = one;
    this.other = other;
    this.driver = driver;
    this.idleLimit = idleLimit;
    this.forth = new Pump(one, other);
    this.back = new Pump(other, one);
  }

  /**
   * Begins.
   *
   * @param driver whose loop watches the time
   * @param idleLimit zero for none
   */
  static Task<Copied> start(
      ByteStream one, ByteStream other, SocketDriver driver, Duration idleLimit) {
    Copying copying = new Copying(one, other, driver, idleLimit);
    copying.forth.run();
    copying.back.run();
    if (!idleLimit.isZero()) {
      copying.schedule(idleLimit.toNanos());
    }
    return copying;
  }

  // ---- the idle limit

  private void schedule(long nanos) {
    if (!isDone()) {
      timer = driver.loop().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }
    if (isDone()) {
      stopTimer(); // who has ended it may not have seen this one
    }
  }

  private void look() {
    long unsent = one.unsent() + other.unsent();
    if (unsent != lastUnsent) { // the kernel takes what is written, though nobody waits for that
      lastUnsent = unsent;
      lastMoved = System.nanoTime();
    }
    long left = idleLimit.toNanos() - (System.nanoTime() - lastMoved);
    if (left > 0) {
      schedule(left);
    } else {
      completeExceptionally(SocketErrors.idle(one + " <-> " + other, idleLimit));
    }
  }

  private void stopTimer() {
    Future<?> scheduled = timer;
    if (scheduled != null) {
      scheduled.cancel(false);
    }
  }

  // ---- the end

  private void onPumpEnded() {
    if (running.decrementAndGet() == 0) {
      complete(new Copied(forth.bytes, back.bytes));
      stopTimer();
    }
  }

  @Override
  public boolean complete(@Nullable Copied value) {
    return ending.compareAndSet(false, true) && super.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable error) {
    return reset() && super.completeExceptionally(error);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return reset() && super.cancel(mayInterruptIfRunning);
  }

  /**
   * Before this ends: whoever awaits it closes the streams then, which would tell a peer that has a
   * part that this was all. False if it has ended otherwise.
   */
  private boolean reset() {
    if (!ending.compareAndSet(false, true)) {
      return false;
    }
    one.reset();
    other.reset();
    stopTimer();
    return true;
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
  }

  /**
   * One direction. It goes on inside whatever it has waited for; {@link #run} is not entered twice
   * at a time, as it leaves before that can end.
   */
  private final class Pump {
    private final ByteStream from;
    private final ByteStream to;

    /** Written by one thread after the other; read when the pump has ended. */
    private long bytes;

    Pump(ByteStream from, ByteStream to) {
      this.from = from;
      this.to = to;
    }

    void run() {
      for (int round = 1; !isDone(); round++) {
        if (round > ROUNDS) {
          goOnLater();
          return;
        }
        Task<@Nullable ByteBuf> read = from.read();
        if (!read.isDone() || read.isCompletedExceptionally()) {
          read.handle(
              (buf, error) -> {
                if (error != null) {
                  completeExceptionally(error);
                } else if (move(buf)) {
                  run();
                }
                return null;
              });
          return;
        }
        if (!move(read.join())) {
          return;
        }
      }
    }

    private void goOnLater() {
      try {
        to.driver().loop().execute(this::run);
      } catch (RejectedExecutionException loopHasEnded) {
        completeExceptionally(SocketErrors.closed(to.toString()));
      }
    }

    /** True if it can go on at once. */
    private boolean move(@Nullable ByteBuf buf) {
      lastMoved = System.nanoTime();
      if (buf == null) {
        to.shutdownOutput()
            .handle(
                (shut, error) -> {
                  if (error == null) {
                    onPumpEnded();
                  } else {
                    completeExceptionally(error);
                  }
                  return null;
                });
        return false;
      }
      int moved = buf.readableBytes();
      Task<@Nullable Void> write = to.write(buf);
      if (write.isDone() && !write.isCompletedExceptionally()) {
        bytes += moved;
        return true;
      }
      write.handle(
          (accepted, error) -> {
            if (error == null) {
              bytes += moved;
              lastMoved = System.nanoTime();
              run();
            } else {
              completeExceptionally(error);
            }
            return null;
          });
      return false;
    }
  }
}

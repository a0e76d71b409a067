package dev.weft.stream;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A stream that is none of Weft's own: numbers from 0, some of them there and some not, with a
 * closing that takes time. It sees to it that it is used as the contract says.
 */
final class Source implements AsyncStream<Integer> {
  private final int count;
  private final Random random;

  /** At which number it fails; -1 for never. */
  int failAt = -1;

  /** True if it never has an element at once. */
  boolean slow;

  /** True if it always has. */
  boolean ready;

  final AtomicInteger asked = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();

  /** Under way: asked for and not ended. */
  final AtomicInteger under = new AtomicInteger();

  /** Set when the closing has ended. */
  volatile boolean ended;

  private int next;
  private @Nullable Task<@Nullable Void> closing;

  Source(int count, long seed) {
    this.count = count;
    this.random = new Random(seed);
  }

  @Override
  public Task<@Nullable Integer> next() {
    if (under.get() != 0) {
      throw new AssertionError("asked twice");
    }
    if (closing != null) {
      throw new AssertionError("asked after it was closed");
    }
    asked.incrementAndGet();
    if (ready || (!slow && random.nextBoolean())) {
      return come(next++);
    }
    under.incrementAndGet();
    Arriving arriving =
        new Arriving(
            AsyncExecutor.currentOrShared().sleep(Duration.ofMillis(random.nextInt(3) + 1)));
    arriving.sleep.whenComplete((nothing, cancelled) -> arriving.arrive());
    if (random.nextInt(3) == 0) {
      arriving.thenRun(() -> {}); // who is cancelled lets go of it, and does not ask it to end
    }
    return arriving;
  }

  private Task<@Nullable Integer> come(int number) {
    if (number == failAt) {
      return Settled.failure(new IllegalStateException("at " + number));
    }
    return Async.done(number < count ? number : null);
  }

  @Override
  public synchronized Task<@Nullable Void> closeAsync() {
    if (closing == null) {
      if (under.get() != 0) {
        throw new AssertionError("closed while an element is under way");
      }
      closed.incrementAndGet();
      Task<@Nullable Void> end = new Task<>();
      AsyncExecutor.currentOrShared()
          .sleep(Duration.ofMillis(1))
          .whenComplete(
              (nothing, error) -> {
                ended = true;
                end.complete(null);
              });
      closing = end;
    }
    return closing;
  }

  /** An element that has not come: cancelled, it is not used up. */
  private final class Arriving extends Task<@Nullable Integer> {
    private final CompletableFuture<Boolean> decided = new CompletableFuture<>();
    private final Task<@Nullable Void> sleep;

    Arriving(Task<@Nullable Void> sleep) {
      this.sleep = sleep;
    }

    void arrive() {
      if (!decided.complete(true)) {
        return;
      }
      int number = next++;
      under.decrementAndGet();
      Task<@Nullable Integer> settled = come(number);
      settled.whenComplete(
          (value, error) -> {
            if (error == null) {
              super.complete(value);
            } else {
              super.completeExceptionally(error);
            }
          });
    }

    @Override
    protected boolean stop() {
      if (decided.complete(false)) {
        under.decrementAndGet();
        super.cancel(false);
        sleep.cancel(false);
      }
      return true;
    }

    @Override
    public boolean cancel(boolean interrupt) {
      return stop() && isCancelled();
    }
  }
}

package dev.weft.frame;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A frame that parks and ends when a test says so. */
final class Call extends Frame<Integer> {
  /** How often it was scheduled. */
  final AtomicInteger wakeUps = new AtomicInteger();

  /** How often its body has ended. */
  int ends;

  /** What the body ends with when it is polled. */
  private CompletableFuture<?> result = Settled.value(1);

  private CompletableFuture<?> parkedOn;

  /** It sees what its await came to as soon as it is woken, as if a worker had been waiting. */
  boolean looksAtOnce;

  /** What it has seen so. */
  String seen = "nothing";

  /** Whether it was cancelled at its await when it was polled. It goes on none the less. */
  boolean told;

  /** A call whose body is under way. */
  Call(CountingExecutor counting) {
    super(counting.executor);
    state = 1;
  }

  /** The same, whose body ends with a certain stage when it is polled. */
  Call(CountingExecutor counting, CompletableFuture<?> result) {
    this(counting);
    this.result = result;
  }

  void woken() {
    wakeUps.incrementAndGet();
    if (looksAtOnce) {
      seen = next();
    }
  }

  void parkOn(CompletableFuture<?> future) {
    parkedOn = future;
    park(future, 1);
  }

  @Override
  protected Object resume() {
    told |= awaited != null && takeAwaited() != parkedOn;
    return result;
  }

  @Override
  protected void onEnd() {
    ends++;
  }

  /**
   * Goes on with a call that has parked once: what its await came to, then what the next one does
   * that would wait. {@code "told"}: it was cancelled there; {@code "outcome, told"}: it got the
   * outcome, and was cancelled at the next one. {@code "waits"}: it was not woken.
   */
  String fate() {
    if (wakeUps.get() == 0) {
      return "waits";
    }
    String first = next();
    if (wakeUps.get() > 1) {
      return first + ", woken twice";
    }
    parkOn(new Task<>());
    return wakeUps.get() == 1 ? first : first + ", " + next();
  }

  private String next() {
    return takeAwaited() == parkedOn ? "outcome" : "told";
  }
}

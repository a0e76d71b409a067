package dev.weft.sync;

import dev.weft.Task;
import dev.weft.select.Selectable;
import org.jspecify.annotations.Nullable;

/**
 * Tells a task that something has happened, and says nothing about what. Tokio's {@code Notify}:
 * what one builds a primitive of one's own with, that is not here.
 *
 * <pre>{@code
 * final class Mailbox {
 *   private final Queue<String> letters = new ConcurrentLinkedQueue<>();
 *   private final Notify arrived = new Notify();
 *
 *   void put(String letter) {
 *     letters.add(letter);
 *     arrived.notifyOne();
 *   }
 *
 *   CompletableFuture<String> take() { // by one task
 *     while (true) {
 *       String letter = letters.poll();
 *       if (letter != null) {
 *         return done(letter);
 *       }
 *       await(arrived.notified());
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>{@link #notifyOne} that comes first is kept for the next who waits, but only one is; so in the
 * loop above no letter is overlooked, and it may be polled once in vain. {@link #notifyAll} is
 * Java's own and something else; here it is {@link #notifyWaiters}.
 *
 * <p>Who waits is told in the order in which it came. What happened before a call of {@code
 * notifyOne} is seen by the one that it tells. All methods may be called from any thread.
 */
public final class Notify {
  private final Permits permits = new Permits(this, 0, 1, true);

  @SuppressWarnings("NullAway") // a Void is null
  private final Ready<@Nullable Void> ready = new Ready<>(permits, 1, null);

  /** One that has told nobody. */
  public Notify() {}

  /**
   * Waits until it is told. It waits from this call on, not from the await on: a {@link
   * #notifyWaiters} in between counts. (In Tokio a {@code Notified} has to be enabled for {@code
   * notify_one} to count.)
   *
   * <p>One that was told by {@code notifyOne} and reaches nobody, because it was cancelled at that
   * moment, passes that on to the next.
   *
   * @return a task that is for one await, at once. Where a notification was kept it is the same
   *     object each time, which does not know who looks at it: two that await one such task both go
   *     on by that one
   */
  public Task<@Nullable Void> notified() {
    return permits.acquire(ready);
  }

  /** {@link #notified}, as a branch of a select. A branch that loses has taken no notification. */
  public Selectable<@Nullable Void> onNotified() {
    return new Acquire<>(ready);
  }

  /** Tells who has waited for longest; if nobody waits, the next who does goes on at once. */
  public void notifyOne() {
    permits.release(1);
  }

  /** Tells all who wait now. Nothing is kept for those who come later. */
  public void notifyWaiters() {
    permits.releaseAll();
  }

  @Override
  public String toString() {
    return "Notify[" + (permits.available() == 0 ? "nothing kept" : "one kept") + "]";
  }
}

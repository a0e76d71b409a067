package dev.weft.sync;

import dev.weft.Task;
import dev.weft.select.Selectable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that one task at a time has, over awaits too. Tokio's {@code Mutex}; in Java it stands
 * where {@code synchronized} and {@code ReentrantLock} cannot: their owner is a thread, and an
 * async method goes on after an await on another one.
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> order(AsyncMutex stock, Shop shop, Item item) {
 *   try (var held = await(stock.lock())) {
 *     return done(await(buy(shop, item))); // one at a time, also while this waits
 *   }
 * }
 * }</pre>
 *
 * <p>For code that does not await, {@code synchronized} is the right thing in an async method too.
 *
 * <p>Fair: it is handed to who has waited for longest, and nobody overtakes. If n tasks want it,
 * each gets it once in n turns. The price of that is that a lock which is always wanted is handed
 * over by waking a task each time; what is done under a lock that never awaits is better done under
 * {@code synchronized}, where that price would show.
 *
 * <p>Why so: a task that gives the lock back and asks for it again is there before the one that it
 * has woken. Where overtaking is allowed it gets the lock each time, and the other one starves:
 * users have met that with .NET's {@code SemaphoreSlim}, which promises no order, and with Go's
 * mutex, which hands itself over since then to who has waited for a millisecond. {@code
 * ReentrantLock} overtakes by default and calls its fair form slower, as a woken thread takes long
 * to run and the lock stands idle meanwhile, for the whole convoy behind it; what is woken here is
 * a task in a worker's queue. Tokio and Kotlin promise this order too; Trio keeps it, and has asked
 * itself whether it should.
 *
 * <p>Not reentrant: who has it and asks for it again waits for itself. It is nobody's in
 * particular, so it can be taken in one task and given back in another. All methods may be called
 * from any thread.
 */
public final class AsyncMutex {
  private final Permits permits = new Permits(this, 1, 1, false);
  private final Held held = new Held(this);
  private final Ready<Held> ready = new Ready<>(permits, 1, held);

  /** One that nobody has. */
  public AsyncMutex() {
    permits.guards = List.of(held);
  }

  /**
   * Takes the lock, when those who came before have had it.
   *
   * <p>Cancelling: who waits leaves the queue; who had been given it at that moment has it, and the
   * cancellation comes at the next await. Inside a {@code try} as above, nothing can be lost.
   *
   * @return a task that is for one await, at once. Where the lock was free it is the same object
   *     each time, which does not know who looks at it: two that await one such task both go on
   */
  public Task<Held> lock() {
    return permits.acquire(ready);
  }

  /** Takes the lock if it is free and nobody waits for it; else null. */
  public @Nullable Held tryLock() {
    return permits.tryAcquire(1) ? held : null;
  }

  /** {@link #lock}, as a branch of a select. */
  public Selectable<Held> onLock() {
    return new Acquire<>(ready);
  }

  /** True if somebody has it: as of now, which may be over before the caller looks at it. */
  public boolean isLocked() {
    return permits.available() == 0;
  }

  /** Something to wait for that others do while they have this lock. */
  public AsyncCondition newCondition() {
    return new AsyncCondition(this);
  }

  Permits permits() {
    return permits;
  }

  Held held() {
    return held;
  }

  @Override
  public String toString() {
    return "AsyncMutex[" + (isLocked() ? "locked" : "free") + "]";
  }

  /**
   * The lock, held; {@link #close} gives it back. One object for each lock, so that it costs
   * nothing. That is why closing it twice is found out only if the lock is free by then, and gives
   * away another one's lock if it is not: leave it to {@code try}, which closes it once.
   *
   * <pre>{@code
   * static boolean isFree(AsyncMutex mutex) {
   *   try (var held = mutex.tryLock()) { // null if somebody else has it, which try puts up with
   *     return held != null;
   *   }
   * }
   * }</pre>
   */
  public static final class Held implements AutoCloseable {
    private final AsyncMutex mutex;

    Held(AsyncMutex mutex) {
      this.mutex = mutex;
    }

    /** Which lock this is. */
    public AsyncMutex mutex() {
      return mutex;
    }

    /**
     * Gives the lock back: to who has waited for longest, if anybody does.
     *
     * @throws IllegalStateException if nobody has it
     */
    @Override
    public void close() {
      mutex.permits.release(1);
    }
  }
}

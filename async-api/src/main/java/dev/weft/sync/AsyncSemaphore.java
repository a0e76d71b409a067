package dev.weft.sync;

import dev.weft.Task;
import dev.weft.select.Selectable;
import org.jspecify.annotations.Nullable;

/**
 * A number of permits, of which tasks take some and give them back: how many requests are under way
 * at once, how many bytes are in memory. Tokio's {@code Semaphore}; {@code
 * java.util.concurrent.Semaphore} for tasks.
 *
 * <pre>{@code
 * static CompletableFuture<Receipt> order(AsyncSemaphore atOnce, Shop shop, Item item) {
 *   try (var permit = await(atOnce.acquire())) {
 *     return done(await(buy(shop, item)));
 *   }
 * }
 * }</pre>
 *
 * <p>Fair: who has waited for longest is served first, also if it wants many permits and there are
 * few: those behind it wait until it has got them, so that many small requests cannot starve a big
 * one. If it is withdrawn (cancelled, timed out) they go on. {@link #tryAcquire} does not overtake
 * either; the JDK's does.
 *
 * <p>Permits belong to nobody: {@link #release()} may be called by any task or thread, and makes
 * new permits if none was taken before. There is no {@code close()}: who waits in vain is cancelled
 * with its scope, or by a time limit. All methods may be called from any thread.
 */
public final class AsyncSemaphore {
  private final Permits permits;
  private final Ready<Permit> one;

  /** For the number that was last asked for, if it was not one: mostly it is the same again. */
  private volatile @Nullable Ready<Permit> many;

  /**
   * One with so many permits.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public AsyncSemaphore(int permits) {
    this.permits = new Permits(this, checked(permits), Integer.MAX_VALUE, false);
    this.one = make(1);
  }

  private Ready<Permit> make(int number) {
    return new Ready<>(permits, number, new Permit(permits, number));
  }

  private Ready<Permit> ready(int number) {
    if (number == 1) {
      return one;
    }
    Ready<Permit> ready = many;
    if (ready == null || ready.number != number) {
      ready = make(checked(number));
      many = ready;
    }
    return ready;
  }

  private static int checked(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("a number of permits is negative: " + number);
    }
    return number;
  }

  /**
   * Takes a permit, when those who came before have got theirs. Cancelling loses none: who waits
   * leaves the queue, and who had been given one at that moment has it.
   *
   * @return a task that is for one await, at once. Where nobody had to wait it is the same object
   *     each time, which does not know who looks at it: two that await one such task both go on,
   *     with one permit
   */
  public Task<Permit> acquire() {
    return permits.acquire(one);
  }

  /**
   * Takes several permits, all at once. More than there are at all are waited for until somebody
   * makes them.
   *
   * @return as of {@link #acquire()}; the same object for as long as the same number is asked for
   * @throws IllegalArgumentException if the number is negative
   */
  public Task<Permit> acquire(int number) {
    return permits.acquire(ready(number));
  }

  /** Takes a permit if there is one and nobody waits; else null. */
  public @Nullable Permit tryAcquire() {
    return tryAcquire(1);
  }

  /** Takes several permits if there are as many and nobody waits; else null. */
  public @Nullable Permit tryAcquire(int number) {
    Ready<Permit> ready = ready(number);
    return permits.tryAcquire(number) ? ready.guard : null;
  }

  /** {@link #acquire()}, as a branch of a select. */
  public Selectable<Permit> onAcquire() {
    return new Acquire<>(one);
  }

  /** {@link #acquire(int)}, as a branch of a select. */
  public Selectable<Permit> onAcquire(int number) {
    return new Acquire<>(ready(number));
  }

  /**
   * Gives a permit back, or makes one.
   *
   * @throws IllegalStateException if there would be more than {@link Integer#MAX_VALUE}
   */
  public void release() {
    permits.release(1);
  }

  /** Gives several permits back, or makes them. As {@link #release()}. */
  public void release(int number) {
    permits.release(checked(number));
  }

  /** How many permits there are, as of now. Some of them may be kept for one who wants more. */
  public int availablePermits() {
    return permits.available();
  }

  @Override
  public String toString() {
    return "AsyncSemaphore[" + availablePermits() + " permits]";
  }

  /**
   * Permits that were taken; {@link #close} gives them back. One object for all who take as many,
   * so closing it twice makes permits that there were not: leave it to {@code try}. Who keeps
   * permits for good, or gives them back one by one by {@link AsyncSemaphore#release()}, does not
   * close it.
   *
   * <pre>{@code
   * static boolean hasRoom(AsyncSemaphore bytes, int size) {
   *   try (var permit = bytes.tryAcquire(size)) {
   *     return permit != null;
   *   }
   * }
   * }</pre>
   */
  public static final class Permit implements AutoCloseable {
    private final Permits permits;
    private final int number;

    Permit(Permits permits, int number) {
      this.permits = permits;
      this.number = number;
    }

    /** How many these are. */
    public int number() {
      return number;
    }

    /** Gives them back. */
    @Override
    public void close() {
      permits.release(number);
    }
  }
}

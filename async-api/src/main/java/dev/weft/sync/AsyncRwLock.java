package dev.weft.sync;

import dev.weft.Task;
import dev.weft.select.Selectable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A lock that many readers have at once, or one writer. Tokio's {@code RwLock}.
 *
 * <pre>{@code
 * static CompletableFuture<Price> price(AsyncRwLock prices, Shop shop, Item item) {
 *   try (var reading = await(prices.read())) {
 *     return done(await(shop.price(item)));
 *   }
 * }
 * }</pre>
 *
 * <p>Fair: a reader waits behind each writer that came before it, though other readers have the
 * lock, so that writers do not starve; and readers that stand in the queue one behind the other get
 * it together. It follows that who reads and asks to read again can wait for ever: for a writer in
 * between, which waits for it.
 *
 * <p>A writer can become a reader without anybody in between ({@link WriteHeld#downgrade}). A
 * reader cannot become a writer: of two that tried, each would wait for the other to stop reading.
 * Give it back, take it for writing, and look again whether what was read still holds.
 *
 * <p>All methods may be called from any thread, and nothing is tied to one.
 */
public final class AsyncRwLock {
  /** So many can read at once; then readers wait. Tokio's number. */
  static final int MOST_READERS = Integer.MAX_VALUE >> 2;

  private final Permits permits = new Permits(this, MOST_READERS, MOST_READERS, false);
  private final Ready<ReadHeld> reading = new Ready<>(permits, 1, new ReadHeld(permits));
  private final Ready<WriteHeld> writing =
      new Ready<>(permits, MOST_READERS, new WriteHeld(permits, reading.guard));

  /** One that nobody has. */
  public AsyncRwLock() {
    permits.guards = List.of(reading.guard, writing.guard);
  }

  /**
   * Takes the lock for reading, when the writers that came before have had it. Who is cancelled
   * while it waits leaves the queue; who had been given it at that moment has it.
   *
   * @return a task that is for one await, at once. Where nobody had to wait it is the same object
   *     each time, which does not know who looks at it: two that await one such task both go on,
   *     and the lock is held for one
   */
  public Task<ReadHeld> read() {
    return permits.acquire(reading);
  }

  /** Takes the lock for writing, when all who came before have had it. As {@link #read}. */
  public Task<WriteHeld> write() {
    return permits.acquire(writing);
  }

  /** Takes the lock for reading if nobody writes and nobody waits; else null. */
  public @Nullable ReadHeld tryRead() {
    return permits.tryAcquire(1) ? reading.guard : null;
  }

  /** Takes the lock for writing if nobody has it and nobody waits; else null. */
  public @Nullable WriteHeld tryWrite() {
    return permits.tryAcquire(MOST_READERS) ? writing.guard : null;
  }

  /** {@link #read}, as a branch of a select. */
  public Selectable<ReadHeld> onRead() {
    return new Acquire<>(reading);
  }

  /** {@link #write}, as a branch of a select. */
  public Selectable<WriteHeld> onWrite() {
    return new Acquire<>(writing);
  }

  @Override
  public String toString() {
    int free = permits.available();
    String state =
        free == 0 ? "written" : free == MOST_READERS ? "free" : MOST_READERS - free + " reading";
    return "AsyncRwLock[" + state + "]";
  }

  /**
   * The lock, held for reading. One object for all readers of it, to be closed once by each.
   *
   * <pre>{@code
   * static boolean isWritten(AsyncRwLock lock) {
   *   try (var reading = lock.tryRead()) {
   *     return reading == null; // or about to be
   *   }
   * }
   * }</pre>
   */
  public static final class ReadHeld implements AutoCloseable {
    private final Permits permits;

    ReadHeld(Permits permits) {
      this.permits = permits;
    }

    /**
     * Stops reading.
     *
     * @throws IllegalStateException if nobody has the lock
     */
    @Override
    public void close() {
      permits.release(1);
    }
  }

  /**
   * The lock, held for writing.
   *
   * <pre>{@code
   * static CompletableFuture<Price> change(AsyncRwLock prices, Shop shop, Item item) {
   *   AsyncRwLock.ReadHeld reading;
   *   var writing = await(prices.write());
   *   try {
   *     await(buy(shop, item));
   *   } finally {
   *     reading = writing.downgrade(); // in place of close
   *   }
   *   try (reading) {
   *     return done(await(shop.price(item)));
   *   }
   * }
   * }</pre>
   */
  public static final class WriteHeld implements AutoCloseable {
    private final Permits permits;
    private final ReadHeld reading;

    WriteHeld(Permits permits, ReadHeld reading) {
      this.permits = permits;
      this.reading = reading;
    }

    /**
     * Goes on as a reader; no writer comes in between. This is not to be closed any more. Readers
     * at the head of the queue come in as well.
     *
     * @throws IllegalStateException if the lock is not held for writing
     */
    public ReadHeld downgrade() {
      permits.release(MOST_READERS - 1);
      return reading;
    }

    /**
     * Stops writing.
     *
     * @throws IllegalStateException if the lock is not held for writing
     */
    @Override
    public void close() {
      permits.release(MOST_READERS);
    }
  }
}

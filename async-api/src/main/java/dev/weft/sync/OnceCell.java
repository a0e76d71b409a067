package dev.weft.sync;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A value that is made when it is first asked for, and once: a connection pool, a parsed
 * configuration. Tokio's {@code OnceCell}.
 *
 * <pre>{@code
 * final class Prices {
 *   private final OnceCell<Price> best = new OnceCell<>();
 *
 *   CompletableFuture<Price> best(Shop shop, Item item) {
 *     return best.getOrInit(() -> shop.price(item));
 *   }
 * }
 * }</pre>
 *
 * <p>Who comes while the value is being made waits for it. If that fails, or who makes it is
 * cancelled, nothing is kept: the next who waits tries, with the initialiser of its own, in the
 * order in which they came. That is the difference to a future that is stored and shared, where one
 * failure is everybody's and one cancellation too. An initialiser that asks the cell for its value
 * waits for itself.
 *
 * <p>All methods may be called from any thread.
 *
 * @param <T> the type of the value, which is not null
 */
public final class OnceCell<T> {
  private final AsyncMutex turn = new AsyncMutex();

  /** Complete, and shared by all; null until there is a value. Written with the turn held. */
  private volatile @Nullable Task<T> value;

  /** One without a value. */
  public OnceCell() {}

  /** The value; null if there is none yet. */
  public @Nullable T get() {
    Task<T> there = value;
    return there == null ? null : there.join();
  }

  /**
   * The value, which the initialiser makes if there is none yet and nobody makes it. Allocates
   * nothing if there is.
   *
   * @param initialiser called by the calling thread if nobody else is at it, else when it is its
   *     turn, where an async method would go on. Its stage must not bring null. If it fails, this
   *     call fails with it. It is a call of who calls this, and is cancelled with it
   */
  public Task<T> getOrInit(Callable<? extends CompletionStage<T>> initialiser) {
    Task<T> there = value;
    if (there != null) {
      return there;
    }
    return new Initialising<>(this, Objects.requireNonNull(initialiser)).begin();
  }

  @Override
  public String toString() {
    T there = get();
    return "OnceCell[" + (there == null ? "empty" : there) + "]";
  }

  /**
   * What an async method would be: it awaits its turn, and then the initialiser, and gives the turn
   * back however that ends.
   */
  private static final class Initialising<T> extends Frame<T> {
    private static final int TURN = 1;
    private static final int VALUE = 2;

    private final OnceCell<T> cell;
    private final Callable<? extends CompletionStage<T>> initialiser;

    Initialising(OnceCell<T> cell, Callable<? extends CompletionStage<T>> initialiser) {
      this.cell = cell;
      this.initialiser = initialiser;
    }

    @SuppressWarnings("unchecked")
    Task<T> begin() {
      Task<AsyncMutex.Held> turn = cell.turn.lock();
      if (!Await.isReady(turn)) {
        return (Task<T>) suspendOn(turn, TURN, null);
      }
      try {
        return (Task<T>) initialise(Await.take(turn), null);
      } catch (Throwable error) {
        return Settled.thrown(error);
      }
    }

    @Override
    @SuppressWarnings("unchecked")
    protected Object resume() {
      CompletableFuture<?> awaited = takeAwaited();
      return state == TURN
          ? initialise((AsyncMutex.Held) Await.take(awaited), this)
          : end((CompletableFuture<T>) awaited, cell.turn.held());
    }

    private Task<?> initialise(AsyncMutex.Held turn, @Nullable Frame<T> resumed) {
      Task<T> there = cell.value;
      if (there != null) {
        turn.close();
        return there;
      }
      CompletableFuture<T> stage;
      boolean ready;
      try {
        stage = Await.future(initialiser.call());
        ready = Await.isReady(stage);
      } catch (Throwable error) {
        turn.close();
        return resumed == null ? Settled.thrown(error) : Settled.failure(error);
      }
      return ready ? end(stage, turn) : suspendOn(stage, VALUE, resumed);
    }

    private Task<T> end(CompletableFuture<T> stage, AsyncMutex.Held turn) {
      try (turn) {
        T made = Await.take(stage);
        Task<T> there =
            Settled.value(Objects.requireNonNull(made, "the initialiser's value is null"));
        cell.value = there;
        return there;
      }
    }
  }
}

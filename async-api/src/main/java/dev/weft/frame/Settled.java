package dev.weft.frame;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * A task that is complete from the start, and may be shared: its outcome cannot be obtruded.
 *
 * <pre>{@code
 * Task<Receipt> soldOut = Settled.failure(new SoldOutException(item));
 * }</pre>
 *
 * @param <T> the type of the result
 */
public class Settled<T extends @Nullable Object> extends Task<T> {
  /** For one that is also something else; it is to be completed at once. */
  protected Settled() {}

  /** A task that holds a value. */
  public static <T extends @Nullable Object> Task<T> value(@Nullable T value) {
    Settled<T> settled = new Value<>();
    settled.complete(value);
    return settled;
  }

  /** A task that has failed. */
  public static <T extends @Nullable Object> Task<T> failure(Throwable error) {
    Settled<T> settled = new Settled<>();
    settled.completeExceptionally(error);
    return settled;
  }

  /**
   * What an async method returns when its body throws before it has ever suspended. Nobody has it
   * but the method's caller.
   */
  public static <T extends @Nullable Object> Task<T> thrown(Throwable error) {
    Thrown<T> thrown = new Thrown<>();
    thrown.completeExceptionally(error);
    return thrown;
  }

  /**
   * {@inheritDoc} Always: an await of a value that is there need not look at more than the class.
   */
  @Override
  public final boolean isFinished() {
    return true;
  }

  private static final class Value<T extends @Nullable Object> extends Settled<T> {
    /** {@inheritDoc} It is there: {@link Task#join} would look once more whether it has to wait. */
    @Override
    public T join() {
      return getNow(null);
    }
  }

  static final class Thrown<T extends @Nullable Object> extends Settled<T> {}

  @Override
  public final void obtrudeValue(@Nullable T value) {
    throw new UnsupportedOperationException("a shared, settled task");
  }

  @Override
  public final void obtrudeException(Throwable error) {
    throw new UnsupportedOperationException("a shared, settled task");
  }
}

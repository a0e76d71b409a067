package dev.weft.handoff;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer gets whose element is there already: a complete task, which is one object for as
 * long as each of its values is simply awaited. What {@link Recurring} is for those who have to
 * wait.
 *
 * <pre>
 *   FREE -&gt; BUSY -&gt; HELD   its owner puts a value in
 *   HELD -&gt; BUSY -&gt; FREE   the await that gets it
 *   HELD -&gt; PLAIN             somebody derives something from it, or passes it on; it stays as it is
 *   FREE -&gt; BUSY -&gt; SPENT  the same after an await has taken the value: it has none any more
 *   HELD -&gt; BUSY -&gt; GONE   it reaches nobody, and is given back
 * </pre>
 *
 * By compare-and-set, but for those out of BUSY, in which nobody else reads or writes the value:
 * see {@link Recurring}. Nobody waits for it, so its value is the superclass's own, for all to see,
 * for as long as it is held.
 *
 * @param <T> what is handed over
 */
public abstract class Present<T extends @Nullable Object> extends Returnable<T> {
  private static final int FREE = 0;
  private static final int HELD = 1;
  private static final int PLAIN = 2;
  private static final int GONE = 3;
  private static final int SPENT = 4;
  private static final int BUSY = 5;

  private static final VarHandle FORM;

  static {
    try {
      FORM = MethodHandles.lookup().findVarHandle(Present.class, "form", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through FORM
  private volatile int form;

  /** One without a value; it is to be shown to nobody yet. */
  protected Present() {}

  /**
   * Puts a value in. By its owner, on the consumer's thread.
   *
   * @return false if the last one was not taken by an await: its owner needs another one
   */
  public final boolean put(@Nullable T value) {
    if (!move(FREE, BUSY)) {
      return false;
    }
    super.obtrudeValue(value);
    FORM.setRelease(this, HELD);
    return true;
  }

  private boolean move(int from, int to) {
    return FORM.compareAndSet(this, from, to);
  }

  /** Makes it the caller's, if it has a certain form. */
  private boolean seize(int from) {
    for (int now; (now = form) == from || now == BUSY; ) {
      if (now == from && move(from, BUSY)) {
        return true;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  /** True if it holds a value that the await which it is for has yet to take. */
  public final boolean isInUse() {
    return form == HELD;
  }

  /** {@inheritDoc} Always: it is shown to nobody before. */
  @Override
  public final boolean isFinished() {
    return true;
  }

  @Override
  public final T join() {
    if (seize(HELD)) {
      T value = super.getNow(null);
      super.obtrudeValue(null); // it is not kept alive until the next one comes
      FORM.setRelease(this, FREE);
      return value;
    }
    if (form == FREE) {
      throw taken();
    }
    return super.join();
  }

  private static IllegalStateException taken() {
    return new IllegalStateException(
        "an await has taken this value before. It is for one await, at once");
  }

  private void observe() {
    for (int now; (now = form) == HELD || now == FREE || now == BUSY; ) {
      if (now == HELD && move(HELD, PLAIN)) {
        return;
      }
      if (now == FREE && move(FREE, BUSY)) {
        super.obtrudeException(taken());
        FORM.setRelease(this, SPENT);
        return;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  protected final boolean onClaimed() {
    observe();
    return super.onClaimed();
  }

  @Override
  protected final void onAbandoned() {
    if (seize(HELD)) {
      T value = super.getNow(null);
      super.obtrudeException(givenBack());
      FORM.setRelease(this, GONE);
      giveBack(value);
    } else if (form == PLAIN) {
      super.onAbandoned();
    }
  }

  @Override
  public final T getNow(T valueIfAbsent) {
    observe();
    return super.getNow(valueIfAbsent);
  }

  @Override
  public final T get() throws InterruptedException, ExecutionException {
    observe();
    return super.get();
  }

  @Override
  public final T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    observe();
    return super.get(timeout, unit);
  }
}

package dev.weft.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls of async methods that nobody awaited when their callers went on: called and dropped, or
 * kept to be awaited later, or called outside any executor. They belong to no task, and yet their
 * executor has to wait for them when it ends, to cancel them, and to name those that do not end.
 *
 * <p>In stripes, each an array under its own lock; a call knows its place, so that it leaves as
 * easily as it came, and nothing is allocated. A call whose caller awaits it at once never comes
 * here: its carrier remembers the last one and forgets it then.
 *
 * <p>Who adds a call enters it, sets its bit, and then looks whether it has ended; who ends one
 * publishes that and then looks at the bit. So one of them removes it, or both try to.
 *
 * <pre>{@code
 * CompletableFuture<Void> call = echo(socket); // suspends in a read; from here on it is detached
 * System.err.println(Whereabouts.of(call));
 * call.join(); // or cancel it, or close its executor, which waits for it
 * }</pre>
 */
public final class DetachedCalls {
  private static final int STRIPES = 8; // guessed; a power of two
  private static final int NOWHERE = -1;

  private static final class Stripe {
    @Nullable Frame<?>[] calls = new Frame<?>[8];
    int size;
    long begun;
  }

  private final Stripe[] stripes = new Stripe[STRIPES];

  /** None yet. */
  public DetachedCalls() {
    Arrays.setAll(stripes, i -> new Stripe());
  }

  /** Adds a call that has suspended. Adding it twice does nothing. */
  public void add(Frame<?> call) {
    if ((call.set(Link.DETACHED) & Link.DETACHED) != 0) {
      return;
    }
    int number = (int) Thread.currentThread().getId() & (STRIPES - 1);
    Stripe stripe = stripes[number];
    synchronized (stripe) {
      stripe.begun++;
      if (stripe.size == stripe.calls.length) {
        stripe.calls = Arrays.copyOf(stripe.calls, 2 * stripe.size);
      }
      call.detachedAt = stripe.size * STRIPES + number;
      stripe.calls[stripe.size++] = call;
    }
    call.set(Link.ENTERED);
    if (call.hasEnded()) {
      remove(call);
    }
  }

  /** Removes a call that has ended; does nothing if it is not here. */
  public void remove(Frame<?> call) {
    if (!call.take(Link.ENTERED)) {
      return; // who enters it will see that it has ended; or has removed it
    }
    int number = call.detachedAt % STRIPES;
    Stripe stripe = stripes[number];
    synchronized (stripe) {
      int at = call.detachedAt / STRIPES;
      Frame<?> last = Objects.requireNonNull(stripe.calls[--stripe.size]);
      stripe.calls[stripe.size] = null;
      if (last != call) {
        stripe.calls[at] = last;
        last.detachedAt = at * STRIPES + number;
      }
      call.detachedAt = NOWHERE;
    }
  }

  /** How many were ever added. */
  public long begun() {
    long begun = 0;
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        begun += stripe.begun;
      }
    }
    return begun;
  }

  /** How many there are; exact only if none is added meanwhile. */
  public int size() {
    int size = 0;
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        size += stripe.size;
      }
    }
    return size;
  }

  /**
   * Shows somebody those that are here: each that is here from the beginning to the end, and some
   * of the others. From the last place of a stripe to the first: who leaves is replaced by the
   * last, so one moves to where it may be seen again, and never to where it is not seen at all. No
   * lock is held meanwhile, and no list is made.
   */
  public void forEach(Consumer<? super Frame<?>> visitor) {
    for (Stripe stripe : stripes) {
      int at = Integer.MAX_VALUE;
      while (at > 0) {
        Frame<?> call;
        synchronized (stripe) {
          at = Math.min(at, stripe.size) - 1;
          call = at < 0 ? null : stripe.calls[at];
        }
        if (call != null) {
          visitor.accept(call);
        }
      }
    }
  }

  /** Those that are here. */
  public List<Frame<?>> snapshot() {
    List<Frame<?>> all = new ArrayList<>();
    for (Stripe stripe : stripes) {
      synchronized (stripe) {
        for (int i = 0; i < stripe.size; i++) {
          all.add(Objects.requireNonNull(stripe.calls[i]));
        }
      }
    }
    return all;
  }
}

package dev.weft.frame;

import java.util.concurrent.CompletableFuture;

/**
 * Completes the stack trace of an exception by the calls that await the one which has failed. A
 * thread's own stack ends where the executor polls; who waits for what is in the slots of the
 * frames, and in which line each stands is woven into them. So all of it is found when something
 * fails, and nothing is noted while all goes well.
 *
 * <pre>
 *   java.lang.IllegalStateException: sold out
 *     at shop.Stock.take(Stock.java:21)                 the Java stack, up to the poll
 *     at await//shop.Shop.reserve(Shop.java:34)         who awaits that, at which line
 *     at await//shop.Shop.order(Shop.java:52)
 *     at task 7 "order"//shop.Main.main(Main.java:12)   where the task was spawned
 * </pre>
 *
 * <p>It is done once, however many awaits an exception passes: when it leaves the first body that
 * was suspended before, or, if it comes from what is no call (a time limit, a plain future), when
 * an await throws it. A chain ends at its task, or at a call that nobody awaits yet; who comes to
 * await that later is added then. Kotlin copies the exception for this, which not every class of
 * exceptions allows, and after which it is not the one that was thrown; Python and .NET write at
 * each await, so that what many await grows without end.
 *
 * <p>{@link AsyncTrace} is what is known of one exception, and says what of it is left alone. Any
 * thread. Nothing that goes wrong here may change what the program sees, so nothing is thrown: the
 * exception keeps the trace that it has.
 */
final class AsyncTraces {
  /** {@code -Ddev.weft.asyncTraces=false} turns it off. */
  private static final boolean ON = isOn();

  private static final WeakIdentityMap<Throwable, AsyncTrace> SEEN = new WeakIdentityMap<>();

  private AsyncTraces() {}

  private static boolean isOn() {
    try {
      return !"false".equals(System.getProperty("dev.weft.asyncTraces"));
    } catch (SecurityException refused) {
      return true;
    }
  }

  /** A frame ends with an exception that its body has thrown. By its owner, before the outcome. */
  static void leaves(Frame<?> frame, Throwable error) {
    if (ON) {
      try {
        if (SEEN.get(error) == null) {
          traceOf(error).left(frame, error);
        }
      } catch (Throwable unusual) { // of an exception with a will of its own; no memory; no stack
        return;
      }
    }
  }

  /** A frame ends as a stage has ended that its body has returned. */
  static void returned(Frame<?> frame, CompletableFuture<?> stage, Throwable error) {
    if (ON) {
      try {
        if (!hasItOnTheStack(stage, error)) {
          traceOf(error).handedOn(stage, error, frame);
        }
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /** An await throws what a stage has failed with, on the stack of who awaits it. */
  static void thrown(CompletableFuture<?> stage, Throwable error) {
    if (ON) {
      try {
        if (!hasItOnTheStack(stage, error)) {
          traceOf(error).handedOn(stage, error, null);
        }
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /** An await throws an exception that was made for it. */
  static void made(Throwable error) {
    if (ON) {
      try {
        traceOf(error).madeHere(error);
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /**
   * A frame is about to be told something that was made for it, where it awaits. The stack has
   * nothing of the program then but the method itself, and not the line.
   */
  static void told(Frame<?> frame, Throwable error) {
    if (ON) {
      try {
        traceOf(error).told(frame, error);
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /**
   * A frame is resumed that has awaited a call which had failed before it ever suspended: those who
   * stood on the stack below that have been suspended since. In node mode each await suspends.
   */
  static void resumed(Frame<?> frame, CompletableFuture<?> stage) {
    if (ON && stage instanceof Settled.Thrown<?>) {
      try {
        Throwable error = Await.failureOf(stage);
        if (SEEN.get(error) == null) {
          traceOf(error).resumed(frame, error);
        }
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /** A call that was never suspended has failed: who awaits it is on the exception's own stack. */
  private static boolean hasItOnTheStack(CompletableFuture<?> stage, Throwable error) {
    return stage instanceof Settled.Thrown && SEEN.get(error) == null;
  }

  /** True if the trace of an exception has its calls by now, or is left alone. */
  static boolean isSeen(Throwable error) {
    return SEEN.get(error) != null;
  }

  private static AsyncTrace traceOf(Throwable error) {
    AsyncTrace known = SEEN.get(error);
    if (known != null) {
      return known;
    }
    SEEN.expunge();
    return SEEN.putIfAbsent(SEEN.handle(error), new AsyncTrace());
  }
}

package dev.weft.frame;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

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

  private static final TracedExceptions SEEN = new TracedExceptions();

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
        Carrier carrier = Carrier.current();
        if (find(carrier, error) == null) {
          add(carrier, error).left(frame, error);
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
        AsyncTrace trace = findOrAdd(Carrier.current(), stage, error);
        if (trace != null) {
          trace.handedOn(stage, error, frame, false);
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
        Carrier carrier = Carrier.current();
        AsyncTrace trace = findOrAdd(carrier, stage, error);
        if (trace != null) {
          trace.handedOn(stage, error, carrier == null ? null : carrier.takeResumed(stage), true);
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
        SEEN.findOrAdd(error).madeHere(error);
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
        SEEN.findOrAdd(error).told(frame, error);
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /** A frame is resumed, and its body is about to look at what it has awaited. */
  static void resumed(Frame<?> frame, CompletableFuture<?> stage) {
    if (ON) {
      try {
        if (stage.isCompletedExceptionally()) {
          resumedByFailure(frame, stage);
        }
      } catch (Throwable unusual) {
        return;
      }
    }
  }

  /**
   * If it was a call which had failed before it ever suspended, then those who stood on the stack
   * below that have been suspended since: in node mode each await suspends. What comes from
   * anything else but a call, the await will throw at the line at which the frame stands. That is
   * noted, because to learn it from the stack would cost as much as all the rest.
   */
  private static void resumedByFailure(Frame<?> frame, CompletableFuture<?> stage) {
    if (stage instanceof Settled.Thrown<?>) {
      Throwable error = Await.failureOf(stage);
      Carrier carrier = Carrier.current();
      if (find(carrier, error) == null) {
        add(carrier, error).resumed(frame, error);
      }
    } else if (!(stage instanceof Frame<?>) || stage instanceof Spawn<?>) {
      Carrier carrier = Carrier.current();
      if (carrier != null && carrier.polledFrame() == frame && AwaitSites.isAtLine(frame)) {
        carrier.resumes(frame, stage);
      }
    }
  }

  /** True if the trace of an exception has its calls by now, or is left alone. */
  static boolean isSeen(Throwable error) {
    return SEEN.find(error) != null;
  }

  // ---- what is known of an exception

  /**
   * Null if the exception comes from a call that was never suspended, and has passed none that was:
   * who awaits that is on the exception's own stack.
   */
  private static @Nullable AsyncTrace findOrAdd(
      @Nullable Carrier carrier, CompletableFuture<?> stage, Throwable error) {
    AsyncTrace known = find(carrier, error);
    return known != null || stage instanceof Settled.Thrown<?> ? known : add(carrier, error);
  }

  /** An exception that goes up through a chain is mostly the one that this thread had last. */
  private static @Nullable AsyncTrace find(@Nullable Carrier carrier, Throwable error) {
    AsyncTrace last = carrier == null ? null : carrier.lastTrace;
    if (last != null && last.refersTo(error)) {
      return last;
    }
    AsyncTrace known = SEEN.find(error);
    if (known != null && carrier != null) {
      carrier.lastTrace = known;
    }
    return known;
  }

  private static AsyncTrace add(@Nullable Carrier carrier, Throwable error) {
    AsyncTrace trace = SEEN.findOrAdd(error);
    if (carrier != null) {
      carrier.lastTrace = trace;
    }
    return trace;
  }
}

package dev.weft.frame;

import dev.weft.log.LimitedLog;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exceptions that an await has thrown out of a stage which others may look at too: a future that a
 * cache keeps, a spawned task, a signal that many wait for. All of them get one and the same
 * exception, so none may change it. What Java code changes without being asked is the suppressed
 * list, in try-with-resources: a cached failure would carry what each of its readers failed to
 * close, and grow as long as it is cached. In woven methods {@link #addSuppressed} stands in place
 * of {@link Throwable#addSuppressed}.
 *
 * <p>Private is the failure of an async call that only its caller awaits: a frame that is not a
 * spawned task, or what a method returned that threw before it ever suspended. Whether more than
 * one await looks at it cannot be known in advance; from the second one on, the failure counts as
 * shared.
 *
 * <p>Any thread may call this. Exceptions and stages are told apart by identity and held weakly; a
 * program without failed awaits never gets here.
 *
 * <pre>{@code
 * static CompletableFuture<Void> update(Pool pool, CompletableFuture<Price> cached) {
 *   try (Connection connection = await(pool.open())) {
 *     await(cached); // if this fails, and close() too, that is logged and not added to it
 *   }
 *   return done();
 * }
 * }</pre>
 */
public final class SharedFailures {
  private static final LimitedLog LOG =
      LimitedLog.of(LoggerFactory.getLogger(SharedFailures.class));

  private static final Logger FURTHER = LoggerFactory.getLogger(SharedFailures.class);

  private static final WeakIdentitySet SHARED = new WeakIdentitySet();

  /** Private stages whose failure an await has thrown. */
  private static final WeakIdentitySet AWAITED = new WeakIdentitySet();

  private SharedFailures() {}

  /** Notes that a stage has handed out its failure, be it to an await or to a frame's outcome. */
  static void handedOut(CompletableFuture<?> stage, Throwable failure) {
    if (!isPrivate(stage)) {
      SHARED.add(failure);
    }
  }

  /** Notes that an await throws the failure of a stage. */
  static void thrown(CompletableFuture<?> stage, Throwable failure) {
    if (!SHARED.contains(failure) && (!isPrivate(stage) || !AWAITED.add(stage))) {
      SHARED.add(failure);
    }
  }

  private static boolean isPrivate(CompletableFuture<?> stage) {
    return stage instanceof Frame ? !(stage instanceof Spawn) : stage instanceof Settled.Thrown;
  }

  /**
   * As {@code primary.addSuppressed(suppressed)}, unless the primary exception is shared: then it
   * stays as it is, and the suppressed one is logged as a warning: one a second of each class at
   * most. Woven code calls this.
   *
   * @throws IllegalArgumentException if they are the same
   * @throws NullPointerException if one of them is null
   */
  public static void addSuppressed(Throwable primary, Throwable suppressed) {
    if (primary == null || suppressed == null || primary == suppressed) {
      primary.addSuppressed(suppressed); // throws what it always does
    } else if (SHARED.contains(primary)) {
      LOG.warn(
          "an exception of a clean-up is not added to the suppressed ones of {}, which other calls"
              + " may await too",
          primary,
          suppressed);
    } else {
      primary.addSuppressed(suppressed);
    }
  }

  /**
   * As {@link #addSuppressed}, for what says more about a failure that is told anyway: those of
   * earlier attempts, those of other children. Where it cannot be added it is logged for debugging
   * alone: nothing went wrong of which nobody hears.
   */
  public static void addFurther(Throwable primary, Throwable further) {
    if (primary == further) {
      return;
    }
    if (SHARED.contains(primary)) {
      FURTHER.debug("besides {}, which other calls may await too", primary, further);
    } else {
      FailureGraph.add(primary, further);
    }
  }
}

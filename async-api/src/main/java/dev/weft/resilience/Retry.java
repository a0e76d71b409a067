package dev.weft.resilience;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How often, when and after which failures a call is made again. Immutable: each method that
 * changes something returns another one, so one can be kept in a constant and used from any thread.
 *
 * <pre>{@code
 * static final Retry RETRY =
 *     Retry.attempts(4)
 *         .backOff(Duration.ofMillis(100), Duration.ofSeconds(2))
 *         .jitter(0.5)
 *         .when(error -> error instanceof IOException);
 *
 * static CompletableFuture<Receipt> patiently(Shop shop, Item item) {
 *   Price price = await(RETRY.call(() -> shop.price(item)));
 *   return shop.pay(price);
 * }
 * }</pre>
 *
 * <p>Between two attempts it waits: not at all by default; with {@link #backOff} for a time that
 * doubles from attempt to attempt up to a bound. {@link #jitter} takes a part of that by lot, so
 * that clients that failed together do not come again together. The lots are drawn by {@link
 * AsyncExecutor#nextRandom}: under a seed they are always the same.
 *
 * <p>Never made again is a call that was cancelled; one whose failure the predicate refuses; and
 * one for whose next attempt the {@linkplain dev.weft.Async#remainingTime deadline} leaves no time:
 * the failure that there is then says more than a time-out would.
 */
public final class Retry {
  private final int attempts;
  private final Duration first;
  private final Duration longest;
  private final double jitter;
  private final Predicate<? super Throwable> when;

  private Retry(
      int attempts,
      Duration first,
      Duration longest,
      double jitter,
      Predicate<? super Throwable> when) {
    this.attempts = attempts;
    this.first = first;
    this.longest = longest;
    this.jitter = jitter;
    this.when = when;
  }

  /**
   * So many attempts in all, one after the other without a pause, after each exception that is not
   * an {@link Error}.
   *
   * @param attempts at least 1
   * @throws IllegalArgumentException if that is less
   */
  public static Retry attempts(int attempts) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts must be at least 1, not " + attempts);
    }
    return new Retry(
        attempts, Duration.ZERO, Duration.ZERO, 0, error -> error instanceof Exception);
  }

  /**
   * A pause before each further attempt, twice as long as the one before.
   *
   * @param first before the second attempt; zero or less for none
   * @param longest from there on it does not grow
   */
  public Retry backOff(Duration first, Duration longest) {
    return new Retry(attempts, Nanos.atLeastZero(first), Nanos.atLeastZero(longest), jitter, when);
  }

  /**
   * The part of each pause that is drawn by lot: 0 for none (the default); with 0.5 it is between a
   * half of it and all of it; with 1 between none and all, which spreads best (AWS calls it full
   * jitter).
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public Retry jitter(double part) {
    if (!(part >= 0 && part <= 1)) {
      throw new IllegalArgumentException("jitter must be between 0 and 1, not " + part);
    }
    return new Retry(attempts, first, longest, part, when);
  }

  /** After which failures the call is made again, in place of what was said before. */
  public Retry when(Predicate<? super Throwable> failure) {
    return new Retry(attempts, first, longest, jitter, Objects.requireNonNull(failure, "failure"));
  }

  /**
   * Makes a call, and makes it again.
   *
   * @param body called anew for each attempt, the first time on the calling thread. What it throws
   *     is a failure of that attempt
   * @return the value of the first attempt that has one; else the failure of the last, in which
   *     those of the earlier are suppressed, unless it is one that others may get as well: then
   *     they are logged for debugging ({@link dev.weft.frame.SharedFailures}). Cancelling it, or
   *     the method that awaits it, cancels the attempt or the pause that is under way, and there is
   *     no further one
   */
  public <T extends @Nullable Object> Task<T> call(Callable<? extends CompletionStage<T>> body) {
    return new Attempts<>(this, Objects.requireNonNull(body, "body")).begin();
  }

  boolean allows(int made, Throwable error) {
    return made < attempts && !(error instanceof CancellationException) && when.test(error);
  }

  /** How long to wait after so many attempts. */
  Duration pause(int made, AsyncExecutor executor) {
    long full = Nanos.of(first);
    long bound = Nanos.of(longest);
    for (int i = 1; i < made && full < bound; i++) {
      full = full > Nanos.MAX / 2 ? Nanos.MAX : full * 2;
    }
    full = Math.min(full, bound);
    if (jitter == 0 || full == 0) {
      return Duration.ofNanos(full);
    }
    double lot = (executor.nextRandom() >>> 11) * 0x1.0p-53; // 53 bits, as Random.nextDouble has it
    return Duration.ofNanos((long) (full * (1 - jitter * lot)));
  }
}

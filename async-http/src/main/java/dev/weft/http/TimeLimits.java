package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the {@link TimeLimit}s of all connections when the first may be over. One that is set
 * later is over later than the shortest there is; so whoever looks that often is never late, and a
 * request costs no timer.
 *
 * <p>It looks as long as there are connections. The last that goes and the first that comes meet in
 * {@link #looking}: one comes either before the look that finds none, or starts another.
 */
final class TimeLimits {
  private final AsyncExecutor executor;
  private final long shortest;
  private final Set<TimeLimit> limits = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean looking = new AtomicBoolean();

  TimeLimits(AsyncExecutor executor, HttpOptions options) {
    this.executor = executor;
    this.shortest = TimeLimit.shortestNanos(options);
  }

  void add(TimeLimit limit) {
    limits.add(limit);
    start();
  }

  void remove(TimeLimit limit) {
    limits.remove(limit);
  }

  /** How many are looked at. */
  int size() {
    return limits.size();
  }

  private void start() {
    if (looking.compareAndSet(false, true)) {
      executor.spawn("http-time-limits", this::look);
    }
  }

  private CompletableFuture<@Nullable Void> look() {
    while (!limits.isEmpty()) {
      await(Async.sleep(Duration.ofNanos(nextLook())));
    }
    looking.set(false);
    if (!limits.isEmpty()) {
      start();
    }
    return done();
  }

  /** Ends what is over, and says how long it may take until something else is. */
  private long nextLook() {
    long now = executor.nanoTime();
    List<TimeLimit> over = new ArrayList<>();
    long next = shortest;
    for (TimeLimit limit : limits) {
      long left = limit.left(now);
      if (left <= 0) {
        over.add(limit);
      } else {
        next = Math.min(next, left);
      }
    }
    over.forEach(TimeLimit::expire); // again at the next look, if it goes on to take too long
    return next;
  }
}

package dev.weft.context;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Requests at a time, each with values of its own or with none, which await all that there is to
 * await, start tasks and blocking calls, change their values, and look at each step whether they
 * still have them.
 */
final class Requests {
  private static final int STEPS = 8;

  private final AsyncExecutor executor;
  private final boolean blocking;

  /** What was seen and should not have been. */
  final Queue<String> wrong = new ConcurrentLinkedQueue<>();

  Requests(AsyncExecutor executor, boolean blocking) {
    this.executor = executor;
    this.blocking = blocking;
  }

  /** Runs them all, each as a task that is spawned by one task which has no values. */
  CompletableFuture<Void> run(int requests, long seed) {
    List<Task<Void>> tasks = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      String id = i % 4 == 0 ? null : "r" + i;
      long own = seed * 31 + i;
      tasks.add(spawn(id, new Random(own)));
    }
    return CompletableFuture.allOf(tasks.toArray(new CompletableFuture<?>[0]));
  }

  private Task<Void> spawn(String id, Random random) {
    List<Task<Void>> task = new ArrayList<>();
    Runnable start = () -> task.add(executor.spawn(() -> handle(id, random)));
    if (id == null) {
      start.run();
    } else {
      Bound.inScope(id, start);
    }
    return task.get(0);
  }

  private CompletableFuture<Void> handle(String id, Random random) {
    HandWritten<Void> frame =
        new HandWritten<>(
            (self, state, awaited) -> {
              if (awaited != null) {
                Object child = Await.take(awaited);
                if (child instanceof String seen) {
                  check("a child of " + id, seen, Bound.all(value(id, state - 1)) + " " + id);
                }
              }
              if (state > 0) {
                check(
                    id,
                    Bound.seen() + " " + Bound.scope(),
                    Bound.all(value(id, state - 1)) + " " + id);
              } else {
                check(
                    "the start of " + id,
                    Bound.seen() + " " + Bound.scope(),
                    Bound.all(null) + " " + id);
              }
              if (state == STEPS) {
                return Async.done();
              }
              Bound.set(value(id, state));
              return self.await(something(random), state + 1);
            });
    return frame.call();
  }

  /** Changes with each step, so that an old one is found as well. */
  private static String value(String id, int state) {
    return id == null ? null : id + "." + state;
  }

  private CompletableFuture<?> something(Random random) {
    return switch (random.nextInt(blocking ? 6 : 5)) {
      case 0 -> Async.yieldNow();
      case 1 -> executor.sleep(Duration.ofMillis(random.nextInt(3)));
      case 2 -> executor.spawn(() -> Settled.value(look("child")));
      case 3 -> (CompletableFuture<?>) executor.submit(() -> look("submitted"));
      case 4 -> {
        CompletableFuture<Void> future = new CompletableFuture<>();
        executor.execute(
            () -> {
              Bound.set("completer");
              future.complete(null);
            });
        yield future;
      }
      default -> executor.spawnBlocking(() -> look("blocking"));
    };
  }

  /** Says what it sees, and leaves something else behind. */
  private static String look(String who) {
    String seen = Bound.seen() + " " + Bound.scope();
    Bound.set(who);
    return seen;
  }

  private void check(String who, String seen, String expected) {
    if (!seen.equals(expected)) {
      wrong.add(who + " saw " + seen + " and not " + expected);
    }
  }
}

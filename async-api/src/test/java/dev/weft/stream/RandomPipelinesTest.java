package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Random pipelines under the seeds of the deterministic executor, held against the same by plain
 * lists: 100 of them, or as many as {@code -Dweft.seeds=10000} says.
 */
class RandomPipelinesTest {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 100);

  /** What a consumer has seen. */
  private static final class Seen {
    final List<Integer> elements = new ArrayList<>();
    Throwable failure;
    boolean ended;
    int suspensions;
    int cancelled;
  }

  private static WorkStealingExecutor executor(long seed) {
    return WorkStealingExecutor.builder()
        .noDriver()
        .deterministic(seed)
        .clock(new VirtualClock())
        .onUnheardFailure((task, error) -> {})
        .build();
  }

  /** A consumer as one would write it: next until null or a failure, and then close. */
  private static CompletableFuture<Seen> consume(
      WorkStealingExecutor executor, AsyncStream<Integer> stream, Seen seen, int most) {
    HandWritten<Seen> consumer =
        new HandWritten<>(
            executor,
            (frame, state, awaited) -> {
              if (state == 2) {
                Await.take(awaited);
                return Settled.value(seen);
              }
              CompletableFuture<?> next = awaited;
              try {
                while (true) {
                  if (next != null) {
                    Object element = Await.take(next);
                    if (element == null) {
                      seen.ended = true;
                      break;
                    }
                    seen.elements.add((Integer) element);
                  }
                  if (seen.elements.size() == most) {
                    break;
                  }
                  next = stream.next();
                  if (!Await.isReady(next)) {
                    seen.suspensions++;
                    return frame.await(next, 1);
                  }
                }
              } catch (Throwable error) {
                seen.failure = error;
              }
              return frame.await(stream.closeAsync(), 2);
            });
    executor.schedule(consumer);
    return consumer;
  }

  private static void letEnd(WorkStealingExecutor executor, Pipelines pipeline) throws Exception {
    if (pipeline.bridged) {
      executor.blockOn(() -> Async.sleep(Duration.ofSeconds(1)));
    }
  }

  private static void assertRight(long seed, Pipelines pipeline, Seen seen, int most) {
    Pipelines.Expected expected = pipeline.expected();
    String text = "seed " + seed + ": " + pipeline;
    List<Integer> all = expected.elements();
    if (!pipeline.ordered) {
      if (most == Integer.MAX_VALUE && !expected.fails()) {
        assertThat(seen.elements).as(text).containsExactlyInAnyOrderElementsOf(all);
      }
    } else {
      assertThat(seen.elements).as(text).isEqualTo(all.subList(0, Math.min(most, all.size())));
    }
    if (seen.elements.size() < most) {
      assertThat(seen.failure != null).as(text + ", " + seen.failure).isEqualTo(expected.fails());
      assertThat(seen.ended).as(text).isEqualTo(!expected.fails());
    }
    assertThat(pipeline.isQuiet()).as(text).isTrue();
  }

  @Test
  void theyGiveWhatListsGive() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (WorkStealingExecutor executor = executor(seed)) {
        Pipelines pipeline = new Pipelines(seed, executor, seed % 2 == 0);
        Seen seen = new Seen();
        int most = seed % 5 == 4 ? (int) (seed % 7) : Integer.MAX_VALUE;
        executor.blockOn(() -> consume(executor, pipeline.stream, seen, most));
        letEnd(executor, pipeline);
        assertRight(seed, pipeline, seen, most);
      }
    }
  }

  @Test
  void theyEndWhenTheyAreClosedAtAnyMoment() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (WorkStealingExecutor executor = executor(seed)) {
        Pipelines pipeline = new Pipelines(seed, executor, false);
        Random random = new Random(seed);
        Seen seen = new Seen();
        boolean cancel = seed % 2 == 0;
        int after = random.nextInt(40);
        boolean quiet =
            executor.blockOn(
                () -> {
                  Task<Seen> consumer =
                      executor.spawn(
                          () -> consume(executor, pipeline.stream, seen, Integer.MAX_VALUE));
                  return Async.sleep(Duration.ofMillis(after))
                      .thenCompose(
                          slept -> {
                            if (cancel) {
                              consumer.cancel(true);
                              return consumer.finished();
                            }
                            return pipeline.stream.closeAsync();
                          })
                      .thenCompose(ended -> cancel ? pipeline.stream.closeAsync() : Async.done())
                      .thenCompose(
                          ended -> Async.sleep(Duration.ofSeconds(pipeline.bridged ? 1 : 0)))
                      .thenApply(ended -> pipeline.isQuiet());
                });
        assertThat(quiet).as("seed " + seed + " after " + after + ": " + pipeline).isTrue();
      }
    }
  }

  /** Each await of next is cancelled, one in each run; the consumer goes on, and misses nothing. */
  @Test
  void aConsumerThatIsCancelledAtAnyAwaitMissesNothing() throws Exception {
    int told = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      int suspensions = 1; // known when it has run
      for (int at = 0; at < suspensions; at++) {
        try (WorkStealingExecutor executor = executor(seed)) {
          Pipelines pipeline = new Pipelines(seed, executor, false);
          Seen seen = new Seen();
          int cancelled = at;
          executor.blockOn(() -> consumeCancelled(executor, pipeline.stream, seen, cancelled));
          letEnd(executor, pipeline);
          suspensions = Math.min(seen.suspensions, 12);
          assertRight(seed, pipeline, seen, Integer.MAX_VALUE);
          told += seen.cancelled;
        }
      }
    }
    assertThat(told).isPositive();
  }

  /**
   * As {@link #consume}, where one of the awaits that have to wait is made by a call of its own,
   * which is cancelled while it waits, or just when the element has come.
   */
  private static CompletableFuture<Seen> consumeCancelled(
      WorkStealingExecutor executor, AsyncStream<Integer> stream, Seen seen, int cancelled) {
    HandWritten<Seen> consumer =
        new HandWritten<>(
            executor,
            (frame, state, awaited) -> {
              if (state == 2) {
                Await.take(awaited);
                return Settled.value(seen);
              }
              CompletableFuture<?> next = awaited;
              while (true) {
                if (next != null) {
                  try {
                    Object element = Await.take(next);
                    if (element == null) {
                      seen.ended = true;
                      break;
                    }
                    seen.elements.add((Integer) element);
                  } catch (CancellationException told) {
                    seen.cancelled++;
                  } catch (Throwable error) {
                    seen.failure = error;
                    break;
                  }
                }
                next = stream.next();
                if (!Await.isReady(next)) {
                  if (seen.suspensions++ == cancelled) {
                    next = cancelledCall(executor, next, cancelled);
                  }
                  return frame.await(next, 1);
                }
              }
              return frame.await(stream.closeAsync(), 2);
            });
    executor.schedule(consumer);
    return consumer;
  }

  private static Task<?> cancelledCall(
      WorkStealingExecutor executor, CompletableFuture<?> next, int number) {
    HandWritten<Object> call =
        new HandWritten<>(executor, (frame, state, awaited) -> awaited); // it ends with that
    call.await(next, 1);
    executor.sleep(Duration.ofMillis(number % 4)).whenComplete((slept, error) -> call.cancel(true));
    return call;
  }
}

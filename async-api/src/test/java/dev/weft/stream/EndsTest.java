package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.HandWritten;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** However a stream ends, all of it has ended then, from the inside out. */
class EndsTest {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 100);

  private static WorkStealingExecutor executor(long seed) {
    return WorkStealingExecutor.builder()
        .noDriver()
        .deterministic(seed)
        .clock(new VirtualClock())
        .onUnheardFailure((task, error) -> {})
        .build();
  }

  /** Each await within is at another time: the first at 1 ms, the last before 40 ms. */
  @Test
  void collectIsCancelledAtAnyAwait() throws Exception {
    int cancelled = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      for (int at = 1; at < 40; at += 3) {
        try (WorkStealingExecutor executor = executor(seed)) {
          Pipelines pipeline = new Pipelines(seed, executor, seed % 3 == 0);
          int after = at + (int) (seed % 3);
          boolean quiet =
              executor.blockOn(
                  () -> {
                    Task<List<Integer>> all =
                        executor.spawn(() -> pipeline.stream.collect(Collectors.toList()));
                    return Async.sleep(Duration.ofMillis(after))
                        .thenCompose(
                            slept -> {
                              all.cancel(true);
                              return all.finished();
                            })
                        .thenCompose(
                            ended -> Async.sleep(Duration.ofSeconds(pipeline.bridged ? 1 : 0)))
                        .thenApply(slept -> pipeline.isQuiet());
                  });
          assertThat(quiet).as("seed " + seed + " after " + after + ": " + pipeline).isTrue();
          cancelled++;
        }
      }
    }
    assertThat(cancelled).isPositive();
  }

  /** A mapped call that is cancelled cleans up, with awaits, before what is behind it is closed. */
  @Test
  void closingUnwindsFromTheInsideOut() throws Exception {
    for (boolean ordered : new boolean[] {true, false}) {
      try (WorkStealingExecutor executor = executor(1)) {
        List<String> events = new ArrayList<>();
        Source source = new Source(100, 1);
        source.ready = true;
        ThrowingFunction<Integer, CompletionStage<Integer>> work =
            n -> new CleaningUp(executor, events, n).start();
        AsyncStream<Integer> stream =
            ordered ? source.mapAsync(3, work) : source.mapAsyncUnordered(3, work);
        executor.blockOn(
            () -> {
              Task<Integer> next = stream.next();
              return Async.sleep(Duration.ofSeconds(1))
                  .thenCompose(slept -> stream.closeAsync())
                  .thenRun(
                      () -> {
                        events.add("closed, source " + (source.ended ? "too" : "not"));
                        assertThat(next.isFinished()).isTrue();
                        assertThat(next).isCompletedExceptionally();
                      });
            });
        assertThat(source.closed).hasValue(1);
        assertThat(events)
            .hasSize(4)
            .endsWith("closed, source too")
            .contains("cleaned up 0", "cleaned up 1", "cleaned up 2");
      }
    }
  }

  /** A stage that takes an hour, and when it is cancelled a second to clean up. */
  private static final class CleaningUp {
    private final WorkStealingExecutor executor;
    private final List<String> events;
    private final int number;

    CleaningUp(WorkStealingExecutor executor, List<String> events, int number) {
      this.executor = executor;
      this.events = events;
      this.number = number;
    }

    CompletionStage<Integer> start() {
      return executor.spawn(
          () -> {
            var body =
                new HandWritten<Integer>(
                    executor,
                    (frame, state, awaited) -> {
                      if (state == 0) {
                        return frame.await(executor.sleep(Duration.ofHours(1)), 1);
                      }
                      if (state == 1 && awaited.isCompletedExceptionally()) {
                        return frame.await(executor.sleep(Duration.ofSeconds(1)), 2);
                      }
                      events.add("cleaned up " + number);
                      throw new TaskCancelledException("cancelled", null);
                    });
            executor.schedule(body);
            return body;
          });
    }
  }

  @Test
  void anAwaitThatTimesOutLosesNoElement() throws Exception {
    try (WorkStealingExecutor executor = executor(3)) {
      Source source = new Source(5, 2);
      source.slow = true;
      AsyncStream<Integer> stream = source.map(n -> n).buffer(1).map(n -> n);
      List<Integer> seen = new ArrayList<>();
      AtomicInteger late = new AtomicInteger();
      executor.blockOn(() -> takeInTime(stream, seen, late));
      assertThat(seen).containsExactly(0, 1, 2, 3, 4);
      assertThat(late).hasPositiveValue();
    }
  }

  private static CompletableFuture<Void> takeInTime(
      AsyncStream<Integer> stream, List<Integer> seen, AtomicInteger late) {
    return Async.timeout(Duration.ofMillis(1), stream.next())
        .handle(
            (element, error) -> {
              if (error != null) {
                late.incrementAndGet();
              } else if (element == null) {
                return CompletableFuture.<Void>completedFuture(null);
              } else {
                seen.add(element);
              }
              // On, when whoever was late has ended.
              return Async.sleep(Duration.ofMillis(1))
                  .thenCompose(slept -> takeInTime(stream, seen, late));
            })
        .thenCompose(rest -> rest);
  }

  @Test
  void aStreamThatIsDroppedAfterOneElementLeavesNothing() throws Exception {
    List<ThrowingFunction<Source, AsyncStream<?>>> operators = new ArrayList<>();
    operators.add(source -> source.map(n -> n));
    operators.add(source -> source.buffer(7));
    operators.add(
        source ->
            source.mapAsync(3, n -> Async.sleep(Duration.ofMillis(n % 3)).thenApply(slept -> n)));
    operators.add(source -> source.mapAsyncUnordered(3, Async::done));
    operators.add(source -> AsyncStream.merge(source, AsyncStream.of(1)));
    operators.add(source -> AsyncStream.concat(source, AsyncStream.of(1)));
    operators.add(source -> source.chunk(3, Duration.ofMillis(2)));
    operators.add(source -> source.flatMap(n -> AsyncStream.of(n, n)));
    for (ThrowingFunction<Source, AsyncStream<?>> operator : operators) {
      try (WorkStealingExecutor executor = executor(1)) {
        Source source = new Source(1_000_000, 1);
        AsyncStream<?> stream = operator.apply(source);
        boolean ended =
            executor.blockOn(
                () ->
                    ((CompletableFuture<?>) stream.next())
                        .thenCompose(first -> stream.closeAsync())
                        .thenApply(closed -> source.ended));
        assertThat(ended).isTrue();
        assertThat(source.under).hasValue(0);
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (executor.metrics().aliveTasks() != 0 && System.nanoTime() < deadline) {
          Thread.onSpinWait(); // the body's own task is about to end
        }
        assertThat(executor.metrics().aliveTasks()).isZero();
      }
    }
  }

  @Test
  void eachCallOfCloseEndsWhenItHasEnded() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      Source source = new Source(9, 1);
      AsyncStream<Integer> stream = source.buffer(2);
      boolean both =
          executor.blockOn(
              () -> {
                stream.next();
                Task<?> first = stream.closeAsync();
                first.cancel(true);
                Task<?> second = stream.closeAsync();
                return second.thenApply(closed -> source.ended);
              });
      assertThat(both).isTrue();
      assertThat(source.closed).hasValue(1);
      assertThat(stream.closeAsync()).isDone();
    }
  }
}

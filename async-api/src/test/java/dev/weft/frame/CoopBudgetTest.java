package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A task whose data is always ready, or that yields, lets the others of its worker run. */
class CoopBudgetTest {
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(1).noDriver().build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  private final Task<String> ready = Settled.value("ready");

  /** Awaits a ready future as often as asked; returns how many awaits each poll ran through. */
  private HandWritten<List<Integer>> awaitingReady(int awaits) {
    int[] left = {awaits};
    List<Integer> perPoll = new ArrayList<>();
    return new HandWritten<>(
        executor,
        (self, state, awaited) -> {
          int straightOn = 0;
          while (left[0]-- > 0) {
            if (!Await.isReady(ready)) {
              perPoll.add(straightOn);
              return self.await(ready, 1);
            }
            straightOn++;
          }
          perPoll.add(straightOn);
          return Settled.value(perPoll);
        });
  }

  @Test
  void suspendsAfter128ReadyAwaits() throws Exception {
    HandWritten<List<Integer>> frame = awaitingReady(300);
    executor.schedule(frame);
    // The await that suspends is done when the task is resumed: 128 + 1 + 128 + 1 + 42.
    assertThat(frame.get(60, TimeUnit.SECONDS)).containsExactly(128, 128, 42);
  }

  @Test
  void doesNotSuspendWhereItIsUnconstrained() throws Exception {
    HandWritten<List<Integer>> inner = awaitingReady(1000);
    Task<List<Integer>> task =
        executor.spawn(
            () ->
                Async.unconstrained(
                    () -> {
                      // Suspends once, so that the rest is another poll.
                      HandWritten<List<Integer>> outer =
                          new HandWritten<>(
                              (self, state, awaited) -> {
                                if (state == 0) {
                                  return self.await(Await.YIELD, 1);
                                }
                                inner.run();
                                return inner;
                              });
                      outer.run();
                      return outer;
                    }));
    assertThat(task.get(60, TimeUnit.SECONDS)).containsExactly(1000);
    HandWritten<List<Integer>> after = awaitingReady(130);
    executor.schedule(after);
    assertThat(after.get(60, TimeUnit.SECONDS)).containsExactly(128, 1);
  }

  @Test
  void hasNoBudgetOutsideAnExecutor() {
    for (int i = 0; i < 1000; i++) {
      assertThat(Await.isReady(ready)).isTrue();
    }
  }

  @Test
  void doesNotStarveAnotherTask() throws Exception {
    boolean[] stop = {false};
    HandWritten<Void> greedy =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              while (!stop[0]) {
                if (!Await.isReady(ready)) {
                  return self.await(ready, 1);
                }
              }
              return Async.done();
            });
    executor.schedule(greedy);
    executor.spawn(
        () -> {
          stop[0] = true; // the one worker runs both
          return Async.done();
        });
    greedy.get(60, TimeUnit.SECONDS);
  }

  @Test
  void yieldLetsEveryOtherTaskRunFirst() throws Exception {
    ConcurrentLinkedQueue<String> order = new ConcurrentLinkedQueue<>();
    HandWritten<Void> all =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              // Scheduled from one poll, so that all are there before the first of them runs.
              List<HandWritten<Void>> frames = new ArrayList<>();
              for (int i = 0; i < 8; i++) {
                frames.add(yieldingOnce(order));
              }
              frames.forEach(executor::schedule);
              return frames.stream()
                  .reduce((a, b) -> HandWritten.awaiting(executor, b))
                  .orElseThrow();
            });
    executor.schedule(all);
    all.get(60, TimeUnit.SECONDS);
    executor.spawn(Async::done).get(60, TimeUnit.SECONDS);
    List<String> seen = List.copyOf(order);
    assertThat(seen.subList(0, 8)).containsOnly("first");
    assertThat(seen.subList(8, 16)).containsOnly("second");
  }

  private HandWritten<Void> yieldingOnce(ConcurrentLinkedQueue<String> order) {
    return new HandWritten<>(
        executor,
        (self, state, awaited) -> {
          if (state == 0) {
            order.add("first");
            assertThat(Await.isReady(Await.YIELD)).isFalse();
            return self.await(Await.YIELD, 1);
          }
          order.add("second");
          return Async.done();
        });
  }
}

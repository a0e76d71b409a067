package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;

/**
 * Two tasks on two threads complete each other's futures, each racing with the other's
 * registration: a wake-up that is lost leaves both waiting for ever.
 */
class LostWakeUpTest {
  private static final int ROUNDS = 1_000_000;
  private static final int WINDOW = 16;

  /** The futures of the rounds under way; whoever comes first to a round makes its two. */
  private final AtomicReferenceArray<Task<Integer>> left = new AtomicReferenceArray<>(WINDOW);

  private final AtomicReferenceArray<Task<Integer>> right = new AtomicReferenceArray<>(WINDOW);

  @Test
  void millionRoundsOfTwoTasksThatCompleteEachOther() throws Exception {
    try (WorkStealingExecutor one = WorkStealingExecutor.builder().workers(1).noDriver().build();
        WorkStealingExecutor two = WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      HandWritten<Integer> a = partner(one, left, right);
      HandWritten<Integer> b = partner(two, right, left);
      one.schedule(a);
      two.schedule(b);
      assertThat(a.get()).isEqualTo(ROUNDS);
      assertThat(b.get()).isEqualTo(ROUNDS);
      one.close(Duration.ofSeconds(60));
      two.close(Duration.ofSeconds(60));
    }
  }

  private static HandWritten<Integer> partner(
      WorkStealingExecutor executor,
      AtomicReferenceArray<Task<Integer>> mine,
      AtomicReferenceArray<Task<Integer>> theirs) {
    int[] round = {0};
    return new HandWritten<>(
        executor,
        (self, state, awaited) -> {
          if (state == 1) {
            assertThat(Await.<Object>take((CompletableFuture) awaited)).isEqualTo(round[0]);
            mine.set(round[0] % WINDOW, null);
            round[0]++;
          }
          if (round[0] == ROUNDS) {
            return Settled.value(ROUNDS);
          }
          int slot = round[0] % WINDOW;
          Task<Integer> own = of(mine, slot);
          of(theirs, slot).complete(round[0]);
          return self.await(own, 1);
        });
  }

  private static Task<Integer> of(AtomicReferenceArray<Task<Integer>> futures, int slot) {
    Task<Integer> there = futures.get(slot);
    if (there != null) {
      return there;
    }
    Task<Integer> made = new Task<>();
    return futures.compareAndSet(slot, null, made) ? made : futures.get(slot);
  }
}

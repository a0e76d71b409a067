package dev.weft.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveProgramTest {
  @Test
  void aDeadlockOfTwoExecutorsIsThatOfEachAndToldOnce() throws Exception {
    try (WorkStealingExecutor here = WorkStealingExecutor.builder().name("here").build();
        WorkStealingExecutor there = WorkStealingExecutor.builder().name("there").build();
        WorkStealingExecutor other = WorkStealingExecutor.builder().name("other").build()) {
      CompletableFuture<CompletableFuture<String>> known = new CompletableFuture<>();
      Task<String> one = here.spawn("one", () -> known.get());
      Task<String> two = there.spawn("two", () -> one);
      known.complete(two);
      Program both = LiveProgram.of(List.of(here, there));
      while (both.deadlocks().isEmpty()) {
        Thread.onSpinWait();
      }
      assertThat(both.deadlocks()).hasSize(1);
      assertThat(LiveProgram.of(List.of(there)).deadlocks()).hasSize(1);
      assertThat(LiveProgram.of(List.of(other)).deadlocks()).isEmpty();
      one.cancel(true);
    }
  }
}

package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.handoff.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * What a scope has kept for a join that did not get it is back before the join is finished: who
 * awaits that asks for the next one then.
 */
class LeftValuesTest {
  private final Held read = new Held();
  private final List<Boolean> finished = new ArrayList<>();

  /**
   * A scope that has kept a value, and waits for one more.
   *
   * @param end ends the other one, and is given the join
   */
  private void joined(BiConsumer<Task<?>, CompletableFuture<String>> end) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().noDriver().deterministic(1).build()) {
      executor.blockOn(
          () -> {
            TaskScope<String, List<String>> scope = TaskScope.firstSuccesses(2);
            CompletableFuture<String> other = new CompletableFuture<>();
            scope.fork(() -> read);
            scope.fork(() -> other);
            Task<List<String>> join = scope.join();
            read.onReturn = () -> finished.add(join.isFinished());
            read.complete("it");
            return executor
                .sleep(Duration.ofMillis(1))
                .thenRun(() -> end.accept(join, other))
                .thenCompose(ended -> join.finished());
          });
    }
    assertThat(read.returned).containsExactly("it");
    assertThat(finished).containsExactly(false);
  }

  @Test
  void oneThatWasCancelled() throws Exception {
    joined((join, other) -> join.cancel(true));
  }

  @Test
  void oneThatHasTooFew() throws Exception {
    joined((join, other) -> other.completeExceptionally(new IllegalStateException("no")));
  }

  @Test
  void oneThatWasGivenAnotherOutcomeAtTheLastMoment() throws Exception {
    joined(
        (join, other) -> {
          join.completeExceptionally(new IllegalStateException("mine"));
          other.complete("too");
        });
  }
}

package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However deep the calls are nested, no stack grows with them. */
class DeepChainTest {
  private static final int DEPTH = 200_000;

  /** No slow polls are told of: that ends them all which ends the innermost of linked frames. */
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().slowPollThreshold(Duration.ZERO).build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  private final Task<String> bottom = new Task<>();
  private final Task<String> top = nested(bottom);

  private Task<String> nested(Task<String> innermost) {
    Task<String> task = innermost;
    for (int i = 0; i < DEPTH; i++) {
      task = HandWritten.awaiting(executor, task);
    }
    return task;
  }

  @Test
  void completesFromTheBottom() throws Exception {
    bottom.complete("value");
    assertThat(top.get()).isEqualTo("value");
  }

  @Test
  void failsFromTheBottom() {
    bottom.completeExceptionally(new IOException("broken"));
    assertThatThrownBy(() -> top.get()).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void isCancelledFromTheTopAndUnwindsFromTheBottom() throws Exception {
    top.cancel(true);
    assertThat(top.awaitFinished(Duration.ofSeconds(60))).isTrue();
    assertThat(bottom.isDone()).as("a bare task is let go of").isFalse();
  }

  @Test
  void forwardsThroughEveryLevel() throws Exception {
    Task<String> innermost = new Task<>();
    Task<String> outermost = innermost;
    for (int i = 0; i < DEPTH; i++) {
      Task<String> next = outermost;
      HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> next);
      frame.run();
      outermost = frame;
    }
    innermost.complete("value");
    assertThat(outermost.get()).isEqualTo("value");
  }

  @Test
  void isRejectedByAClosedExecutor() {
    executor.close();
    bottom.complete("too late");
    assertThatThrownBy(() -> top.get()).hasMessageContaining("shut down");
  }
}

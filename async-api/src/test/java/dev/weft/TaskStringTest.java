package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The string of a spawned task says what a {@code CompletableFuture} says of its state. */
@Timeout(120)
class TaskStringTest {
  enum Kind {
    WORK_STEALING(() -> WorkStealingExecutor.builder().workers(1).noDriver().build()),
    NODE(() -> NodeExecutor.builder().noDriver().build());

    private final Supplier<AsyncExecutor> made;

    Kind(Supplier<AsyncExecutor> made) {
      this.made = made;
    }
  }

  private static String state(Task<?> task) {
    String text = task.toString();
    assertThat(text).startsWith("task ").contains(TaskStringTest.class.getName());
    return text.substring(text.indexOf('['));
  }

  private static void awaitEnd(Task<?> task) {
    while (!task.isFinished()) {
      Thread.onSpinWait();
    }
  }

  @ParameterizedTest
  @EnumSource
  void itHasTheState(Kind kind) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(1);
    Task<String> gate = new Task<>();
    AsyncExecutor executor = kind.made.get();
    try {
      Task<String> running =
          executor.spawn(
              () -> {
                busy.countDown();
                release.await();
                return gate;
              });
      busy.await();
      Task<String> queued = executor.spawn(() -> Async.done(""));
      Task<String> failing =
          executor.spawn(
              () -> {
                throw new IllegalStateException("broken");
              });
      assertThat(state(running)).isEqualTo("[Not completed, running]");
      assertThat(state(queued)).isEqualTo("[Not completed, not started]");
      queued.thenRun(() -> {});
      assertThat(state(queued)).isEqualTo("[Not completed, 1 dependents, not started]");
      release.countDown();
      awaitEnd(queued);
      awaitEnd(failing);
      assertThat(state(queued)).isEqualTo("[Completed normally]");
      assertThat(state(failing)) // the message is there up to some Java after 17
          .startsWith("[Completed exceptionally: java.lang.IllegalStateException")
          .endsWith("]");
      running.cancel(true);
      awaitEnd(running);
      assertThat(state(running))
          .isEqualTo("[Completed exceptionally: java.util.concurrent.CancellationException]");
    } finally {
      release.countDown();
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void itSaysThatACancelledTaskStillCleansUp() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).noDriver().build();
    try {
      Task<String> task =
          executor.spawn(
              () -> {
                started.countDown();
                release.await();
                return Async.done("");
              });
      started.await();
      task.cancel(true);
      assertThat(state(task))
          .isEqualTo(
              "[Completed exceptionally: java.util.concurrent.CancellationException, cleaning up]");
    } finally {
      release.countDown();
      executor.close(Duration.ofSeconds(60));
    }
  }
}

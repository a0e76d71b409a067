package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an executor says is under way on it, without being closed. */
class UnendedWorkTest {
  @Test
  void tasksAndBlockingCallsAreNamedUntilTheyEnd() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      assertThat(executor.unended()).isEmpty();
      Task<String> gate = new Task<>();
      Task<String> task = executor.spawn("waiting", () -> gate);
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch released = new CountDownLatch(1);
      Task<Boolean> call =
          executor.spawnBlocking(
              () -> {
                begun.countDown();
                return released.await(1, TimeUnit.MINUTES);
              });
      assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

      assertThat(executor.unended())
          .satisfiesExactlyInAnyOrder(
              unended -> {
                assertThat(unended.name()).isEqualTo("waiting");
                assertThat(unended.id()).isEqualTo(task.id());
                assertThat(unended.blocking()).isFalse();
              },
              unended -> assertThat(unended.blocking()).isTrue());

      gate.complete("open");
      released.countDown();
      assertThat(task.get(1, TimeUnit.MINUTES)).isEqualTo("open");
      assertThat(call.get(1, TimeUnit.MINUTES)).isTrue();
      executor.close();
      assertThat(executor.unended()).isEmpty();
    }
  }

  @Test
  void aNodeExecutorSaysItToo() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().build()) {
      Task<String> gate = new Task<>();
      Task<String> task = executor.spawn(() -> gate);
      assertThat(executor.unended())
          .singleElement()
          .satisfies(
              unended ->
                  assertThat(unended.description()).contains(UnendedWorkTest.class.getName()));
      gate.complete("open");
      assertThat(task.get(1, TimeUnit.MINUTES)).isEqualTo("open");
      executor.close();
      assertThat(executor.unended()).isEmpty();
    }
  }
}

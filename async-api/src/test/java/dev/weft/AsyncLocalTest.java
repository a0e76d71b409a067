package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Where the value of an {@link AsyncLocal} goes along on the work-stealing executor. */
class AsyncLocalTest {
  private static final AsyncLocal<String> LOCAL = new AsyncLocal<>();
  private static final AsyncLocal<String> OTHER = new AsyncLocal<>();
  private static final WorkStealingExecutor EXECUTOR =
      WorkStealingExecutor.builder().workers(2).noDriver().build();

  @AfterAll
  static void close() {
    EXECUTOR.close();
  }

  private static HandWritten<String> afterAwait(CompletableFuture<?> awaited) {
    HandWritten<String> frame =
        new HandWritten<>(
            EXECUTOR,
            (self, state, outcome) -> {
              if (state == 0) {
                return self.await(awaited, 1);
              }
              Await.take(outcome);
              return Settled.value(LOCAL.get());
            });
    EXECUTOR.schedule(frame);
    return frame;
  }

  @Test
  void isPutBackAfterAnAwait() throws Exception {
    CompletableFuture<String> first = LOCAL.run("A", () -> afterAwait(new Task<>()));
    CompletableFuture<Void> gate = new CompletableFuture<>();
    CompletableFuture<String> a = LOCAL.run("A", () -> afterAwait(gate));
    CompletableFuture<String> b = LOCAL.run("B", () -> afterAwait(gate));
    CompletableFuture<String> none = afterAwait(gate);
    gate.complete(null);

    assertThat(List.of(a.get(), b.get())).containsExactly("A", "B");
    assertThat(none.get()).isNull();
    assertThat(first).isNotDone();
  }

  @Test
  void goesToSpawnedTasksTimersAndBlockingCalls() throws Exception {
    String spawned = LOCAL.run("A", () -> EXECUTOR.spawn(() -> Settled.value(LOCAL.get()))).get();
    String afterSleep =
        LOCAL.run("B", () -> afterAwait(EXECUTOR.sleep(Duration.ofMillis(1)))).get();
    String blocking = LOCAL.run("C", () -> EXECUTOR.spawnBlocking(LOCAL::get)).get();
    String submitted = LOCAL.run("D", () -> EXECUTOR.submit(LOCAL::get)).get();

    assertThat(List.of(spawned, afterSleep, blocking, submitted))
        .containsExactly("A", "B", "C", "D");
    assertThat(EXECUTOR.submit(LOCAL::get).get()).isNull();
    assertThat(EXECUTOR.spawnBlocking(LOCAL::get).get()).isNull();
  }

  @Test
  void aChangeReachesWhatIsScheduledLaterAndNobodyElse() throws Exception {
    List<String> seen =
        LOCAL.run(
            "outer",
            () ->
                OTHER.run(
                    "other",
                    () -> {
                      Task<String> before = EXECUTOR.submit(LOCAL::get);
                      LOCAL.enterWith("inner");
                      Task<String> after = EXECUTOR.submit(LOCAL::get);
                      return List.of(before.get(), after.get(), EXECUTOR.submit(OTHER::get).get());
                    }));

    assertThat(seen).containsExactly("outer", "inner", "other");
    assertThat(LOCAL.get()).isNull();
    assertThat(OTHER.get()).isNull();
  }

  @Test
  void aValueEnteredInABlockingCallIsNotThereInTheNext() throws Exception {
    AsyncLocal<String> local = new AsyncLocal<>();
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().maxBlockingThreads(1).build()) {
      executor
          .spawnBlocking(
              () -> {
                local.enterWith("mine");
                return null;
              })
          .get(60, TimeUnit.SECONDS);
      assertThat(executor.spawnBlocking(local::get).get(60, TimeUnit.SECONDS)).isNull();
    }
  }
}

package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.HandWritten;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a spawned task says of itself, and what becomes of its failure. */
class SpawnedTaskTest {
  private final Map<String, Throwable> unheard = new ConcurrentHashMap<>();
  private final Set<Task<?>> spawned = ConcurrentHashMap.newKeySet();
  private final Set<Task<?>> ended = ConcurrentHashMap.newKeySet();
  private final List<String> threads = Collections.synchronizedList(new ArrayList<>());
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder()
          .workers(2)
          .noDriver()
          .onUnheardFailure(unheard::put)
          .onTaskSpawn(spawned::add)
          .onTaskEnd(ended::add)
          .onThreadStart(() -> threads.add("start " + Thread.currentThread().getName()))
          .onThreadStop(() -> threads.add("stop " + Thread.currentThread().getName()))
          .onThreadPark(() -> threads.add("park"))
          .onThreadUnpark(() -> threads.add("unpark"))
          .build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  private static <T> Task<T> failing(Exception error) throws Exception {
    throw error;
  }

  @Test
  void idsAreUniqueAndStay() {
    Task<String> one = executor.spawn(() -> Async.done("one"));
    Task<String> two = executor.spawn("two", () -> Async.done("two"));
    assertThat(one.id()).isPositive().isEqualTo(one.id()).isNotEqualTo(two.id());
    assertThat(one.name()).isNull();
    assertThat(two.name()).isEqualTo("two");
    assertThat(two.toString()).contains("two").contains(SpawnedTaskTest.class.getName());
    assertThat(new Task<>().id()).isZero();
  }

  @Test
  void aTaskThatRunsIsDoneWhenAbortedAndFinishedWhenItHasEnded() throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Task<String> task =
        executor.submit(
            () -> {
              started.countDown();
              ExecutorServiceTest.awaitQuietly(release);
              return "end";
            });
    started.await();
    task.abort();
    assertThat(task.isDone()).isTrue();
    assertThat(task.isFinished()).isFalse();
    release.countDown();
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(task.isFinished()).isTrue();
  }

  // ---- failures

  @Test
  void aFailureThatNobodyLooksAtIsReportedWhenTheTaskIsGarbage() {
    IOException error = new IOException("lost");
    WeakReference<Task<?>> task =
        new WeakReference<>(executor.spawn("loser", () -> failing(error)));
    spawned.clear();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (unheard.isEmpty() && System.nanoTime() - deadline < 0) {
      ended.clear();
      System.gc();
    }
    assertThat(task.get()).isNull();
    assertThat(unheard).hasSize(1).containsValue(error);
    assertThat(unheard.keySet().iterator().next()).contains("loser");
  }

  @Test
  void andAtTheEndOfTheExecutorAtTheLatest() throws Exception {
    Task<String> held = executor.spawn("held", () -> failing(new IOException("lost")));
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(unheard).hasSize(1);
    assertThat(held).isCompletedExceptionally();
  }

  @Test
  void aFailureThatSomebodyLooksAtIsNot() throws Exception {
    List<Task<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tasks.add(executor.spawn(() -> failing(new IOException("seen"))));
    }
    Task<String> early = new Task<>();
    Task<String> derivedEarly = executor.spawn(() -> early);
    derivedEarly.exceptionally(Throwable::getMessage);
    early.completeExceptionally(new IOException("seen"));
    for (Task<?> task : tasks) {
      while (!task.isFinished()) {
        Thread.onSpinWait();
      }
    }
    assertThatThrownBy(() -> tasks.get(0).join()).hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> tasks.get(1).get()).hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> tasks.get(2).getNow(null)).hasCauseInstanceOf(IOException.class);
    tasks.get(3).handle((value, error) -> error);
    @Nullable Object seen =
        executor.blockOn(
            () -> HandWritten.awaiting(executor, tasks.get(4)).handle((value, error) -> error));
    assertThat(seen).isInstanceOf(IOException.class);
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(unheard).isEmpty();
  }

  @Test
  void aCancelledTaskHasNotFailed() throws Exception {
    executor.spawn(() -> new Task<>());
    executor.shutdownNow();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(unheard).isEmpty();
  }

  // ---- hooks

  @Test
  void hooksAreCalled() throws Exception {
    Task<String> task = executor.spawn(() -> Async.done("done"));
    executor.spawnBlocking(() -> "blocking").get(60, TimeUnit.SECONDS);
    while (!threads.contains("park")) {
      Thread.onSpinWait(); // a worker that finds the executor shut down does not sleep any more
    }
    executor.shutdown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    while (!threads.contains("stop weft-blocking-0")) {
      Thread.onSpinWait(); // the pool has ended a moment before its last thread does
    }
    assertThat(spawned).containsExactly(task);
    assertThat(ended).containsExactly(task);
    assertThat(threads)
        .contains("start weft-worker-0", "start weft-worker-1", "start weft-blocking-0")
        .contains("stop weft-worker-0", "stop weft-worker-1")
        .contains("park", "unpark");
  }
}

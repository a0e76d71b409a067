package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.HandWritten;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A task that blocks its thread keeps nobody else from going on. */
class BlockInPlaceTest {
  private final List<String> threads = Collections.synchronizedList(new ArrayList<>());
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder()
          .name("one")
          .workers(1)
          .onThreadStart(() -> threads.add("start"))
          .onThreadStop(() -> threads.add("stop"))
          .build();

  @AfterEach
  void close() throws Exception {
    executor.close(Duration.ofSeconds(60));
    while (threadsAlive() > 0) {
      Thread.yield(); // until the test's time is over; spare threads end a moment later
    }
  }

  private int threadsAlive() {
    List<String> now = List.copyOf(threads); // the threads still write to the list
    return Collections.frequency(now, "start") - Collections.frequency(now, "stop");
  }

  @Test
  void othersGoOnMeanwhile() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Task<String> queuedBefore = new Task<>();
    Task<String> blocked =
        executor.spawn(
            () -> {
              executor.spawn(() -> Async.done(queuedBefore.complete("ran"))); // in the LIFO slot
              return Async.done(
                  Async.blockInPlace(
                      () -> {
                        release.await();
                        return Thread.currentThread().getName();
                      }));
            });
    assertThat(queuedBefore.get(60, TimeUnit.SECONDS)).isEqualTo("ran");
    executor.spawn(() -> Async.sleep(Duration.ofMillis(5))).get(60, TimeUnit.SECONDS);
    assertThat(blocked.isDone()).isFalse();
    release.countDown();
    assertThat(blocked.get(60, TimeUnit.SECONDS)).isEqualTo("one-worker-0-blocked");
  }

  @Test
  void theTaskIsTheSameAfterwards() throws Exception {
    AsyncLocal<String> local = new AsyncLocal<>();
    Task<Void> result = executor.spawn(() -> local.run("kept", () -> threeTimes(local)));
    result.get(60, TimeUnit.SECONDS);
  }

  private HandWritten<Void> threeTimes(AsyncLocal<String> local) {
    HandWritten<Void> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 3) {
                assertThat(Thread.currentThread().getName()).isEqualTo("one-worker-0");
                return Async.done();
              }
              assertThat(Async.blockInPlace(() -> 42)).isEqualTo(42);
              assertThat(AsyncExecutor.current()).isSameAs(executor);
              assertThat(local.get()).isEqualTo("kept");
              return self.await(Async.sleep(Duration.ofMillis(2)), state + 1);
            });
    frame.run();
    return frame;
  }

  @Test
  void whatItThrowsIsThrown() {
    Task<Object> failed =
        executor.spawn(
            () ->
                Async.blockInPlace(
                    () -> {
                      throw new IOException("disk");
                    }));
    assertThatThrownBy(() -> failed.get(60, TimeUnit.SECONDS)).hasRootCauseMessage("disk");
  }

  @Test
  void callsMayBeNestedAndBlockOnTheExecutor() throws Exception {
    Task<String> task =
        executor.spawn(
            () ->
                Async.done(
                    Async.blockInPlace(
                        () ->
                            Async.blockInPlace(
                                () -> executor.blockOn(() -> Async.done("inner"))))));
    assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("inner");
  }

  @Test
  void threadsAreUsedAgain() throws Exception {
    Set<Thread> used = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      Thread thread =
          executor
              .spawn(() -> Async.done(Async.blockInPlace(Thread::currentThread)))
              .get(60, TimeUnit.SECONDS);
      used.add(thread);
      // It has nothing to do now, and waits for a worker, for as long as a thread is kept.
      while (thread.getState() != Thread.State.TIMED_WAITING) {
        Thread.yield();
      }
    }
    assertThat(used).as("the worker's thread, and a spare one").hasSize(2);
  }

  @Test
  void manyAtOnceHaveAThreadEach() throws Exception {
    int count = 50;
    CountDownLatch all = new CountDownLatch(count);
    AtomicInteger passed = new AtomicInteger();
    List<Task<Integer>> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tasks.add(
          executor.spawn(
              () ->
                  Async.done(
                      Async.blockInPlace(
                          () -> {
                            all.countDown();
                            all.await();
                            return passed.incrementAndGet();
                          }))));
    }
    for (Task<Integer> task : tasks) {
      task.get(60, TimeUnit.SECONDS);
    }
    assertThat(passed).hasValue(count);
  }

  @Test
  void outsideAnyExecutorItIsJustACall() throws Exception {
    Thread thread = Thread.currentThread();
    assertThat(Async.blockInPlace(Thread::currentThread)).isSameAs(thread);
  }

  @Test
  void aVirtualClockWaitsForIt() throws Exception {
    try (WorkStealingExecutor timeless =
        WorkStealingExecutor.builder().workers(1).noDriver().clock(new VirtualClock()).build()) {
      Task<Boolean> woken = new Task<>();
      Task<Boolean> stoodStill =
          timeless.spawn(
              () -> {
                timeless.sleep(Duration.ofHours(1)).thenRun(() -> woken.complete(true));
                return Async.done(
                    Async.blockInPlace(
                        () -> {
                          for (int i = 0; i < 100; i++) {
                            timeless.spawn(Async::done).get(); // the worker was busy, and idle
                          }
                          return !woken.isDone();
                        }));
              });
      assertThat(stoodStill.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(woken.get(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aNodeExecutorRefuses() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().build()) {
      Task<Object> refused = node.spawn(() -> Async.done(Async.blockInPlace(() -> "never")));
      assertThatThrownBy(() -> refused.get(60, TimeUnit.SECONDS))
          .hasRootCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining("use spawnBlocking");
    }
  }

  @Test
  void hooksOfThreadsMayBlockToo() throws Exception {
    Runnable blocking =
        () -> {
          try {
            Async.blockInPlace(() -> "in place");
          } catch (Exception impossible) {
            throw new AssertionError(impossible);
          }
        };
    WorkStealingExecutorBuilder builder = WorkStealingExecutor.builder().workers(1).noDriver();
    builder.onThreadStart(blocking).onThreadStop(blocking);
    builder.onThreadPark(blocking).onThreadUnpark(blocking).onTaskSpawn(task -> blocking.run());
    try (WorkStealingExecutor hooked = builder.build()) {
      for (int i = 0; i < 100; i++) {
        Task<String> task = hooked.spawn(() -> Async.done(Async.blockInPlace(() -> "task")));
        assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("task");
      }
    }
  }

  @Test
  void aHookThatGivesTheOnlyWorkerWorkBeforeItSleepsIsHeard() throws Exception {
    Task<String> parked = new Task<>();
    try (WorkStealingExecutor hooked =
        WorkStealingExecutor.builder()
            .workers(1)
            .noDriver()
            .onThreadPark(() -> parked.complete("by the hook"))
            .build()) {
      HandWritten<String> frame = HandWritten.awaiting(hooked, parked);
      assertThat(frame.get(60, TimeUnit.SECONDS)).isEqualTo("by the hook");
    }
  }
}

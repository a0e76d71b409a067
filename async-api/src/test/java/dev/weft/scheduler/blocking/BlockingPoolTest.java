package dev.weft.scheduler.blocking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.scheduler.thread.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How the blocking pool grows, and what cancelling a call does. */
class BlockingPoolTest {
  private final BlockingPool pool =
      new BlockingPool(
          BlockingThreads.platform("pool", 4, Duration.ofSeconds(10)),
          "pool",
          Hooks.NONE,
          () -> {});

  @AfterEach
  void shutdown() {
    pool.shutdown();
    pool.snapshot().forEach(call -> call.cancel(true));
  }

  @Test
  void growsBeforeItQueues() throws Exception {
    CyclicBarrier all = new CyclicBarrier(4); // passes only if four threads run at once
    List<Task<Integer>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(pool.submit(() -> all.await(60, TimeUnit.SECONDS)));
    }
    for (Task<Integer> call : calls) {
      call.get(60, TimeUnit.SECONDS);
    }
    assertThat(pool.size()).isEqualTo(4);
  }

  @Test
  void queuesBeyondItsLimit() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger at = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<Task<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      calls.add(
          pool.submit(
              () -> {
                most.accumulateAndGet(at.incrementAndGet(), Math::max);
                release.await();
                at.decrementAndGet();
                return null;
              }));
    }
    assertThat(pool.size()).isEqualTo(4);
    release.countDown();
    for (Task<Object> call : calls) {
      call.get(60, TimeUnit.SECONDS);
    }
    assertThat(most).hasValueBetween(1, 4);
  }

  @Test
  void cancellingACallThatWaitsPreventsIt() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    for (int i = 0; i < 4; i++) {
      pool.submit(
          () -> {
            release.await();
            return null;
          });
    }
    AtomicInteger made = new AtomicInteger();
    Task<Integer> waiting = pool.submit(made::incrementAndGet);
    assertThat(waiting.cancel(true)).isTrue();
    assertThatThrownBy(waiting::get).isInstanceOf(CancellationException.class);
    release.countDown();
    pool.shutdown();
    pool.join(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
    assertThat(pool.isTerminated()).isTrue();
    assertThat(made).hasValue(0);
  }

  @Test
  void cancellingARunningCallInterruptsItAndNotTheNext() throws Exception {
    BlockingPool single =
        new BlockingPool(
            BlockingThreads.platform("single", 1, Duration.ofSeconds(10)),
            "single",
            Hooks.NONE,
            () -> {});
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      CountDownLatch started = new CountDownLatch(1);
      Task<Object> call =
          single.submit(
              () -> {
                started.countDown();
                try {
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.complete(true);
                }
                return null;
              });
      started.await();
      call.cancel(true);
      assertThat(interrupted.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(single.submit(() -> Thread.currentThread().isInterrupted()).get()).isFalse();
    }
    single.shutdown();
  }

  @Test
  void threadsLeaveWhenThereIsNothingToDo() throws Exception {
    BlockingPool brief =
        new BlockingPool(
            BlockingThreads.platform("brief", 4, Duration.ofMillis(1)),
            "brief",
            Hooks.NONE,
            () -> {});
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    brief.submit(() -> thread.complete(Thread.currentThread()));
    thread.get(60, TimeUnit.SECONDS).join(60_000);
    assertThat(thread.get().isAlive()).isFalse();
    assertThat(brief.submit(() -> "a new one").get(60, TimeUnit.SECONDS)).isEqualTo("a new one");
    brief.shutdown();
  }

  @Test
  void afterShutdownItMakesWhatWasSubmittedAndNothingElse() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    List<Task<Object>> calls = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      calls.add(
          pool.submit(
              () -> {
                release.await();
                return "made";
              }));
    }
    pool.shutdown();
    assertThatThrownBy(() -> pool.submit(() -> 1).get())
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThat(pool.isTerminated()).isFalse();
    release.countDown();
    for (Task<Object> call : calls) {
      assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("made");
    }
    pool.join(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
    assertThat(pool.isTerminated()).isTrue();
    assertThat(pool.unended()).isEmpty();
  }

  @Test
  void virtualThreadsAreUsedWhereThereAreSome() throws Exception {
    if (Runtime.version().feature() < 21) {
      assertThatThrownBy(() -> BlockingThreads.virtual("virtual"))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("Java 21");
      return;
    }
    BlockingPool virtual =
        new BlockingPool(BlockingThreads.virtual("virtual"), "virtual", Hooks.NONE, () -> {});
    CountDownLatch all = new CountDownLatch(1000);
    List<Task<String>> calls = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      calls.add(
          virtual.submit(
              () -> {
                all.countDown();
                all.await(); // more than a pool of platform threads would have room for
                return Thread.currentThread().getClass().getSimpleName();
              }));
    }
    for (Task<String> call : calls) {
      assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo("VirtualThread");
    }
    virtual.shutdown();
    virtual.join(System.nanoTime() + TimeUnit.SECONDS.toNanos(60));
    assertThat(virtual.isTerminated()).isTrue();
  }
}

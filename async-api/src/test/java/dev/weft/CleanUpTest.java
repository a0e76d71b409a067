package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A task has ended when its body has, clean-up and the awaits in it included; close waits for it.
 */
class CleanUpTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> events = new CopyOnWriteArrayList<>();

  /** What time limits have logged. */
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

  @RegisterExtension
  final Logged logged = new Logged(Async.class, event -> warnings.add(event.getFormattedMessage()));

  static Stream<Arguments> executors() {
    Supplier<AsyncExecutor> stealing =
        () -> WorkStealingExecutor.builder().name("ending").workers(2).noDriver().build();
    Supplier<AsyncExecutor> single =
        () -> WorkStealingExecutor.builder().name("ending").workers(1).noDriver().build();
    Supplier<AsyncExecutor> node = () -> NodeExecutor.builder().name("ending").noDriver().build();
    return Stream.of(
        Arguments.argumentSet("two workers", stealing),
        Arguments.argumentSet("one worker", single),
        Arguments.argumentSet("node", node));
  }

  private static CloseReport close(AsyncExecutor executor, Duration drain, Duration bound) {
    return executor instanceof WorkStealingExecutor stealing
        ? stealing.close(drain, bound)
        : ((NodeExecutor) executor).close(drain, bound);
  }

  /**
   * An async method that waits for ever, and then cleans up.
   *
   * @param waiting counted down when it waits
   * @param cleanUp called in its finally, to be awaited
   */
  private HandWritten<String> method(
      AsyncExecutor executor, CountDownLatch waiting, Supplier<CompletableFuture<?>> cleanUp) {
    HandWritten<String> method =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              switch (state) {
                case 0:
                  Task<Void> longSleep = executor.sleep(Duration.ofHours(1));
                  waiting.countDown();
                  return self.await(longSleep, 1);
                case 1:
                  try {
                    Await.take(awaited);
                  } catch (TaskCancelledException e) {
                    events.add("cancelled");
                  }
                  return self.await(cleanUp.get(), 2);
                default:
                  Await.take(awaited);
                  events.add("cleaned up");
                  throw new TaskCancelledException("passed on", null);
              }
            });
    method.run();
    return method;
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aTaskThatCleansUpIsAliveForMetricsAndHooks() throws Exception {
    List<Task<?>> ended = new CopyOnWriteArrayList<>();
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(2).noDriver().onTaskEnd(ended::add).build();
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch cleaning = new CountDownLatch(1);
    Task<String> gate = new Task<>();
    Task<String> task =
        executor.spawn(
            () ->
                method(
                    executor,
                    waiting,
                    () -> {
                      cleaning.countDown();
                      return gate;
                    }));
    await(waiting);
    task.cancel(true);
    await(cleaning);
    assertThat(ended).isEmpty();
    assertThat(executor.metrics().aliveTasks()).isOne();
    gate.complete("");
    assertThat(task.awaitFinished(LONG)).isTrue();
    executor.close(LONG);
    assertThat(ended).hasSize(1);
    assertThat(executor.metrics().aliveTasks()).isZero();
  }

  @ParameterizedTest
  @MethodSource("executors")
  void aCancelledTaskIsDoneAtOnceAndFinishedWhenItHasCleanedUp(Supplier<AsyncExecutor> making)
      throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(1);
    Task<String> gate = new Task<>();
    Task<String> task = executor.spawn(() -> method(executor, waiting, () -> gate));
    await(waiting);
    Task<Void> end = task.finished();
    assertThat(task.cancel(true)).isTrue();
    assertThat(task).isCancelled();
    assertThat(task.isFinished()).isFalse();
    assertThat(task.awaitFinished(Duration.ofMillis(1))).isFalse();
    gate.complete("");
    assertThat(task.awaitFinished(LONG)).isTrue();
    end.get(60, TimeUnit.SECONDS);
    assertThat(task.isFinished()).isTrue();
    assertThat(events).containsExactly("cancelled", "cleaned up");
    executor.close(LONG);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void awaitingACancelledTaskGoesOnAfterItsEnd(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch cleaning = new CountDownLatch(1);
    Task<String> gate = new Task<>();
    Task<String> task =
        executor.spawn(
            () ->
                method(
                    executor,
                    waiting,
                    () -> {
                      cleaning.countDown();
                      return gate;
                    }));
    await(waiting);
    task.cancel(true);
    await(cleaning);
    assertThat(Await.isReady(task)).isFalse();
    CountDownLatch asking = new CountDownLatch(1);
    Task<String> awaiter =
        executor.spawn(
            () ->
                started(
                    new HandWritten<String>(
                        executor,
                        (self, state, awaited) -> {
                          if (state == 0) {
                            asking.countDown();
                            return self.await(task, 1);
                          }
                          events.add("awaiter goes on");
                          return Settled.value("end");
                        })));
    await(asking);
    gate.complete("");
    assertThat(awaiter.get(60, TimeUnit.SECONDS)).isEqualTo("end");
    assertThat(events).containsExactly("cancelled", "cleaned up", "awaiter goes on");
    executor.close(LONG);
  }

  private static <T> HandWritten<T> started(HandWritten<T> method) {
    method.run();
    return method;
  }

  @ParameterizedTest
  @MethodSource("executors")
  void aTaskThatNeverRanHasAnEnd(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch release = new CountDownLatch(1);
    int threads =
        executor instanceof WorkStealingExecutor stealing ? stealing.metrics().workers().size() : 1;
    CountDownLatch blocked = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      executor.execute(
          () -> {
            blocked.countDown();
            ExecutorServiceTest.awaitQuietly(release);
          });
    }
    await(blocked);
    Task<String> never =
        executor.spawn(
            () -> {
              events.add("ran");
              return Async.done("");
            });
    never.cancel(true);
    release.countDown();
    assertThat(never.awaitFinished(LONG)).isTrue();
    assertThat(events).isEmpty();
    executor.close(LONG);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void closeWaitsForCleanUpThatAwaitsSleepsSpawnsAndBlocks(Supplier<AsyncExecutor> making)
      throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(3);
    Task<String> slept =
        executor.spawn(() -> method(executor, waiting, () -> executor.sleep(Duration.ofMillis(5))));
    Task<String> spawned =
        executor.spawn(
            () ->
                method(
                    executor,
                    waiting,
                    () -> executor.spawn(() -> executor.sleep(Duration.ofMillis(5)))));
    Task<String> blocked =
        executor.spawn(
            () -> method(executor, waiting, () -> executor.spawnBlocking(() -> "saved")));
    await(waiting);
    CloseReport report = close(executor, Duration.ZERO, LONG);
    assertThat(report.ended()).isTrue();
    assertThat(report.unended()).isEmpty();
    assertThat(events).hasSize(6).filteredOn("cleaned up"::equals).hasSize(3);
    assertThat(List.of(slept, spawned, blocked)).allMatch(Task::isFinished);
    assertThat(executor.isTerminated()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("executors")
  void whileItDrainsWorkUnderWayMayStartMoreAndOthersMayNot(Supplier<AsyncExecutor> making)
      throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(1);
    Task<String> gate = new Task<>();
    Callable<CompletionStage<String>> request =
        () ->
            started(
                new HandWritten<String>(
                    executor,
                    (self, state, awaited) -> {
                      switch (state) {
                        case 0:
                          waiting.countDown();
                          return self.await(gate, 1);
                        case 1:
                          return self.await(executor.spawnBlocking(() -> "saved"), 2);
                        default:
                          return Settled.value(Await.take(awaited) + " and answered");
                      }
                    }));
    Task<String> underWay = executor.spawn(request);
    await(waiting);
    executor.shutdown();
    assertThatThrownBy(() -> executor.spawn(request).get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.spawnBlocking(() -> 1).get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RejectedExecutionException.class);
    gate.complete("");
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(underWay.get()).isEqualTo("saved and answered");
  }

  /** As a woven method is when it suspends: made without an executor. */
  private static final class Dropped extends dev.weft.frame.Frame<String> {
    private final CountDownLatch waiting;
    private final List<String> events;

    Dropped(CountDownLatch waiting, List<String> events) {
      this.waiting = waiting;
      this.events = events;
    }

    Task<?> call() {
      Task<Void> sleep = Async.sleep(Duration.ofHours(1));
      Task<?> result = suspendOn(sleep, 1, null);
      waiting.countDown();
      return result;
    }

    @Override
    protected Object resume() {
      try {
        return Settled.value((String) Await.take(takeAwaited()));
      } finally {
        events.add("cleaned up");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executors")
  void aCallThatWasDroppedCountsToo(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(1);
    executor
        .spawn(
            () -> {
              new Dropped(waiting, events).call();
              return Async.done("");
            })
        .get(60, TimeUnit.SECONDS);
    await(waiting);
    CloseReport report = close(executor, Duration.ZERO, LONG);
    assertThat(report.ended()).isTrue();
    assertThat(events).containsExactly("cleaned up");
  }

  @ParameterizedTest
  @MethodSource("executors")
  void oneThatSwallowsItIsNamedAndDoesNotOutliveTheBound(Supplier<AsyncExecutor> making)
      throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(1);
    Task<String> stubborn =
        executor.spawn(
            () ->
                started(
                    new HandWritten<String>(
                        executor,
                        (self, state, awaited) -> {
                          while (true) {
                            try {
                              if (state == 1) {
                                Await.take(awaited);
                              }
                            } catch (Exception swallowed) {
                              events.add("swallowed");
                            }
                            Task<Void> sleep = executor.sleep(Duration.ofMillis(1));
                            waiting.countDown();
                            return self.await(sleep, 1);
                          }
                        })));
    await(waiting);
    CloseReport report = close(executor, Duration.ZERO, Duration.ofMillis(200));
    assertThat(report.ended()).isFalse();
    assertThat(report.unended()).singleElement().asString().contains(CleanUpTest.class.getName());
    assertThat(stubborn.awaitFinished(LONG)).isTrue();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(events).containsOnly("swallowed").hasSizeLessThan(200);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void aValueOfABlockingCallIsNotLost(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch calling = new CountDownLatch(1);
    AtomicReference<String> acquired = new AtomicReference<>();
    Callable<String> open =
        () -> {
          calling.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            return "a resource all the same";
          }
          return "never";
        };
    Task<String> task =
        executor.spawn(
            () ->
                started(
                    new HandWritten<String>(
                        executor,
                        (self, state, awaited) -> {
                          if (state == 0) {
                            return self.await(executor.spawnBlocking(open), 1);
                          }
                          acquired.set((String) Await.take(awaited));
                          return Settled.value("");
                        })));
    await(calling);
    task.cancel(true);
    assertThat(task.awaitFinished(LONG)).isTrue();
    assertThat(acquired).hasValue("a resource all the same");
    executor.close(LONG);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void aTimeLimitEndsWhenWhatItLimitsHasCleanedUp(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch cleaning = new CountDownLatch(1);
    Task<String> gate = new Task<>();
    AtomicReference<Task<String>> limited = new AtomicReference<>();
    Task<String> task =
        executor.spawn(
            () -> {
              limited.set(
                  Async.timeout(
                      Duration.ofMillis(1),
                      method(
                          executor,
                          waiting,
                          () -> {
                            cleaning.countDown();
                            return gate;
                          })));
              return limited.get();
            });
    await(cleaning);
    assertThat(task).isNotDone();
    assertThat(limited.get()).isNotDone();
    assertThat(warnings.poll(60, TimeUnit.SECONDS)) // a second after the limit
        .contains("The limit of PT0.001S was over", HandWritten.class.getSimpleName());
    gate.complete("");
    assertThatThrownBy(() -> task.get(60, TimeUnit.SECONDS))
        .hasCauseInstanceOf(TimeoutException.class)
        .hasMessageContaining("PT0.001S")
        .hasMessageContaining("sleep");
    assertThat(events).containsExactly("cancelled", "cleaned up");
    executor.close(LONG);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void aTimeLimitLetsGoOfASpawnedTask(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    Task<String> shared = executor.spawn(Task::new);
    assertThatThrownBy(() -> executor.blockOn(() -> Async.timeout(Duration.ofMillis(1), shared)))
        .isInstanceOf(TimeoutException.class);
    assertThat(shared).isNotDone();
    executor.close(LONG);
  }

  @ParameterizedTest
  @MethodSource("executors")
  void theThreadsHaveEndedWhenCloseReturns(Supplier<AsyncExecutor> making) throws Exception {
    AsyncExecutor executor = making.get();
    AtomicReference<Thread> worker = new AtomicReference<>();
    AtomicReference<Thread> blocking = new AtomicReference<>();
    executor
        .spawn(
            () -> {
              worker.set(Thread.currentThread());
              return Async.done("");
            })
        .get(60, TimeUnit.SECONDS);
    executor
        .spawnBlocking(
            () -> {
              blocking.set(Thread.currentThread());
              return "";
            })
        .get(60, TimeUnit.SECONDS);
    assertThat(close(executor, Duration.ZERO, LONG).ended()).isTrue();
    assertThat(worker.get().isAlive()).isFalse();
    assertThat(blocking.get().isAlive()).isFalse();
  }
}

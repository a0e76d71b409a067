package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many children as a server has, on all workers. */
@Timeout(600)
class ManyChildrenTest {
  private static final int CHILDREN = 100_000;
  private static final int ROUNDS = 10;

  private static WorkStealingExecutor executor() {
    return WorkStealingExecutor.builder().name("children").noDriver().build();
  }

  /** One fails while the others sleep, begin, or have yet to begin. */
  @Test
  void whenOneFailsAllOthersHaveEndedBeforeJoinReturns() throws Exception {
    Work work = new Work();
    try (WorkStealingExecutor executor = executor()) {
      String outcome =
          executor.blockOn(
              () -> {
                var scope = TaskScope.failFast();
                List<Task<String>> children = new ArrayList<>();
                for (int i = 0; i < CHILDREN; i++) {
                  children.add(
                      scope.fork(
                          i == CHILDREN / 2
                              ? work.failing("the one", 20, 0)
                              : work.ending("v", 3_600_000, 1)));
                }
                return Await.future(scope.join())
                    .handle(
                        (nothing, error) -> {
                          assertThat(work.running).as("bodies that run").hasValue(0);
                          assertThat(scope.size()).isZero();
                          assertThat(children).allMatch(Task::isFinished);
                          return error.getMessage();
                        });
              });
      assertThat(outcome).isEqualTo("the one");
      while (executor.metrics().aliveTasks() > 0) { // the body itself ends after it has answered
        Thread.onSpinWait();
      }
    }
  }

  /**
   * By what lives after a collection: it is much more while the children are there, and the same
   * after many rounds as after two. And by the scope and children themselves, which are garbage.
   */
  @Test
  void whenOneFailsTheMemoryIsBackWhereItWas() throws Exception {
    Work work = new Work();
    try (WorkStealingExecutor executor = executor()) {
      long first = live(executor);
      long bound = first + 64L * CHILDREN; // tables of tasks, timers and failures do not shrink
      for (int round = 1; round <= ROUNDS; round++) {
        List<WeakReference<?>> seen = new CopyOnWriteArrayList<>();
        Task<Object> last = new Task<>();
        Task<String> method = executor.spawn(() -> failingWhen(last, work, seen));
        waitUntil(() -> work.running.get() == CHILDREN - 1);
        long open = live(executor);
        last.completeExceptionally(new IOException("the one"));
        assertThat(method.awaitFinished(Duration.ofMinutes(1))).isTrue();
        assertThat(method).isCompletedWithValue("the one");
        assertThat(work.running).hasValue(0);
        assertThat(seen).hasSize(CHILDREN / 1000);
        long most = bound;
        long[] after = {0};
        waitUntil(
            () ->
                (after[0] = live(executor)) < most
                    && seen.stream().allMatch(it -> it.refersTo(null)));
        assertThat(open - after[0]).as("bytes of a scope").isGreaterThan(64L * CHILDREN);
        if (round == 2) {
          bound = Math.min(bound, after[0] + (1 << 20));
        }
      }
    }
  }

  private static CompletionStage<String> failingWhen(
      Task<Object> last, Work work, List<WeakReference<?>> seen) {
    var scope = TaskScope.failFast();
    seen.add(new WeakReference<>(scope));
    for (int i = 1; i < CHILDREN; i++) {
      Task<String> child = scope.fork(work.ending("v", 3_600_000, 1));
      if (i % 1000 == 0) {
        seen.add(new WeakReference<>(child));
      }
    }
    scope.fork(() -> last);
    return scope.join().handle((nothing, error) -> error.getMessage());
  }

  /** What is known weakly of failures that are garbage goes when the next await fails. */
  private static long live(WorkStealingExecutor executor) {
    System.gc();
    Callable<CompletionStage<String>> failing = new Work().failing("f", 0, 0);
    Task<String> method = executor.spawn(() -> Work.inTurn(failing));
    executor
        .spawn(() -> Work.<String>inTurn(() -> method).handle((value, error) -> "heard"))
        .join();
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void waitUntil(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  /** Ten at a time, a million in all: those that have ended are not kept. */
  @Test
  void aScopeThatForksForEverDoesNotGrow() throws Exception {
    try (WorkStealingExecutor executor = executor()) {
      int most =
          executor.blockOn(
              () -> {
                var scope = TaskScope.failFast();
                AtomicInteger left = new AtomicInteger(1_000_000);
                AtomicInteger max = new AtomicInteger();
                for (int i = 0; i < 10; i++) {
                  scope.fork(() -> successor(scope, left, max));
                }
                return scope.join().thenApply(nothing -> max.get());
              });
      assertThat(most).isBetween(1, 20);
    }
  }

  private static Task<Void> successor(
      TaskScope<Object, Void> scope, AtomicInteger left, AtomicInteger max) {
    max.accumulateAndGet(scope.size(), Math::max);
    if (left.decrementAndGet() > 0) {
      scope.fork(() -> successor(scope, left, max));
    }
    return Async.done();
  }

  /** Forks, ends, failures and cancellations at the same time on all workers. */
  @Test
  void scopesThatEndAtTheVeryMomentOfAFork() throws Exception {
    Work work = new Work();
    try (WorkStealingExecutor executor = executor()) {
      for (int round = 0; round < 300; round++) {
        int failing = round % 40;
        var scope =
            executor.blockOn(
                () -> {
                  var made = TaskScope.failFast();
                  for (int i = 0; i < 40; i++) {
                    int own = i;
                    made.fork(
                        () -> {
                          if (own == failing) {
                            throw new IOException("f");
                          }
                          made.fork(work.ending("x", 1000, 0));
                          return work.ending("v", own % 3 == 0 ? 0 : 1000, 0).call();
                        });
                  }
                  return Async.done(made);
                });
        Task<Void> join = scope.join();
        assertThat(join.awaitFinished(Duration.ofMinutes(1))).isTrue();
        assertThat(join).isCompletedExceptionally();
        assertThat(work.running).as("bodies that run").hasValue(0);
        assertThat(scope.size()).isZero();
      }
    }
  }
}

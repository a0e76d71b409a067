package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** As many children as a server has, on all workers. */
@Timeout(600)
class ManyChildrenTest {
  private static final int CHILDREN = 100_000;

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

package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncLocal;
import dev.weft.Logged;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.handoff.Held;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What each policy waits for, brings and throws; who may fork; what is left behind. */
@Timeout(60)
class TaskScopeTest {
  private final Work work = new Work();
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

  @RegisterExtension
  final Logged logged =
      new Logged(TaskScope.class, event -> warnings.add(event.getFormattedMessage()));

  /** What the body comes to, in words, and after how many milliseconds. */
  private String run(Callable<CompletionStage<?>> body) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().deterministic(7).build()) {
      long start = executor.nanoTime();
      String outcome =
          executor.blockOn(
              () ->
                  Await.future(body.call())
                      .handle((value, error) -> error == null ? "" + value : words(error)));
      long millis = (executor.nanoTime() - start) / 1_000_000;
      assertThat(work.running).as("bodies that run").hasValue(0);
      return outcome + " after " + millis;
    }
  }

  private static String words(Throwable error) {
    StringBuilder words =
        new StringBuilder(error.getClass().getSimpleName() + ":" + error.getMessage());
    for (Throwable suppressed : error.getSuppressed()) {
      words.append(" + ").append(suppressed.getMessage());
    }
    return words.toString();
  }

  @Test
  void failFastEndsWhenAllHaveEnded() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  Task<String> a = scope.fork(work.ending("a", 10, 2));
                  Task<Integer> b = scope.fork("b", () -> Async.done(4));
                  return Work.inTurn(scope::join, () -> Async.done(a.join() + b.join() + b.name()));
                }))
        .isEqualTo("a4b after 12");
    assertThat(run(() -> TaskScope.failFast().join())).isEqualTo("null after 0");
  }

  @Test
  void failFastFailsWithTheFirstFailureAndNothingRuns() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  scope.fork(work.ending("a", 1000, 5));
                  scope.fork(work.failing("b", 10, 0));
                  scope.fork(work.failing("c", 20, 0));
                  return scope.join();
                }))
        .isEqualTo("IOException:b after 15");
  }

  @Test
  void aBodyThatThrowsHasFailed() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  scope.fork(
                      () -> {
                        throw new IOException("checked");
                      });
                  return scope.join();
                }))
        .isEqualTo("IOException:checked after 0");
  }

  @Test
  void joinAllBringsTheTasksInTheOrderOfForking() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>joinAll();
                  scope.fork(work.ending("a", 20, 0));
                  scope.fork(work.failing("b", 10, 0));
                  scope.fork(work.ending("c", 5, 0));
                  return scope
                      .join()
                      .thenApply(
                          tasks ->
                              tasks.stream()
                                  .map(t -> t.isCompletedExceptionally() ? "!" : t.join())
                                  .toList());
                }))
        .isEqualTo("[a, !, c] after 20");
  }

  @Test
  void aSupervisorMindsNoFailure() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.supervisor();
                  Task<String> failed = scope.fork(work.failing("a", 5, 0));
                  scope.fork(work.ending("b", 10, 0));
                  return Work.inTurn(
                      scope::join, () -> failed.exceptionally(Throwable::getMessage));
                }))
        .isEqualTo("a after 10");
  }

  @Test
  void theFirstValueCancelsTheOthers() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccess();
                  scope.fork(work.failing("a", 1, 0));
                  scope.fork(work.ending("b", 10, 0));
                  scope.fork(work.ending("c", 1000, 3));
                  return scope.join();
                }))
        .isEqualTo("b after 13");
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccess();
                  scope.fork(work.failing("a", 9, 0));
                  scope.fork(work.failing("b", 2, 0));
                  return scope.join();
                }))
        .isEqualTo("IOException:b + a after 9");
    assertThat(run(() -> TaskScope.<String>firstSuccess().join()))
        .startsWith(NoSuchElementException.class.getSimpleName());
  }

  @Test
  void theFirstFewOfSeveral() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccesses(3);
                  for (int i = 5; i > 0; i--) {
                    scope.fork(work.ending("v" + i, i * 10, 1));
                  }
                  return scope.join();
                }))
        .isEqualTo("[v1, v2, v3] after 32");
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccesses(3);
                  scope.fork(work.ending("a", 1, 1));
                  return scope.join();
                }))
        .isEqualTo(
            "NoSuchElementException:of the scope's tasks, 1 have brought a value; wanted: 3 after 2");
  }

  @Test
  void whoIsLateIsCancelled() throws Exception {
    List<Long> left = new ArrayList<>();
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>joinAll().within(Duration.ofMillis(50));
                  scope.fork(work.ending("a", 10, 0));
                  scope.fork(work.ending("b", 1000, 5));
                  scope.fork(
                      () -> {
                        left.add(Async.remainingTime().toMillis());
                        return Async.done("");
                      });
                  return scope.join();
                }))
        .isEqualTo("TimeoutException:after PT0.05S 1 of the scope's tasks have not ended after 55");
    assertThat(left).containsExactly(50L);
    assertThat(run(() -> TaskScope.failFast().within(Duration.ofHours(1)).join()))
        .as("the timer is freed")
        .isEqualTo("null after 0");
  }

  // ---- cancelling

  @Test
  void cancellingWhoAwaitsJoinCancelsTheTasksAndWaitsForThem() throws Exception {
    assertThat(
            run(
                () -> {
                  Task<String> parent =
                      Async.spawn(
                          () -> {
                            var outer = TaskScope.failFast();
                            outer.fork(work.ending("a", 100, 5));
                            outer.fork(
                                () -> {
                                  var inner = TaskScope.supervisor();
                                  inner.fork(work.ending("b", 100, 30));
                                  return Work.inTurn(inner::join);
                                });
                            return Work.inTurn(outer::join, () -> Async.done("not reached"));
                          });
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(10)),
                      () -> {
                        parent.cancel(true);
                        return parent.finished();
                      },
                      () -> Async.done(work.begun + " begun, " + work.running + " running"));
                }))
        .isEqualTo("2 begun, 0 running after 40");
  }

  @Test
  void cancellingJoinGivesItsOutcomeAtOnceAndItsEndLater() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  scope.fork(work.ending("a", 100, 5));
                  Task<?> join = scope.join();
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(10)),
                      () -> {
                        join.cancel(true);
                        assertThat(join).isCancelled();
                        assertThat(join.isFinished()).isFalse();
                        return join.finished();
                      });
                }))
        .isEqualTo("null after 15");
  }

  @Test
  void whoIsCancelledWhileClosingStillWaits() throws Exception {
    assertThat(
            run(
                () -> {
                  Task<String> parent =
                      Async.spawn(
                          () -> {
                            var scope = TaskScope.failFast();
                            scope.fork(work.ending("a", 100, 50));
                            return Work.inTurn(
                                () -> Async.sleep(Duration.ofMillis(10)), scope::closeAsync);
                          });
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(20)),
                      () -> {
                        parent.cancel(true);
                        return parent.finished();
                      });
                }))
        .isEqualTo("null after 60");
  }

  @Test
  void oneThatHasNotStartedDoesNotStart() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  for (int i = 0; i < 10; i++) {
                    scope.fork(work.ending("a", 100, 50));
                  }
                  return Work.inTurn(scope::closeAsync, () -> Async.done(work.begun.get()));
                }))
        .isEqualTo("0 after 0");
  }

  @Test
  void cancellingOneTaskIsItsFailure() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  Task<String> a = scope.fork(work.ending("a", 100, 5));
                  scope.fork(work.ending("b", 100, 3));
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(10)),
                      () -> {
                        a.cancel(true);
                        return scope.join();
                      });
                }))
        .startsWith("CancellationException:")
        .endsWith("after 18");
  }

  // ---- who may fork

  @Test
  void aTaskMayForkIntoItsScope() throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  scope.fork(
                      () ->
                          Work.inTurn(
                              () -> Async.sleep(Duration.ofMillis(5)),
                              () -> {
                                scope.fork(work.ending("b", 30, 0));
                                return Async.done();
                              }));
                  return scope.join();
                }))
        .isEqualTo("null after 35");
  }

  @Test
  void afterItsEndNothingStarts() throws Exception {
    assertThat(
            run(
                () -> {
                  var joined = TaskScope.failFast();
                  joined.join();
                  assertThatThrownBy(() -> joined.fork(work.ending("a", 1, 0)).join())
                      .hasRootCauseInstanceOf(IllegalStateException.class)
                      .hasMessageContaining("the scope was joined");
                  var closed = TaskScope.failFast();
                  closed.closeAsync();
                  assertThatThrownBy(() -> closed.fork(work.ending("a", 1, 0)).join())
                      .hasMessageContaining("the scope was closed");
                  var cancelled = TaskScope.failFast();
                  cancelled.cancel();
                  assertThatThrownBy(() -> cancelled.fork(work.ending("a", 1, 0)).join())
                      .isInstanceOf(CancellationException.class)
                      // Since Java 24 join() throws another one, around it.
                      .matches(error -> (error + " " + error.getCause()).contains("has failed"));
                  return Async.done(work.begun.get());
                }))
        .isEqualTo("0 after 0");
  }

  // ---- what goes along, and what is left

  @Test
  void aTaskKnowsItsParentForAsLongAsItRuns() throws Exception {
    assertThat(
            run(
                () -> {
                  Task<String> parent =
                      Async.spawn(
                          "parent",
                          () -> {
                            var scope = TaskScope.failFast();
                            Task<String> child = scope.fork(work.ending("a", 10, 0));
                            assertThat(child.parent().name()).isEqualTo("parent");
                            assertThat(child.parent().parent()).isNull();
                            return Work.inTurn(scope::join, () -> Async.done("" + child.parent()));
                          });
                  return parent;
                }))
        .isEqualTo("null after 10");
  }

  @Test
  void localsAreInherited() throws Exception {
    AsyncLocal<String> local = new AsyncLocal<>();
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccess();
                  local.run("r17", () -> scope.fork(() -> Async.done(local.get())));
                  return scope.join();
                }))
        .isEqualTo("r17 after 0");
  }

  @Test
  void aFailureThatNobodyJoinsIsLogged() throws Exception {
    leaveWithoutJoin(TaskScope::failFast);
  }

  @Test
  void soIsOneOfAScopeThatKeepsAll() throws Exception {
    leaveWithoutJoin(TaskScope::<Object>joinAll);
  }

  private void leaveWithoutJoin(Supplier<? extends TaskScope<Object, ?>> kind) throws Exception {
    assertThat(
            run(
                () -> {
                  var scope = kind.get();
                  scope.fork(work.failing("a", 1, 0));
                  return Work.inTurn(() -> Async.sleep(Duration.ofMillis(5)), scope::closeAsync);
                }))
        .isEqualTo("null after 5");
    assertThat(warnings.take()).contains("left without a join");
  }

  @Test
  void aCleanUpThatFailsFailsTheClosing() throws Exception {
    HandWritten.Body<String> cleansUpBadly =
        (self, state, awaited) -> {
          if (state == 0) {
            return self.await(Async.sleep(Duration.ofSeconds(1)), 1);
          }
          throw new IOException("clean-up");
        };
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.failFast();
                  for (int i = 0; i < 2; i++) {
                    scope.fork(
                        () -> {
                          HandWritten<String> call = new HandWritten<>(cleansUpBadly);
                          call.run();
                          return call;
                        });
                  }
                  return Work.inTurn(() -> Async.sleep(Duration.ofMillis(1)), scope::closeAsync);
                }))
        .isEqualTo("IOException:clean-up + clean-up after 1");
  }

  @Test
  void aLosersValueIsGivenBackAndTheWinnersIsNot() throws Exception {
    Held winner = new Held();
    Held loser = new Held();
    loser.onStop = () -> loser.complete("l");
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccess();
                  scope.fork(() -> winner);
                  scope.fork(() -> loser);
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(1)),
                      () -> {
                        winner.complete("w");
                        return scope.join();
                      });
                }))
        .isEqualTo("w after 1");
    assertThat(loser.returned).containsExactly("l");
    assertThat(winner.returned).isEmpty();
  }

  @Test
  void aResultThatReachesNobodyIsGivenBack() throws Exception {
    Held held = new Held();
    held.complete("h");
    assertThat(
            run(
                () -> {
                  var scope = TaskScope.<String>firstSuccess();
                  scope.fork(() -> held);
                  Task<String> join = scope.join();
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(1)),
                      () -> {
                        Held.abandoned(join);
                        return Async.done();
                      });
                }))
        .isEqualTo("null after 1");
    assertThat(held.returned).containsExactly("h");
  }
}

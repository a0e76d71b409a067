package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Seeds;
import dev.weft.handoff.Held;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A set whose tasks are taken out as they end: each once, in turn, and none is lost. */
@Timeout(60)
class JoinSetTest {
  private final Work work = new Work();
  private final List<String> taken = new ArrayList<>();

  private void run(long seed, Callable<CompletionStage<?>> body) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).build()) {
      executor.blockOn(() -> Await.future(body.call()).thenApply(value -> ""));
      assertThat(work.running).as("bodies that run").hasValue(0);
    }
  }

  private void take(Task<String> task) {
    taken.add(
        task == null ? "none" : task.isCompletedExceptionally() ? task.name() + "!" : task.join());
  }

  private Callable<CompletionStage<Object>> next(JoinSet<String> set) {
    return () ->
        Await.future(set.joinNext())
            .thenApply(
                task -> {
                  take(task);
                  return null;
                });
  }

  @Test
  void theyComeOutAsTheyEnd() throws Exception {
    run(
        3,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn("a", work.ending("a", 30, 0));
          set.spawn("b", work.failing("b", 10, 0));
          set.spawn("c", work.ending("c", 20, 0));
          assertThat(set.size()).isEqualTo(3);
          return Work.inTurn(
              next(set),
              next(set),
              () -> {
                assertThat(set.size()).isOne();
                set.spawn("d", work.ending("d", 1, 0));
                return Async.done();
              },
              next(set),
              next(set),
              next(set));
        });
    assertThat(taken).containsExactly("b!", "c", "d", "a", "none");
  }

  @Test
  void severalWaitInTurnAndNoneForEver() throws Exception {
    run(
        4,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn(work.ending("a", 10, 0));
          set.spawn(work.ending("b", 20, 0));
          Task<Task<String>> first = set.joinNext();
          Task<Task<String>> second = set.joinNext();
          Task<Task<String>> third = set.joinNext();
          return Work.inTurn(
              () -> third,
              () -> {
                take(first.join());
                take(second.join());
                take(third.join());
                return Async.done();
              });
        });
    assertThat(taken).containsExactly("a", "b", "none");
  }

  @Test
  void abortedOnesComeOutToo() throws Exception {
    run(
        5,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn("a", work.ending("a", 1000, 5));
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(1)),
              () -> {
                set.abortAll();
                set.spawn("b", work.ending("b", 1, 0));
                return Async.done();
              },
              next(set),
              next(set),
              next(set));
        });
    assertThat(taken).containsExactly("b", "a!", "none");
  }

  @Test
  void closingCancelsAndAwaitsAndGivesBack() throws Exception {
    Held ended = new Held();
    ended.complete("e");
    run(
        6,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn(() -> ended);
          set.spawn(work.ending("a", 1000, 5));
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(1)),
              set::closeAsync,
              () -> {
                assertThat(work.running).hasValue(0);
                assertThat(set.size()).isZero();
                assertThatThrownBy(() -> set.spawn(work.ending("a", 1, 1)).join())
                    .hasMessageContaining("the set was closed");
                return Async.done();
              },
              next(set));
        });
    assertThat(ended.returned).containsExactly("e");
    assertThat(taken).containsExactly("none");
  }

  /** Behind something that still waits for another one when who awaits both is cancelled. */
  @Test
  void whatReachesNobodyIsTheFirstToBeTakenOutAgain() throws Exception {
    run(
        7,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn(work.ending("a", 1, 0));
          set.spawn(work.ending("b", 2, 0));
          Task<?> both = Async.all(List.of(set.joinNext(), new Task<>()));
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(5)),
              () -> {
                assertThat(set.size()).isOne();
                both.cancel(true);
                assertThat(set.size()).isEqualTo(2);
                return Async.done();
              },
              next(set),
              next(set),
              next(set));
        });
    assertThat(taken).containsExactly("a", "b", "none");
  }

  @Test
  void whatReachesNobodyIsForWhoWaitsAtOnce() throws Exception {
    run(
        10,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn("a", work.ending("a", 1, 0));
          set.spawn("b", work.ending("b", 1000, 0));
          Task<?> both = Async.all(List.of(set.joinNext(), new Task<>()));
          Task<Task<String>> waits = set.joinNext();
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(5)),
              () -> {
                assertThat(waits).isNotDone();
                both.cancel(true);
                assertThat(waits).isDone();
                take(waits.join());
                return Async.done();
              },
              next(set),
              next(set));
        });
    assertThat(taken).containsExactly("a", "b", "none");
  }

  @Test
  void whatReachesNobodyWhenItWasClosedIsGivenBack() throws Exception {
    Held ended = new Held();
    ended.complete("e");
    run(
        8,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn(() -> ended);
          Task<?> both = Async.all(List.of(set.joinNext(), new Task<>()));
          return Work.inTurn(
              () -> Async.sleep(Duration.ofMillis(5)),
              set::closeAsync,
              () -> {
                assertThat(ended.returned).isEmpty();
                both.cancel(true);
                assertThat(ended.returned).containsExactly("e");
                assertThat(set.size()).isZero();
                return Async.done();
              });
        });
  }

  /** However long it takes until a task ends. */
  @Test
  @Timeout(180)
  void nothingIsKeptOfWhoHasGivenUpWaiting() throws Exception {
    run(
        9,
        () -> {
          JoinSet<String> set = new JoinSet<>();
          set.spawn(work.ending("a", 1000, 0));
          WeakReference<Task<?>> wait = givenUp(set);
          long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
          while (wait.get() != null && System.nanoTime() - deadline < 0) {
            System.gc();
          }
          assertThat(wait.get()).isNull();
          return Work.inTurn(next(set));
        });
    assertThat(taken).containsExactly("a");
  }

  private static WeakReference<Task<?>> givenUp(JoinSet<String> set) {
    Task<?> wait = set.joinNext();
    wait.cancel(true);
    return new WeakReference<>(wait);
  }

  /** A consumer that is cancelled at each moment there is: every task is taken out once. */
  @Test
  @Timeout(1800)
  void whoIsCancelledWhileItWaitsTakesNothingOut() throws Exception {
    for (long seed : Seeds.all().toArray()) {
      long cancelledAt = seed % 8;
      taken.clear();
      run(
          seed,
          () -> {
            JoinSet<String> set = new JoinSet<>();
            for (int i = 0; i < 4; i++) {
              set.spawn(work.ending("v" + i, 1 + i, 0));
            }
            Task<Object> consumer =
                Async.spawn(
                    () ->
                        Work.inTurn(
                            () -> awaitNext(set), () -> awaitNext(set), () -> awaitNext(set)));
            return Work.inTurn(
                () -> Async.sleep(Duration.ofMillis(cancelledAt)),
                () -> {
                  consumer.cancel(true);
                  return consumer.finished();
                },
                next(set),
                next(set),
                next(set),
                next(set),
                next(set));
          });
      taken.removeIf("none"::equals);
      assertThat(taken).as("seed %s", seed).containsExactlyInAnyOrder("v0", "v1", "v2", "v3");
    }
  }

  /** An async method that takes one out. */
  private Task<Object> awaitNext(JoinSet<String> set) {
    return new Taking(set).start();
  }

  private final class Taking {
    private final JoinSet<String> set;

    Taking(JoinSet<String> set) {
      this.set = set;
    }

    Task<Object> start() {
      dev.weft.frame.HandWritten<Object> frame =
          new dev.weft.frame.HandWritten<>(
              (self, state, awaited) -> {
                if (state == 0) {
                  return self.await(set.joinNext(), 1);
                }
                @SuppressWarnings("unchecked")
                Task<String> task = (Task<String>) Await.take(awaited);
                take(task);
                return Async.done();
              });
      frame.run();
      return frame;
    }
  }
}

package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.handoff.Held;
import dev.weft.scope.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code Async.all} with a function: when and where it is called, and when it is not. */
@Timeout(60)
class CombinedCallTest {
  private final Work work = new Work();
  private final AtomicInteger calls = new AtomicInteger();

  private static WorkStealingExecutor executor() {
    return WorkStealingExecutor.builder().deterministic(1).build();
  }

  /** What the body comes to, in words, and after how many milliseconds. */
  private String run(Supplier<CompletionStage<?>> body) throws Exception {
    try (WorkStealingExecutor executor = executor()) {
      long start = executor.nanoTime();
      String outcome =
          executor.blockOn(
              () ->
                  Await.future(body.get())
                      .handle((value, error) -> error == null ? "" + value : words(error)));
      long millis = (executor.nanoTime() - start) / 1_000_000;
      assertThat(work.running).as("bodies that run").hasValue(0);
      return outcome + " after " + millis;
    }
  }

  private static String words(Throwable error) {
    return error.getClass().getSimpleName() + ":" + error.getMessage();
  }

  private CompletionStage<String> ending(String value, long millis, long cleanUp) {
    return work.call(value, null, millis, cleanUp);
  }

  private CompletionStage<String> failing(String message, long millis, long cleanUp) {
    return work.call(message, new IOException(message), millis, cleanUp);
  }

  private String join(String first, Object second) {
    calls.incrementAndGet();
    return first + second;
  }

  // ---- the values

  @Test
  void eachValueHasItsType() throws Exception {
    assertThat(run(() -> Async.all(ending("a", 30, 0), Async.done(7), (s, n) -> s.length() + n)))
        .isEqualTo("8 after 30");
    assertThat(
            run(
                () ->
                    Async.all(
                        Async.done(1),
                        ending("b", 20, 0),
                        Async.done(2L),
                        (i, s, l) -> i + s.length() + l)))
        .isEqualTo("4 after 20");
    assertThat(
            run(
                () ->
                    Async.all(
                        Async.done(1),
                        ending("b", 20, 0),
                        CompletableFuture.completedStage(true),
                        ending("d", 40, 0),
                        (i, s, yes, t) -> (yes ? s + t : "") + i)))
        .isEqualTo("bd1 after 40");
  }

  @Test
  void withoutAFunctionItIsTheList() throws Exception {
    CompletionStage<String> third = Async.done("c");
    assertThat(run(() -> Async.all(ending("a", 5, 0), ending("b", 9, 0), third)))
        .isEqualTo("[a, b, c] after 9");
  }

  @Test
  void aValueMayBeNull() {
    assertThat(Async.all(Async.done(), Async.done("b"), (nothing, b) -> nothing + b).join())
        .isEqualTo("nullb");
    assertThat(Async.<Object, Object, Object>all(Async.done(), Async.done(), (a, b) -> null).join())
        .isNull();
  }

  // ---- where it is called

  @Test
  void itIsCalledAtOnceIfAllIsThere() {
    List<Thread> threads = new ArrayList<>();
    Task<String> all =
        Async.all(
            Async.done("a"),
            Async.done(1),
            (a, one) -> {
              threads.add(Thread.currentThread());
              return a + one;
            });
    assertThat(all).isCompletedWithValue("a1");
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void itIsCalledOnTheExecutorAndNotByWhoCompletesAStage() throws Exception {
    Task<String> fromOutside = new Task<>();
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      Task<AsyncExecutor> all =
          executor.spawn(
              () -> Async.all(fromOutside, Async.done(1), (value, one) -> AsyncExecutor.current()));
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
      fromOutside.complete("now");
      assertThat(executor.blockOn(() -> all)).isSameAs(executor);
    }
  }

  @Test
  void inNodeModeItIsCalledOnTheLoop() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().build()) {
      AsyncExecutor where =
          executor.blockOn(
              () ->
                  Async.all(
                      executor.sleep(Duration.ofMillis(1)),
                      executor.spawnBlocking(() -> "pool"),
                      (slept, pool) -> AsyncExecutor.current()));
      assertThat(where).isSameAs(executor);
      assertThatThrownBy(
              () ->
                  executor.blockOn(
                      () ->
                          Async.all(
                              executor.sleep(Duration.ofDays(1)),
                              executor.spawnBlocking(
                                  () -> {
                                    throw new IOException("in the pool");
                                  }),
                              (slept, pool) -> pool)))
          .isInstanceOf(IOException.class)
          .hasMessage("in the pool");
    }
  }

  // ---- what fails

  @Test
  void theFirstFailureCountsWhenTheOthersHaveCleanedUp() throws Exception {
    assertThat(run(() -> Async.all(ending("a", 1000, 7), failing("b", 10, 0), this::join)))
        .isEqualTo("IOException:b after 17");
    assertThat(
            run(
                () ->
                    Async.all(
                        CompletableFuture.failedStage(new IOException("at once")),
                        ending("a", 1000, 3),
                        (first, second) -> join("" + first, second))))
        .isEqualTo("IOException:at once after 3");
    assertThat(calls).hasValue(0);
  }

  @Test
  void whatTheFunctionThrowsIsItsFailure() throws Exception {
    IOException late = new IOException("late");
    assertThat(
            run(
                () ->
                    Async.all(
                        ending("a", 10, 2),
                        Async.done(1),
                        (a, one) -> {
                          throw late;
                        })))
        .isEqualTo("IOException:late after 12");
    IOException early = new IOException("early");
    Task<Object> failed =
        Async.all(
            Async.done("a"),
            Async.done(1),
            (a, one) -> {
              throw early;
            });
    assertThatThrownBy(() -> Await.take(failed)).isSameAs(early);
  }

  @Test
  void whatIsNullIsSaidAtOnce() {
    Held held = new Held();
    assertThatThrownBy(() -> Async.all(held, null, (a, b) -> a))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("there is no stage to wait for");
    CompletionStage<String> none = held;
    assertThatThrownBy(() -> CombinedCall.of(null, none, none))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("all: the function is null");
    assertThat(AwaitedFuture.waiterOf(held)).isNull();
  }

  // ---- what is cancelled

  @Test
  void aCancelledAwaitCancelsAllAndWaitsForThem() throws Exception {
    for (long at : new long[] {1, 9, 11, 19}) {
      assertThat(
              run(
                  () -> {
                    Task<String> method =
                        Async.spawn(
                            () ->
                                Work.inTurn(
                                    () ->
                                        Async.all(
                                            ending("a", 10, 5), ending("b", 20, 5), this::join)));
                    return Work.inTurn(
                        () -> Async.sleep(Duration.ofMillis(at)),
                        () -> {
                          method.cancel(true);
                          return method.finished();
                        },
                        () -> Async.done(work.running.get()));
                  }))
          .as("cancelled at %s", at)
          .isEqualTo("0 after " + (at == 11 ? 16 : at + 5));
    }
    assertThat(calls).hasValue(0);
  }

  @Test
  void aTimeLimitCancelsThemAll() throws Exception {
    assertThat(
            run(
                () ->
                    Async.timeout(
                        Duration.ofMillis(3),
                        Async.all(ending("a", 10, 5), ending("b", 20, 2), this::join))))
        .startsWith("TimeoutException")
        .endsWith("after 8");
    assertThat(calls).hasValue(0);
  }

  @Test
  void cancellingItCancelsThemAtOnceForWhoLooks() throws Exception {
    assertThat(
            run(
                () -> {
                  Task<String> all = Async.all(ending("a", 10, 5), ending("b", 20, 2), this::join);
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(1)),
                      () -> {
                        all.cancel(true);
                        assertThat(all).isCancelled();
                        assertThat(all.isFinished()).isFalse();
                        return all.finished();
                      });
                }))
        .isEqualTo("null after 6");
    assertThat(calls).hasValue(0);
  }

  /** It has begun by then, or is about to: an await that has a value returns it. */
  @Test
  void whoIsCancelledWhenAllIsThereHasTheResult() throws Exception {
    Held a = new Held();
    Held b = new Held();
    try (WorkStealingExecutor executor = executor()) {
      Task<String> method = executor.spawn(() -> Work.inTurn(() -> Async.all(a, b, this::join)));
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
      executor.blockOn(
          () -> {
            a.complete("a");
            b.complete("b"); // the call is queued
            method.cancel(true);
            return method.finished();
          });
    }
    assertThat(calls).hasValue(1);
    assertThat(a.returned).isEmpty();
    assertThat(b.returned).isEmpty();
  }

  // ---- whose a value is

  @Test
  void whatCameBeforeAFailureOrACancellationIsGivenBack() throws Exception {
    try (WorkStealingExecutor executor = executor()) {
      Held brought = new Held();
      Task<String> failing = new Task<>();
      Task<String> all = executor.spawn(() -> Async.all(brought, failing, this::join));
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
      brought.complete("b");
      failing.completeExceptionally(new IOException("f"));
      executor.blockOn(all::finished);
      assertThat(brought.returned).containsExactly("b");

      Held first = new Held();
      Held second = new Held();
      Task<String> cancelled = executor.spawn(() -> Async.all(first, second, this::join));
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(1)));
      first.complete("1");
      cancelled.cancel(true);
      executor.blockOn(cancelled::finished);
      assertThat(first.returned).containsExactly("1");
      assertThat(second).isCancelled();
    }
    assertThat(calls).hasValue(0);
  }

  @Test
  void whatTheFunctionHasHadIsItsOwn() throws Exception {
    Held a = new Held();
    Held b = new Held();
    a.complete("a");
    b.complete("b");
    Task<Object> failed =
        Async.all(
            a,
            b,
            (x, y) -> {
              throw new IOException("after it had them");
            });
    assertThat(failed).isCompletedExceptionally();
    Held.abandoned(failed);
    assertThat(a.returned).isEmpty();
    assertThat(b.returned).isEmpty();
  }
}

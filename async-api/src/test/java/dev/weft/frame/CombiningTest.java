package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.handoff.Held;
import dev.weft.scope.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code all}, {@code any} and {@code race}: what decides, and what becomes of the others. */
@Timeout(60)
class CombiningTest {
  private final Work work = new Work();

  private static WorkStealingExecutor executor(long seed) {
    return WorkStealingExecutor.builder().deterministic(seed).build();
  }

  /** What the body comes to, in words, and after how many milliseconds. */
  private String run(Supplier<CompletionStage<?>> body) throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
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
    StringBuilder words =
        new StringBuilder(error.getClass().getSimpleName() + ":" + error.getMessage());
    for (Throwable suppressed : error.getSuppressed()) {
      words.append(" + ").append(suppressed.getMessage());
    }
    return words.toString();
  }

  private CompletionStage<String> ending(String value, long millis, long cleanUp) {
    return work.call(value, null, millis, cleanUp);
  }

  private CompletionStage<String> failing(String message, long millis, long cleanUp) {
    return work.call(message, new IOException(message), millis, cleanUp);
  }

  @Test
  void allBringsTheValuesInTheirOrder() throws Exception {
    assertThat(run(() -> Async.all(ending("a", 30, 0), ending("b", 10, 0), Async.done("c"))))
        .isEqualTo("[a, b, c] after 30");
    assertThat(run(() -> Async.all(List.of()))).isEqualTo("[] after 0");
  }

  @Test
  void allFailsWithTheFirstFailureWhenTheOthersHaveCleanedUp() throws Exception {
    assertThat(
            run(
                () ->
                    Async.all(
                        ending("a", 1000, 7),
                        failing("b", 10, 0),
                        ending("c", 5, 0),
                        ending("d", 2000, 3))))
        .isEqualTo("IOException:b after 17");
  }

  @Test
  void oneThatHasFailedAlreadyStopsTheOthers() throws Exception {
    assertThat(
            run(
                () ->
                    Async.all(
                        CompletableFuture.failedFuture(new IOException("at once")),
                        ending("a", 1000, 7))))
        .isEqualTo("IOException:at once after 7");
  }

  @Test
  void aFailureOfTheirOwnIsSuppressed() throws Exception {
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
                  HandWritten<String> call = new HandWritten<>(cleansUpBadly);
                  call.run();
                  return Async.all(failing("first", 10, 0), call);
                }))
        .isEqualTo("IOException:first + clean-up after 10");
  }

  @Test
  void anyBringsTheFirstValue() throws Exception {
    assertThat(run(() -> Async.any(failing("a", 5, 0), ending("b", 20, 0), ending("c", 1000, 4))))
        .isEqualTo("b after 24");
    assertThat(run(() -> Async.any(failing("a", 5, 0), failing("b", 3, 0), failing("c", 9, 0))))
        .isEqualTo("IOException:b + a + c after 9");
    assertThatThrownBy(() -> Async.any()).isInstanceOf(IllegalArgumentException.class);
  }

  /** A cache keeps them, say. */
  @Test
  void failuresThatAreCombinedAgainNeitherGrowNorHoldEachOther() {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    CompletableFuture<String> one = CompletableFuture.failedFuture(first);
    CompletableFuture<String> other = CompletableFuture.failedFuture(second);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(Async.any(one, other)::join).hasCause(first);
      assertThatThrownBy(Async.any(other, one)::join).hasCause(second);
    }
    assertThat(first.getSuppressed()).containsExactly(second);
    assertThat(second.getSuppressed()).isEmpty();
  }

  @Test
  void threeThatAreCombinedTwoByTwoDoNotHoldEachOtherInACircle() {
    IOException first = new IOException("first");
    IOException second = new IOException("second");
    IOException third = new IOException("third");
    combine(first, second);
    combine(second, third);
    combine(third, first); // which leads to it by way of the second
    assertThat(first.getSuppressed()).containsExactly(second);
    assertThat(second.getSuppressed()).containsExactly(third);
    assertThat(third.getSuppressed()).isEmpty();
    combine(first, third); // which it has, one further in
    assertThat(first.getSuppressed()).containsExactly(second);
  }

  @Test
  void whatIsFarBehindAnExceptionMakesNoCircleEither() {
    IOException innermost = new IOException("innermost");
    Throwable outermost = innermost;
    for (int i = 0; i < 2 * FailureGraph.BOUND; i++) {
      outermost = new IOException("around it", outermost);
    }
    combine(innermost, outermost);
    assertThat(innermost.getSuppressed()).isEmpty();
  }

  /** One that a cache keeps meets another one each time. */
  @Test
  void anExceptionDoesNotGrowForEver() {
    IOException cached = new IOException("cached");
    for (int i = 0; i < 3 * FailureGraph.BOUND; i++) {
      combine(cached, new IOException("new"));
    }
    assertThat(cached.getSuppressed()).hasSizeBetween(FailureGraph.BOUND / 2, FailureGraph.BOUND);
  }

  private static void combine(Throwable first, Throwable second) {
    Task<String> combined =
        Async.any(CompletableFuture.failedFuture(first), CompletableFuture.failedFuture(second));
    assertThatThrownBy(combined::join).hasCause(first);
  }

  @Test
  void raceEndsAsTheFirstDoes() throws Exception {
    assertThat(run(() -> Async.race(failing("a", 5, 0), ending("b", 20, 2))))
        .isEqualTo("IOException:a after 7");
    assertThat(run(() -> Async.race(ending("a", 5, 1), ending("b", 20, 2)))).isEqualTo("a after 8");
    assertThat(run(() -> Async.race(ending("a", 5, 1), Async.done("b"), Async.done("c"))))
        .isEqualTo("b after 1");
  }

  @Test
  void whatHasALifeOfItsOwnIsLetGoOf() throws Exception {
    Task<String> plain = new Task<>();
    List<Task<String>> spawned = new ArrayList<>();
    assertThat(
            run(
                () -> {
                  spawned.add(Async.spawn(() -> ending("b", 50, 0)));
                  Task<String> first = Async.race(ending("a", 5, 0), spawned.get(0), plain);
                  return Work.inTurn(() -> first, () -> spawned.get(0), () -> first);
                }))
        .isEqualTo("a after 50");
    assertThat(spawned.get(0).join()).isEqualTo("b");
    assertThat(plain).isNotDone();
    assertThat(AwaitedFuture.waiterOf(plain)).as("who is left there").isNull();
  }

  @Test
  void withCancellingASpawnedTaskIsCancelledToo() throws Exception {
    assertThat(
            run(
                () ->
                    Async.race(
                        ending("a", 5, 0),
                        Async.cancelling(Async.spawn(() -> ending("b", 1000, 3))))))
        .isEqualTo("a after 8");
  }

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
                                    () -> Async.all(ending("a", 10, 5), ending("b", 20, 5))));
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
  }

  @Test
  void aTimeLimitCancelsThemAll() throws Exception {
    String outcome =
        run(
            () ->
                Async.timeout(
                    Duration.ofMillis(3), Async.any(ending("a", 10, 5), ending("b", 20, 2))));
    assertThat(outcome).startsWith(TimeoutException.class.getSimpleName()).endsWith("after 8");
  }

  @Test
  void cancellingItCancelsThemAtOnceForWhoLooks() throws Exception {
    assertThat(
            run(
                () -> {
                  Task<String> first = Async.race(ending("a", 10, 5), ending("b", 20, 2));
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(1)),
                      () -> {
                        first.cancel(true);
                        assertThat(first).isCancelled();
                        assertThat(first.isFinished()).isFalse();
                        return first.finished();
                      });
                }))
        .isEqualTo("null after 6");
  }

  // ---- whose a value is

  @Test
  void aLosersValueIsGivenBack() {
    Held winner = new Held();
    Held loser = new Held();
    winner.complete("w");
    loser.complete("l");
    Task<String> first = Async.race(winner, loser);
    assertThat(loser.returned).containsExactly("l");
    assertThat(first.join()).isEqualTo("w");
    assertThat(winner.returned).isEmpty();
  }

  @Test
  void aLoserThatIsAnOperationIsAskedToStop() {
    Held winner = new Held();
    Held loser = new Held();
    Task<String> first = Async.any(winner, loser);
    winner.complete("w");
    assertThat(loser).isCancelled();
    assertThat(first.join()).isEqualTo("w");
  }

  @Test
  void aLoserThatHasItsValueAllTheSameGivesItBack() {
    Held winner = new Held();
    Held loser = new Held();
    loser.onStop = () -> loser.complete("l");
    Task<String> first = Async.any(winner, loser);
    winner.complete("w");
    assertThat(loser.returned).containsExactly("l");
    assertThat(first.join()).isEqualTo("w");
  }

  @Test
  void whatCameBeforeTheFailureIsGivenBack() {
    Held brought = new Held();
    Task<String> failing = new Task<>();
    Task<List<String>> all = Async.all(brought, failing);
    brought.complete("b");
    failing.completeExceptionally(new IOException("f"));
    assertThat(all).isCompletedExceptionally();
    assertThat(brought.returned).containsExactly("b");
  }

  @Test
  void anAbandonedResultIsGivenBackWhole() {
    Held a = new Held();
    Held b = new Held();
    Task<List<String>> all = Async.all(a, b);
    a.complete("a");
    b.complete("b");
    Held.abandoned(all);
    assertThat(a.returned).containsExactly("a");
    assertThat(b.returned).containsExactly("b");
    assertThatThrownBy(all::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void aResultThatSomebodyHasIsNotGivenBack() {
    Held a = new Held();
    Task<List<String>> all = Async.all(List.of(a));
    CompletableFuture<Integer> derived = all.thenApply(List::size);
    a.complete("a");
    Held.abandoned(all);
    assertThat(a.returned).isEmpty();
    assertThat(derived).isCompletedWithValue(1);
  }

  /** It has a life of its own, and somebody may look at it later. */
  @Test
  void theValueOfASpawnedLoserStaysWithIt() throws Exception {
    Held held = new Held();
    held.complete("h");
    assertThat(
            run(
                () -> {
                  Task<String> spawned = Async.spawn(() -> held);
                  return Work.inTurn(
                      () -> Async.sleep(Duration.ofMillis(1)),
                      () -> Async.race(Async.done("first"), spawned));
                }))
        .isEqualTo("first after 1");
    assertThat(held.returned).isEmpty();
  }

  // ---- deadlines

  @Test
  void theEarlierDeadlineCountsAndIsInherited() throws Exception {
    List<Long> left = new ArrayList<>();
    assertThat(
            run(
                () ->
                    Async.withDeadline(
                        Duration.ofMillis(100),
                        () ->
                            Work.inTurn(
                                () -> Async.sleep(Duration.ofMillis(10)),
                                () ->
                                    Async.withDeadline(
                                        Duration.ofMillis(500),
                                        () ->
                                            Async.spawn(
                                                () -> {
                                                  left.add(Async.remainingTime().toMillis());
                                                  return Async.done("in time");
                                                }))))))
        .isEqualTo("in time after 10");
    assertThat(left).containsExactly(90L);
    assertThat(Async.remainingTime()).isNull();
  }

  @Test
  void whatIsLateIsCancelledAndCleansUp() throws Exception {
    assertThat(run(() -> Async.withDeadline(Duration.ofMillis(10), () -> ending("a", 100, 5))))
        .startsWith("TimeoutException:not complete after PT0.01S: in ")
        .endsWith("after 15");
  }

  @Test
  void afterTheDeadlineNothingBegins() throws Exception {
    assertThat(run(() -> Async.withDeadline(Duration.ZERO, () -> ending("a", 100, 5))))
        .isEqualTo("TimeoutException:not begun: its deadline was over before after 0");
    assertThat(work.begun).hasValue(0);
  }

  /** Each element of a lazy view is asked for once: that is a call. */
  @Test
  void aViewIsReadOnce() {
    int[] calls = {0};
    List<CompletableFuture<Integer>> view =
        new AbstractList<>() {
          @Override
          public CompletableFuture<Integer> get(int i) {
            calls[0]++;
            return i == 2 ? new CompletableFuture<>() : Async.done(i);
          }

          @Override
          public int size() {
            return 3;
          }
        };
    assertThat(Async.all(view)).isNotDone();
    assertThat(calls[0]).isEqualTo(3);
    assertThat(Async.all(view.subList(0, 2)).join()).containsExactly(0, 1);
    assertThat(calls[0]).isEqualTo(5);
  }
}

package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a bare entry returns is told apart, and comes out as it would by way of a future. */
class BareTest {
  private static final CompletableFuture<String> FUTURE =
      CompletableFuture.completedFuture("of a future");

  /** One that is no future: the JDK's own are. */
  private static final Object STAGE =
      Proxy.newProxyInstance(
          BareTest.class.getClassLoader(),
          new Class<?>[] {CompletionStage.class},
          (stage, method, arguments) -> {
            throw new UnsupportedOperationException(method.toString());
          });

  @Test
  void whatIsNoFutureIsTheValue() {
    assertThat(Bare.isValue("text")).isTrue();
    assertThat(Bare.isValue(null)).isTrue();
    assertThat(Bare.isValue(new Object())).isTrue();
    assertThat(Bare.isValue(FUTURE)).isFalse();
    assertThat(Bare.isValue(new Task<>())).isFalse();
    assertThat(Bare.value(STAGE)).isSameAs(STAGE);
    assertThat(Bare.isValue(STAGE)).isTrue();
  }

  @Test
  void aValueThatIsAFutureIsAwaitedInAnother() {
    Object result = Bare.value(FUTURE);

    assertThat(Bare.isValue(result)).isFalse();
    assertThat((Object) Await.take(Bare.stage(result))).isSameAs(FUTURE);
  }

  @Test
  void aNullThatIsReturnedForAFutureFailsTheAwait() {
    Object result = Bare.returned(null);

    assertThat(Bare.isValue(result)).isFalse();
    assertThatThrownBy(() -> Bare.stage(result))
        .isInstanceOf(NullPointerException.class)
        .hasMessageStartingWith("await(null)");
    assertThat((Object) Bare.future(result)).isNull();
    assertThat((Object) Bare.task(result)).isNull();
    assertThat((Object) Bare.completed(result)).isNull();
  }

  @Test
  void aFutureIsReturnedAsItIs() {
    assertThat(Bare.returned(FUTURE)).isSameAs(FUTURE);
    assertThat((Object) Bare.stage(FUTURE)).isSameAs(FUTURE);
    assertThat((Object) Bare.future(FUTURE)).isSameAs(FUTURE);
    assertThat((Object) Bare.completed(FUTURE)).isSameAs(FUTURE);
  }

  @Test
  void othersGetAFutureOfAValue() {
    assertThat(valueIn(Bare.task("text"))).isEqualTo("text");
    assertThat(valueIn(Bare.future(null))).isNull();
    assertThat(valueIn(Bare.completed("text"))).isEqualTo("text");
    assertThat((Object) Bare.completed("text")).isExactlyInstanceOf(CompletableFuture.class);
  }

  /** As {@code Async.done()} does; the JDK's method makes a new one each time. */
  @Test
  void othersShareTheFutureOfNothing() {
    assertThat((Object) Bare.future(null)).isSameAs(Async.done());
    assertThat((Object) Bare.task(null)).isSameAs(Async.done());
    assertThat((Object) Bare.completed(null)).isNotSameAs(Bare.completed(null));
  }

  private static @Nullable Object valueIn(@Nullable CompletableFuture<?> future) {
    return Objects.requireNonNull(future).join();
  }

  @Test
  void aFailureIsThrownOn() {
    IOException failure = new IOException();

    assertThat(Bare.passes(failure)).isTrue();
  }

  @Test
  void oneThatAnAwaitOpensIsAwaited() {
    IOException failure = new IOException();

    assertThat(Bare.passes(new CompletionException(failure))).isFalse();
  }

  @Test
  void aFrameEndsWithWhatItsBodyReturns() {
    assertThat(resumedWith(Bare.value("text"))).isCompletedWithValue("text");
    assertThat((Object) resumedWith(Bare.value(STAGE)).join()).isSameAs(STAGE);
    assertThat(resumedWith(null)).isCompletedWithValue(null);
    assertThat(resumedWith(Bare.value(FUTURE))).isCompletedWithValue(FUTURE);
    assertThat(resumedWith(FUTURE)).isCompletedWithValue("of a future");
    assertThat(resumedWith(Bare.returned(null)))
        .failsWithin(60, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(NullPointerException.class);
  }

  private static CompletableFuture<Object> resumedWith(@Nullable Object result) {
    ManualExecutor executor = new ManualExecutor();
    Frame<Object> frame =
        new Frame<>(executor) {
          @Override
          protected @Nullable Object resume() {
            return Bare.outcome(result, this);
          }
        };
    frame.run();
    return frame;
  }

  /** What is left of the budget in a poll that has spent none yet. */
  private static int budget() {
    int ready = 0;
    while (ready < 1000 && Bare.isValue("text")) {
      ready++;
    }
    return ready;
  }

  @Test
  void anAwaitOfAValueTakesOfTheBudget() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      Task<List<Object>> task =
          executor.spawn(
              () -> {
                Bare.isValue(FUTURE); // which does not: it is awaited then, and that does
                int values = budget();
                return Async.done(List.of(values, Bare.passes(new IOException())));
              });

      List<Object> seen = task.get(60, TimeUnit.SECONDS);
      assertThat(seen.get(0)).isEqualTo(Carrier.COOP_BUDGET);
      assertThat(seen.get(1)).isEqualTo(false);
    }
  }

  @Test
  void whoDoesNotAwaitAFailureSpendsNothing() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      Task<List<Integer>> task =
          executor.spawn(
              () -> {
                IOException failure = new IOException();
                Task<?> unused = Bare.failed(failure); // gives back no more than was taken
                for (int i = 0; i < 1000; i++) {
                  assertThat(Bare.passes(failure)).isTrue();
                  assertThatThrownBy(() -> Await.take(Bare.failed(failure))).isSameAs(failure);
                }
                return Async.done(List.of(budget(), budget()));
              });

      assertThat(task.get(60, TimeUnit.SECONDS)).containsExactly(Carrier.COOP_BUDGET, 0);
    }
  }

  @Test
  void eachAwaitSuspendsInNodeMode() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().noDriver().build()) {
      Task<Integer> task = executor.spawn(() -> Async.done(budget()));

      assertThat(task.get(60, TimeUnit.SECONDS)).isZero();
    }
  }
}

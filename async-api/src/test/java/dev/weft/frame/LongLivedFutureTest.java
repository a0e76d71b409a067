package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What awaiting a plain future leaves behind, and what it does with one that is broken. */
class LongLivedFutureTest {
  private final ManualExecutor executor = new ManualExecutor();

  @Test
  void cancelledAwaitsLeaveNoMoreThanWereThereAtOnce() {
    CompletableFuture<String> shutdown = new CompletableFuture<>();
    for (int round = 0; round < 1000; round++) {
      List<HandWritten<String>> waiting = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        waiting.add(HandWritten.awaiting(executor, shutdown));
      }
      waiting.forEach(frame -> frame.cancel(true));
      executor.runAll();
      assertThat(waiting).allMatch(HandWritten::isFinished);
    }
    assertThat(shutdown.getNumberOfDependents()).isLessThanOrEqualTo(10);
    HandWritten<String> last = HandWritten.awaiting(executor, shutdown);
    shutdown.complete("over");
    executor.runAll();
    assertThat(last).isCompletedWithValue("over");
    HandWritten<String> late = HandWritten.awaiting(executor, shutdown);
    executor.runAll();
    assertThat(late).isCompletedWithValue("over");
  }

  @Test
  void cancelledAwaitsOfAReadOnlyViewLeaveNoMore() {
    CompletableFuture<String> shutdown = new CompletableFuture<>();
    CompletionStage<String> view = shutdown.minimalCompletionStage();
    Set<CompletableFuture<?>> awaited = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int round = 0; round < 1000; round++) {
      CompletableFuture<String> future = Await.future(view);
      awaited.add(future);
      HandWritten<String> frame = HandWritten.awaiting(executor, future);
      frame.cancel(true);
      executor.runAll();
    }
    assertThat(awaited).hasSize(1);
    assertThat(awaited.iterator().next().getNumberOfDependents()).isLessThanOrEqualTo(2);
    HandWritten<String> last = HandWritten.awaiting(executor, Await.future(view));
    Task<String> cancelling = Async.cancelling(view);
    assertThat(cancelling)
        .isInstanceOfSatisfying(Relay.class, relay -> assertThat(awaited).contains(relay.stage));
    HandWritten<String> cancelled = HandWritten.awaiting(executor, cancelling);
    cancelled.cancel(true); // cancels nothing that others await
    executor.runAll();
    assertThat(cancelled.isFinished()).isTrue();
    shutdown.complete("over");
    executor.runAll();
    assertThat(last).isCompletedWithValue("over");
  }

  /** One that others complete: a failure must not be waited for on the thread of who awaits it. */
  private static final class HandledLater<T> extends CompletableFuture<T> {
    @Override
    public <U> CompletableFuture<U> handle(BiFunction<? super T, Throwable, ? extends U> function) {
      return new CompletableFuture<>();
    }
  }

  @Test
  void aFutureThatRunsItsCallbacksLaterBlocksNobody() {
    HandledLater<String> future = new HandledLater<>();
    future.completeExceptionally(new IllegalStateException("failed"));
    assertThatThrownBy(() -> Await.take(future)).hasMessage("failed");
    HandledLater<String> cancelled = new HandledLater<>();
    cancelled.cancel(true);
    assertThatThrownBy(() -> Await.take(cancelled)).isInstanceOf(CancellationException.class);
  }

  @Test
  void cancelledAwaitsOfShieldsLeaveNoMore() {
    CompletableFuture<String> shutdown = new CompletableFuture<>();
    for (int round = 0; round < 1000; round++) {
      HandWritten<String> frame =
          HandWritten.awaiting(executor, Async.shield(Async.shield(shutdown)));
      frame.cancel(true);
      executor.runAll();
      assertThat(frame.isFinished()).isTrue();
    }
    assertThat(shutdown.getNumberOfDependents()).isOne();
  }

  @Test
  void cancelledAwaitsOfTheEndOfATaskLeaveNothing() {
    CountedTask<String> server = new CountedTask<>();
    for (int round = 0; round < 1000; round++) {
      HandWritten<Void> frame = HandWritten.awaiting(executor, server.finished());
      frame.cancel(true);
      executor.runAll();
      assertThat(frame.isFinished()).isTrue();
      assertThat(server.isAwaited()).isFalse();
    }
  }

  private static final class CountedTask<T> extends Task<T> {
    boolean isAwaited() {
      return waiterOf(this) != null;
    }
  }

  @Test
  void aShieldThatWasLetGoOfGoesOnWhenItIsAskedFor() throws Exception {
    List<Function<Task<String>, Object>> questions =
        List.of(
            shield -> HandWritten.awaiting(executor, shield),
            shield -> shield.thenApply(it -> it),
            shield -> CompletableFuture.completedFuture(1).thenCompose(it -> shield),
            shield -> Async.shield(shield),
            shield -> shield.finished());
    for (Function<Task<String>, Object> question : questions) {
      CompletableFuture<String> value = new CompletableFuture<>();
      Task<String> shield = letGoOf(Async.shield(value));
      Object answer = question.apply(shield);
      value.complete("there");
      executor.runAll();
      assertThat((CompletableFuture<?>) answer).isDone().isNotCompletedExceptionally();
    }
    CompletableFuture<String> value = new CompletableFuture<>();
    Task<String> looked = letGoOf(Async.shield(value));
    Task<String> got = letGoOf(Async.shield(value));
    Task<String> joined = letGoOf(Async.shield(value));
    value.complete("there");
    assertThat(looked.isDone()).isTrue();
    assertThat(got.get(60, TimeUnit.SECONDS)).isEqualTo("there");
    assertThat(joined.join()).isEqualTo("there");
  }

  private <T> Task<T> letGoOf(Task<T> task) {
    HandWritten<T> frame = HandWritten.awaiting(executor, task);
    frame.cancel(true);
    executor.runAll();
    return task;
  }

  @Test
  void aShieldThatSomebodyElseAwaitsOutlivesACancelledAwait() {
    CompletableFuture<String> value = new CompletableFuture<>();
    Task<String> shield = Async.shield(value);
    HandWritten<String> cancelled = HandWritten.awaiting(executor, shield);
    HandWritten<String> other = HandWritten.awaiting(executor, shield);
    cancelled.cancel(true);
    executor.runAll();
    value.complete("there");
    executor.runAll();
    assertThat(other).isCompletedWithValue("there");

    CompletableFuture<String> second = new CompletableFuture<>();
    Task<String> derivedFrom = Async.shield(second);
    HandWritten<String> alsoCancelled = HandWritten.awaiting(executor, derivedFrom);
    CompletableFuture<String> derived = derivedFrom.thenApply(it -> it);
    alsoCancelled.cancel(true);
    executor.runAll();
    second.complete("there");
    assertThat(derived).isCompletedWithValue("there");
  }

  /** Calls back before it is complete, as often as it is told to. */
  private static final class CallsBackEarly extends CompletableFuture<String> {
    private final int times;

    CallsBackEarly(int times) {
      this.times = times;
    }

    @Override
    public CompletableFuture<String> whenComplete(
        BiConsumer<? super String, ? super Throwable> action) {
      for (int i = 0; i < times; i++) {
        action.accept("early", null);
      }
      return this;
    }
  }

  @Test
  void aFutureThatCallsBackBeforeItIsCompleteFailsTheAwait() {
    for (int times = 1; times <= 3; times++) {
      HandWritten<String> frame = HandWritten.awaiting(executor, new CallsBackEarly(times));
      assertThat(executor.runAll()).isOne();
      assertThat(frame).isDone();
      assertThatThrownBy(frame::join)
          .hasCauseInstanceOf(IllegalStateException.class)
          .hasMessageContaining(CallsBackEarly.class.getName());
    }
  }
}

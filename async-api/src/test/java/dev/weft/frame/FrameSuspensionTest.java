package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * A frame that is parked on any kind of future is resumed once, with what that future ended with.
 */
class FrameSuspensionTest {
  private final ManualExecutor executor = new ManualExecutor();

  @Test
  void parkedOnATask() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    assertThat(executor.queued()).isZero();
    source.complete("value");
    assertThat(frame).isNotDone();
    assertThat(executor.runAll()).isOne();
    assertThat(frame).isCompletedWithValue("value");
    assertThat(frame.ends).isOne();
  }

  @Test
  void parkedOnAPlainFuture() {
    CompletableFuture<String> source = new CompletableFuture<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    source.complete("value");
    assertThat(executor.runAll()).isOne();
    assertThat(frame).isCompletedWithValue("value");
  }

  @Test
  void parkedOnATaskThatAnotherFrameAwaitsAlready() {
    Task<String> source = new Task<>();
    HandWritten<String> first = HandWritten.awaiting(executor, source);
    HandWritten<String> second = HandWritten.awaiting(executor, source);
    HandWritten<String> third = HandWritten.awaiting(executor, source);
    assertThat(source.getNumberOfDependents()).isZero();
    source.complete("value");
    assertThat(executor.runAll()).isEqualTo(3);
    assertThat(first).isCompletedWithValue("value");
    assertThat(second).isCompletedWithValue("value");
    assertThat(third).isCompletedWithValue("value");
  }

  @Test
  void parkedOnATaskThatIsComplete() {
    HandWritten<String> frame = HandWritten.awaiting(executor, Settled.value("value"));
    assertThat(frame).isNotDone();
    assertThat(executor.runAll()).isOne();
    assertThat(frame).isCompletedWithValue("value");
  }

  @Test
  void everyWayToCompleteATaskWakesItsFrame() {
    IOException failure = new IOException();
    assertThat(outcomeAfter(task -> task.complete("a"))).isEqualTo("a");
    assertThat(outcomeAfter(task -> task.completeExceptionally(failure))).isSameAs(failure);
    assertThat(outcomeAfter(task -> task.cancel(true))).isInstanceOf(CancellationException.class);
    assertThat(outcomeAfter(task -> task.obtrudeValue("b"))).isEqualTo("b");
    assertThat(outcomeAfter(task -> task.obtrudeException(failure))).isSameAs(failure);
    assertThat(outcomeAfter(task -> task.completeAsync(() -> "c", Runnable::run))).isEqualTo("c");
    assertThat(
            outcomeAfter(
                task ->
                    task.completeAsync(
                        () -> {
                          throw new IllegalStateException();
                        },
                        Runnable::run)))
        .isInstanceOf(IllegalStateException.class);
  }

  private Object outcomeAfter(java.util.function.Consumer<Task<String>> completion) {
    Task<String> source = new Task<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    completion.accept(source);
    assertThat(executor.runAll()).isOne();
    return frame.handle((value, error) -> error != null ? error : value).join();
  }

  @Test
  void theExceptionIsTheOriginalOne() {
    IOException failure = new IOException("broken");
    for (CompletableFuture<String> source :
        new CompletableFuture[] {new Task<String>(), new CompletableFuture<String>()}) {
      HandWritten<String> inner = HandWritten.awaiting(executor, source);
      HandWritten<String> outer = HandWritten.awaiting(executor, inner);
      source.completeExceptionally(failure);
      executor.runAll();
      assertThatThrownBy(outer::get)
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isSameAs(failure);
      assertThatThrownBy(() -> Await.take(outer)).isSameAs(failure);
      assertThatThrownBy(() -> Await.take(outer.thenApply(x -> x))).isSameAs(failure);
    }
  }

  @Test
  void aThrowFromTheBodyFailsTheFuture() {
    IOException failure = new IOException("checked, and undeclared");
    HandWritten<String> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              throw failure;
            });
    frame.run();
    assertThatThrownBy(frame::get).cause().isSameAs(failure);
    assertThat(frame.ends).isOne();
  }

  @Test
  void aBodyThatReturnsAnUnfinishedStageForwardsItsOutcome() {
    for (CompletableFuture<String> last :
        new CompletableFuture[] {new Task<String>(), new CompletableFuture<String>()}) {
      HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> last);
      frame.run();
      assertThat(frame).isNotDone();
      assertThat(frame.ends).isZero();
      last.complete("value");
      assertThat(executor.runAll()).isOne();
      assertThat(frame).isCompletedWithValue("value");
      assertThat(frame.ends).isOne();
      assertThat(frame.polls).isOne();
    }
  }

  @Test
  void aForwardedFailureIsTheOriginalOne() {
    IOException failure = new IOException();
    Task<String> last = new Task<>();
    HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> last);
    frame.run();
    last.completeExceptionally(failure);
    executor.runAll();
    assertThatThrownBy(frame::get).cause().isSameAs(failure);
  }

  @Test
  void aBodyThatReturnsNullFails() {
    HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> null);
    frame.run();
    assertThatThrownBy(frame::get)
        .hasCauseInstanceOf(NullPointerException.class)
        .hasMessageContaining("must not return null");
  }

  @Test
  void aBodyThatReturnsItsOwnFutureFails() {
    HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> self);
    frame.run();
    assertThatThrownBy(frame::get)
        .hasCauseInstanceOf(IllegalStateException.class)
        .hasMessageContaining("waits for itself");
  }

  @Test
  void aFutureThatRefusesDependentsFailsTheAwaitInsteadOfThePark() {
    IllegalStateException refusal = new IllegalStateException("no dependents here");
    CompletableFuture<String> stubborn =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<String> whenComplete(
              BiConsumer<? super String, ? super Throwable> action) {
            throw refusal;
          }
        };
    HandWritten<String> frame = HandWritten.awaiting(executor, stubborn);
    assertThat(executor.runAll()).isOne();
    assertThatThrownBy(frame::get).cause().isSameAs(refusal);
  }

  @Test
  void aRejectedFrameFailsAndHasEnded() {
    HandWritten<String> frame = HandWritten.awaiting(executor, new Task<>());
    frame.reject("closed");
    assertThatThrownBy(frame::get)
        .hasCauseInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("closed");
    assertThat(frame.ends).isOne();
  }

  @Test
  void aTaskThatIsSharedCannotBeObtruded() {
    assertThatThrownBy(() -> Await.YIELD.obtrudeValue(null))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> Settled.value(1).obtrudeException(new IOException()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void anAdapterEndsAsTheFrameDoesAndCancelsIt() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    CompletableFuture<String> adapter = Frame.adapt(frame, new CompletableFuture<String>());
    source.complete("value");
    executor.runAll();
    assertThat(adapter).isCompletedWithValue("value");

    HandWritten<String> other = HandWritten.awaiting(executor, new Task<>());
    Frame.adapt(other, new CompletableFuture<String>()).cancel(true);
    assertThat(other).isCancelled();
  }
}

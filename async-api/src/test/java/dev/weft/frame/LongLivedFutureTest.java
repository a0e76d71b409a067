package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
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

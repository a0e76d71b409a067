package dev.weft.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.frame.HandWritten;
import dev.weft.frame.ManualExecutor;
import dev.weft.handoff.Nexts.Next;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** One object for each value that is simply awaited, and as good as any task for all else. */
class RecurringTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final Next next = new Next();

  @Test
  void isTheSameForOneAwaitAfterTheOther() {
    for (String value : List.of("a", "b", "c")) {
      HandWritten<String> call = Nexts.awaiting(executor, next);
      assertThat(next.isInUse()).isTrue();
      assertThat(next.hand(value)).isTrue();
      assertThat(next.renew()).as("before it is taken").isFalse();
      executor.runAll();
      assertThat(call.join()).isEqualTo(value);
      assertThat(next.isInUse()).isFalse();
      assertThat(next.renew()).isTrue();
    }
    assertThat(next.returned).isEmpty();
  }

  @Test
  void aSecondAwaitFails() {
    Nexts.awaiting(executor, next);
    next.hand("a");
    executor.runAll();
    HandWritten<String> late = Nexts.awaiting(executor, next);
    executor.runAll();
    assertThatThrownBy(late::join).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(next.thenApply(it -> it)).isCompletedExceptionally();
    assertThat(next.renew()).isFalse();
  }

  @Test
  void twoThatAwaitItBothGetTheValue() {
    HandWritten<String> one = Nexts.awaiting(executor, next);
    HandWritten<String> other = Nexts.awaiting(executor, next);
    next.hand("a");
    executor.runAll();
    assertThat(one.join() + other.join()).isEqualTo("aa");
    assertThat(next.renew()).isFalse();
  }

  @Test
  void whatIsDerivedFromItHasTheValueWheneverItIsDerived() {
    List<Function<Next, CompletableFuture<String>>> ways =
        List.of(
            task -> task.thenApply(it -> it),
            task -> CompletableFuture.completedFuture(1).thenCompose(it -> task),
            Async::shield,
            task -> Async.timeout(Duration.ofDays(1), Async.shield(task)),
            task -> task.orTimeout(1, TimeUnit.DAYS).thenApply(it -> it));
    for (Function<Next, CompletableFuture<String>> way : ways) {
      Next before = new Next();
      CompletableFuture<String> derived = way.apply(before);
      before.hand("a");
      assertThat(derived.join()).isEqualTo("a");
      assertThat(before.renew()).isFalse();

      Next kept = new Next();
      Nexts.awaiting(executor, kept);
      kept.hand("b");
      assertThat(way.apply(kept).join()).isEqualTo("b");
      executor.runAll();
      assertThat(kept.renew()).isFalse();
      assertThat(kept.returned).isEmpty();
    }
  }

  @Test
  void aThreadThatBlocksForItGetsTheValue() throws Exception {
    CompletableFuture<String> got = new CompletableFuture<>();
    Thread thread = new Thread(() -> got.complete(next.join()));
    thread.start();
    next.hand("a");
    assertThat(got.get(1, TimeUnit.MINUTES)).isEqualTo("a");
  }

  @Test
  void aFunctionThatHangsOnItMayAskForTheValue() {
    Nexts.awaiting(executor, next);
    CompletableFuture<String> derived = next.thenApply(it -> it + next.join());
    next.hand("a");
    assertThat(derived.join()).isEqualTo("aa");
  }

  @Test
  void whoIsCancelledWithdrawsIt() {
    HandWritten<String> call = Nexts.awaiting(executor, next);
    call.cancel(true);
    executor.runAll();
    assertThat(next.withdrawals).isOne();
    assertThat(next.hand("a")).isFalse();
    assertThat(next.renew()).isFalse();
    assertThat(call.isFinished()).isTrue();
  }

  @Test
  void whoIsCancelledWhenTheValueIsOnItsWayGetsIt() {
    HandWritten<String> call = Nexts.awaiting(executor, next);
    next.claim();
    call.cancel(true);
    assertThat(executor.runAll()).isZero();
    next.grant("a");
    executor.runAll();
    assertThat(call.isFinished()).isTrue();
    assertThat(next.returned).isEmpty();
    assertThat(next.renew()).as("its value was taken by the await").isTrue();
  }

  @Test
  void whatReachesNobodyIsGivenBackOnceAtAnyMoment() {
    Next kept = new Next();
    Nexts.awaiting(executor, kept);
    kept.hand("a");
    Nexts.abandoned(kept);
    Nexts.abandoned(kept);
    assertThat(kept.returned).containsExactly("a");
    assertThatThrownBy(kept::join).isInstanceOf(CancellationException.class);

    Next granted = new Next();
    Nexts.awaiting(executor, granted);
    granted.claim();
    Nexts.abandoned(granted);
    assertThat(granted.returned).isEmpty();
    granted.grant("a");
    assertThat(granted.returned).containsExactly("a");

    Next unawaited = new Next();
    unawaited.hand("a");
    Nexts.abandoned(unawaited);
    assertThat(unawaited.returned).containsExactly("a");

    Next waiting = new Next();
    Nexts.abandoned(waiting);
    assertThat(waiting.isCancelled()).isTrue();
    assertThat(waiting.hand("a")).isFalse();

    Next taken = new Next();
    Nexts.awaiting(executor, taken);
    taken.hand("a");
    executor.runAll();
    Nexts.abandoned(taken);
    assertThat(taken.returned).isEmpty();
  }
}

package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.net.Held;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A value that has to be given back, where several methods and stages share the task. */
class SharedValueTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final ManualExecutor other = new ManualExecutor();
  private final Held read = new Held();

  /** An async method that ends with a stage. */
  private static HandWritten<String> endsWith(
      ManualExecutor executor, CompletableFuture<String> stage) {
    HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> stage);
    executor.schedule(frame);
    executor.runAll();
    return frame;
  }

  @Test
  void aCancelledMethodTakesNothingFromWhoHasIt() {
    HandWritten<String> has = endsWith(executor, read);
    HandWritten<String> cancelled = endsWith(other, read);
    has.thenAccept(value -> other.runAll()); // the other ends at the very moment
    read.complete("it");
    cancelled.cancel(true);
    executor.runAll();
    assertThat(has).isCompletedWithValue("it");
    assertThat(read.returned).isEmpty();
  }

  @Test
  void whoComesWhenItWasGivenBackIsNotGivenItAndEndsOnce() {
    HandWritten<String> late = endsWith(executor, read);
    HandWritten<String> cancelled = endsWith(other, read);
    read.complete("it");
    cancelled.cancel(true);
    other.runAll();
    executor.runAll();
    assertThat(read.returned).containsExactly("it");
    assertThat(late).isCancelled();
    assertThat(late.ends).isOne();
  }

  @Test
  void soThroughARelay() {
    Task<String> shield = Async.shield(read);
    HandWritten<String> late = endsWith(executor, shield);
    HandWritten<String> cancelled = endsWith(other, shield);
    read.complete("it");
    cancelled.cancel(true);
    other.runAll();
    executor.runAll();
    assertThat(read.returned).containsExactly("it");
    assertThat(late).isCancelled();
    assertThat(late.ends).isOne();
    assertThat(shield).isCancelled();
  }

  @Test
  void aRelayThatFailedBeforeTheValueCameGivesItBackAndTellsWhoAwaitsIt() {
    Task<String> inner = Async.cancelling(read);
    Task<String> outer = Async.shield(inner);
    read.onStop = () -> read.complete("it");
    inner.completeExceptionally(new IllegalStateException("mine"));
    assertThat(read.returned).containsExactly("it");
    assertThat(outer).isCompletedExceptionally();
    assertThat(inner.exceptionally(Throwable::getMessage)).isCompletedWithValue("mine");
  }

  @Test
  void whatHangsOnARelayClaimsOnlyWhatItGets() {
    Task<String> relay = Async.cancelling(read);
    CompletableFuture<String> derived = relay.thenApply(it -> it);
    read.onStop = () -> read.complete("it");
    relay.cancel(true);
    assertThat(derived).isCompletedExceptionally();
    assertThat(read.returned).containsExactly("it");
  }

  @Test
  void aRelayWithAnotherValueHasNothingToClaimOrGiveBack() {
    HandWritten<String> awaiting = HandWritten.awaiting(executor, read);
    Task<String> shield = Async.shield(read);
    shield.complete("mine");
    assertThat(shield.join()).isEqualTo("mine");
    Held.abandoned(shield);
    assertThat(awaiting).isNotDone();
    read.complete("it");
    Held.abandoned(read);
    assertThat(read.returned).containsExactly("it");
  }

  @Test
  void whoAwaitsItOrHasItReadyClaimsIt() {
    Held ready = new Held();
    ready.complete("ready");
    for (Held awaited : List.of(read, ready)) {
      HandWritten<String> awaiting = HandWritten.awaiting(executor, awaited);
      awaited.complete("it");
      executor.runAll();
      assertThat(awaiting).isCompleted();
      Held.abandoned(awaited);
      assertThat(awaited.returned).isEmpty();
    }
  }

  @Test
  void aHaltedMethodAbandonsWhatItAloneAwaited() {
    for (Task<String> awaited : List.of(read, Async.cancelling(new Held()))) {
      HandWritten<String> first = HandWritten.awaiting(executor, awaited);
      HandWritten<String> second = HandWritten.awaiting(other, awaited);
      first.drop("halted");
      other.runAll();
      assertThat(second).isNotDone();
    }
    Held arrived = new Held();
    HandWritten<String> queued = HandWritten.awaiting(executor, Async.cancelling(arrived));
    arrived.complete("it");
    executor.rejectAll();
    assertThat(queued).isCompletedExceptionally();
    assertThat(arrived.returned).containsExactly("it");
  }
}

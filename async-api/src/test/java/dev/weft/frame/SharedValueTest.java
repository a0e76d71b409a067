package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.handoff.Held;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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

  /** A call that ends with an operation's value when it is run. */
  private HandWritten<String> endsWithValueOf(Held operation) {
    operation.complete("it");
    return new HandWritten<>(executor, (self, state, awaited) -> operation);
  }

  @Test
  void aHaltedMethodAbandonsWhatACallHasEndedWith() {
    for (boolean relayed : List.of(false, true)) {
      Held held = new Held();
      HandWritten<String> innermost = endsWithValueOf(held);
      HandWritten<String> call = new HandWritten<>(executor, (self, state, awaited) -> innermost);
      HandWritten<String> method =
          HandWritten.awaiting(other, relayed ? Async.cancelling(call) : call);
      executor.schedule(innermost);
      executor.runAll();
      executor.schedule(call);
      executor.runAll();
      assertThat(call).isDone();
      assertThat(held.returned).isEmpty();
      other.rejectAll();
      assertThat(method).isCompletedExceptionally();
      assertThat(held.returned).containsExactly("it");
      CompletableFuture<String> late = call.thenApply(it -> it);
      assertThat(late).isCompletedExceptionally();
      assertThat(call).isCancelled();
    }
  }

  @Test
  void butNotWhatOthersHaveOfThatCallSinceItEnded() {
    List<Function<HandWritten<String>, CompletableFuture<String>>> ways =
        List.of(
            call -> HandWritten.awaiting(executor, call),
            call -> call.thenApply(it -> it),
            CompletableFuture::copy,
            call -> CompletableFuture.completedFuture(call.join()));
    for (Function<HandWritten<String>, CompletableFuture<String>> way : ways) {
      Held held = new Held();
      HandWritten<String> call = endsWithValueOf(held);
      HandWritten<String> halted = HandWritten.awaiting(other, call);
      executor.schedule(call);
      executor.runAll();
      CompletableFuture<String> has = way.apply(call);
      executor.runAll();
      assertThat(has).isCompletedWithValue("it");
      other.rejectAll();
      assertThat(halted).isCompletedExceptionally();
      assertThat(held.returned).isEmpty();
    }
  }

  @Test
  void norWhatOthersHaveWaitedForSinceBefore() {
    List<Function<HandWritten<String>, CompletableFuture<?>>> ways =
        List.of(
            call -> HandWritten.awaiting(executor, call),
            call -> HandWritten.awaiting(executor, Async.shield(call)),
            call -> call.thenApply(it -> it),
            call -> CompletableFuture.anyOf(call, new CompletableFuture<>()),
            call -> CompletableFuture.allOf(call, call).thenApply(ended -> call.join()));
    for (Function<HandWritten<String>, CompletableFuture<?>> way : ways) {
      Held held = new Held();
      HandWritten<String> call = endsWith(executor, held);
      CompletableFuture<?> has = way.apply(call);
      HandWritten<String> halted = HandWritten.awaiting(other, call);
      held.complete("it");
      executor.runOne();
      assertThat(call).isDone();
      other.rejectAll();
      executor.runAll();
      assertThat(halted).isCompletedExceptionally();
      assertThat(held.returned).isEmpty();
      assertThat(has.join()).isEqualTo("it");
    }
  }

  @Test
  void norDoesAMethodGiveItBackThatHasLetGoBefore() {
    for (boolean forwards : List.of(false, true)) {
      for (boolean forced : List.of(false, true)) {
        Held held = new Held();
        HandWritten<String> call = endsWith(executor, held);
        HandWritten<String> has = HandWritten.awaiting(executor, call);
        HandWritten<String> letGo =
            forwards ? endsWith(other, call) : HandWritten.awaiting(other, call);
        if (forced) {
          letGo.force();
        } else {
          letGo.cancel(true);
        }
        held.complete("it");
        executor.runOne();
        assertThat(call).isDone();
        other.rejectAll();
        executor.runAll();
        assertThat(letGo).isCompletedExceptionally();
        assertThat(held.returned).isEmpty();
        assertThat(has).isCompletedWithValue("it");
      }
    }
  }

  @Test
  void norOfAnOperationThatAnotherAwaits() {
    HandWritten<String> has = HandWritten.awaiting(executor, read);
    HandWritten<String> letGo = HandWritten.awaiting(other, read);
    letGo.force();
    read.complete("it");
    other.rejectAll();
    executor.runAll();
    assertThat(read.returned).isEmpty();
    assertThat(has).isCompletedWithValue("it");
  }

  @Test
  void norWhatOneIsAboutToHaveThatCameAfterItsEnd() {
    HandWritten<String> call = endsWith(executor, read);
    HandWritten<String> halted = HandWritten.awaiting(other, call);
    read.complete("it");
    executor.runAll();
    HandWritten<String> has = HandWritten.awaiting(executor, call);
    other.rejectAll();
    executor.runAll();
    assertThat(halted).isCompletedExceptionally();
    assertThat(read.returned).isEmpty();
    assertThat(has).isCompletedWithValue("it");
  }

  @Test
  void norDoesACancelledMethodTakeIt() {
    HandWritten<String> call = endsWith(executor, read);
    HandWritten<String> has = HandWritten.awaiting(executor, call);
    HandWritten<String> cancelled = endsWith(other, call);
    read.complete("it");
    executor.runOne();
    assertThat(call).isDone();
    cancelled.cancel(true);
    other.runAll();
    executor.runAll();
    assertThat(read.returned).isEmpty();
    assertThat(has).isCompletedWithValue("it");
  }

  @Test
  void norWhatAThreadIsWaitingFor() {
    HandWritten<String> call = endsWith(executor, read);
    CompletableFuture<String> has = new CompletableFuture<>();
    Thread thread = new Thread(() -> has.complete(call.join()));
    thread.start();
    while (call.getNumberOfDependents() == 0) { // the thread is not there yet
      Thread.onSpinWait();
    }
    HandWritten<String> halted = HandWritten.awaiting(other, call);
    read.complete("it");
    executor.runAll();
    other.rejectAll();
    assertThat(halted).isCompletedExceptionally();
    assertThat(has).succeedsWithin(Duration.ofMinutes(1)).isEqualTo("it");
    assertThat(read.returned).isEmpty();
  }

  @Test
  void norWhatOneHasOfALinkedCall() {
    CompletableFuture<String> gate = new CompletableFuture<>();
    HandWritten<String> linked =
        new HandWritten<>(
            executor, (self, state, awaited) -> state == 0 ? self.await(gate, 1) : read);
    executor.schedule(linked);
    executor.runAll();
    HandWritten<String> root = endsWith(executor, linked);
    HandWritten<String> has = HandWritten.awaiting(executor, linked);
    gate.complete("");
    executor.runAll();
    read.complete("it");
    root.cancel(true);
    executor.runAll();
    assertThat(root).isCancelled();
    assertThat(has).isCompletedWithValue("it");
    assertThat(read.returned).isEmpty();
  }

  @Test
  void aCallWithAnotherOutcomeKeepsIt() {
    HandWritten<String> call = endsWith(executor, read);
    read.complete("it");
    call.complete("mine");
    executor.runAll();
    assertThat(read.returned).containsExactly("it");
    HandWritten<String> awaiting = HandWritten.awaiting(other, call);
    other.runAll();
    assertThat(awaiting).isCompletedWithValue("mine");
    assertThat(call.join()).isEqualTo("mine");
  }

  /** One that does not count who has its value. */
  private static final class Uncounted extends Task<String> {
    int abandoned;

    @Override
    protected void onAbandoned() {
      abandoned++;
    }
  }

  @Test
  void aValueThatIsNotCountedIsGivenBackOnceAndNotWhenSomebodyHasIt() {
    for (boolean had : List.of(false, true)) {
      Uncounted operation = new Uncounted();
      HandWritten<String> call = endsWith(executor, operation);
      HandWritten<String> halted = HandWritten.awaiting(other, call);
      operation.complete("it");
      executor.runAll();
      if (had) {
        assertThat(call.join()).isEqualTo("it");
      }
      other.rejectAll();
      assertThat(halted).isCompletedExceptionally();
      Held.abandoned(call);
      assertThat(operation.abandoned).isEqualTo(had ? 0 : 1);
    }
  }

  @Test
  void norWhatATaskHasThatMayBeLookedAtLater() {
    read.complete("it");
    Task<String> task = executor.spawn(() -> read);
    HandWritten<String> method = HandWritten.awaiting(other, task);
    executor.runAll();
    other.rejectAll();
    assertThat(method).isCompletedExceptionally();
    assertThat(read.returned).isEmpty();
    assertThat(task.join()).isEqualTo("it");
  }
}

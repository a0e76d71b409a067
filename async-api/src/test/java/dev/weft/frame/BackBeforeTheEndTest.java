package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.handoff.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A value that reaches nobody is back before what was to bring it is finished: who awaits that asks
 * for the next one then.
 */
class BackBeforeTheEndTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final ManualExecutor other = new ManualExecutor();
  private final Held read = new Held();
  private final List<Task<?>> tasks = new ArrayList<>();
  private final List<Boolean> finished = new ArrayList<>();

  /** When the value comes back, it is looked at what is finished. */
  @BeforeEach
  void look() {
    read.onReturn = () -> tasks.forEach(task -> finished.add(task.isFinished()));
  }

  private <T> HandWritten<T> awaiting(Task<T> task) {
    tasks.add(task);
    return HandWritten.awaiting(other, task);
  }

  /** It has come back once, and before the end; who awaits that has been woken. */
  private void backBeforeTheEndOf(Task<?> task, HandWritten<?> awaiting) {
    assertThat(read.returned).containsExactly("it");
    assertThat(finished).containsExactly(false);
    assertThat(task.isFinished()).isTrue();
    other.runAll();
    assertThat(awaiting).isDone();
  }

  @Test
  void aCallThatWasCancelled() {
    HandWritten<String> call =
        new HandWritten<>(executor, (self, state, awaited) -> read); // ends with it
    executor.schedule(call);
    executor.runAll();
    HandWritten<?> awaiting = awaiting(call);
    read.complete("it");
    call.cancel(true); // it is queued with the value
    executor.runAll();
    backBeforeTheEndOf(call, awaiting);
  }

  @Test
  void aTaskThatWasCancelledAtTheLastMoment() {
    List<Task<String>> spawned = new ArrayList<>();
    Task<String> task =
        executor.spawn(
            () -> {
              read.complete("it");
              spawned.get(0).cancel(true);
              return read;
            });
    spawned.add(task);
    HandWritten<?> awaiting = awaiting(task);
    executor.runAll();
    backBeforeTheEndOf(task, awaiting);
  }

  @Test
  void aRelayThatWasCancelled() {
    Task<String> relay = Async.cancelling(read);
    HandWritten<?> awaiting = awaiting(relay);
    read.onStop = () -> read.complete("it");
    relay.cancel(true);
    backBeforeTheEndOf(relay, awaiting);
  }

  @Test
  void aRelaySomethingHangsOn() {
    Task<String> relay = Async.cancelling(read);
    CompletableFuture<String> derived = relay.thenApply(it -> it);
    HandWritten<?> awaiting = awaiting(relay);
    read.onStop = () -> read.complete("it");
    relay.cancel(true);
    backBeforeTheEndOf(relay, awaiting);
    assertThat(derived).isCompletedExceptionally();
  }

  @Test
  void allOfWhichOneHasFailed() {
    CompletableFuture<String> fails = new CompletableFuture<>();
    Task<List<String>> all = Async.all(read, fails);
    HandWritten<?> awaiting = awaiting(all);
    read.complete("it");
    fails.completeExceptionally(new IllegalStateException("no"));
    backBeforeTheEndOf(all, awaiting);
  }

  @Test
  void allThatWasCancelled() {
    Held slow = new Held();
    Task<List<String>> all = Async.all(read, slow);
    HandWritten<?> awaiting = awaiting(all);
    read.complete("it");
    slow.onStop = () -> slow.complete("too");
    all.cancel(true);
    backBeforeTheEndOf(all, awaiting);
    assertThat(slow.returned).containsExactly("too");
  }

  @Test
  void allThatSomethingHangsOn() {
    Held slow = new Held();
    Task<List<String>> all = Async.all(read, slow);
    CompletableFuture<Integer> derived = all.thenApply(List::size);
    HandWritten<?> awaiting = awaiting(all);
    read.complete("it");
    slow.onStop = () -> slow.complete("too");
    all.cancel(true);
    backBeforeTheEndOf(all, awaiting);
    assertThat(slow.returned).containsExactly("too");
    assertThat(derived).isCompletedExceptionally();
  }

  @Test
  void anyThatAnotherOneDecided() {
    CompletableFuture<String> first = new CompletableFuture<>();
    Task<String> any = Async.any(first, read);
    HandWritten<?> awaiting = awaiting(any);
    read.onStop = () -> read.complete("it");
    first.complete("first");
    backBeforeTheEndOf(any, awaiting);
    assertThat(any).isCompletedWithValue("first");
  }

  /** It is told so, and keeps what it was told. */
  @Test
  void allThatWasCompletedByHandHasThatValue() {
    Held slow = new Held();
    Task<List<String>> all = Async.all(read, slow);
    HandWritten<?> awaiting = awaiting(all);
    read.complete("it");
    slow.onStop = () -> slow.complete("too");
    finished.clear();
    all.complete(List.of("mine"));
    assertThat(read.returned).containsExactly("it");
    assertThat(slow.returned).containsExactly("too");
    other.runAll();
    assertThat(awaiting).isDone();
    assertThat(all.join()).containsExactly("mine");
  }

  @Test
  void anyThatSomethingHangsOnAndThatWasCancelled() {
    Held loser = new Held();
    Task<String> any = Async.any(read, loser);
    CompletableFuture<String> derived = any.thenApply(it -> it);
    HandWritten<?> awaiting = awaiting(any);
    loser.onStop =
        () -> {
          any.cancel(true);
          loser.complete("too");
        };
    read.complete("it");
    backBeforeTheEndOf(any, awaiting);
    assertThat(loser.returned).containsExactly("too");
    assertThat(derived).isCompletedExceptionally();
  }

  /** What giving back throws is a fault of whoever wrote that; nobody hangs for it. */
  @Test
  void whatCannotBeGivenBackKeepsNobodyWaiting() {
    for (boolean relay : List.of(true, false)) {
      Held broken = new Held();
      broken.onStop = () -> broken.complete("it");
      broken.onReturn =
          () -> {
            throw new IllegalStateException("broken");
          };
      Task<?> task = relay ? Async.cancelling(broken) : Async.all(broken, new Held());
      HandWritten<?> awaiting = HandWritten.awaiting(other, task);
      assertThatThrownBy(() -> task.cancel(true)).hasMessage("broken");
      assertThat(task.isFinished()).isTrue();
      other.runAll();
      assertThat(awaiting).isDone();
    }
  }
}

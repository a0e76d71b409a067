package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A frame that has ended with another one's future, and whose own only a forwarding frame awaits,
 * is linked: nothing keeps it alive, and yet whoever holds it sees it end.
 */
@Timeout(60)
class PromiseLinkingTest {
  private final ManualExecutor executor = new ManualExecutor();

  /** What each call awaits before it ends with the next call's future. */
  private final List<Task<String>> steps = new ArrayList<>();

  /** The calls' futures, the outermost first. */
  private final List<HandWritten<String>> calls = new ArrayList<>();

  private final CompletableFuture<String> plain = new CompletableFuture<>();

  private HandWritten<String> call() {
    Task<String> step = new Task<>();
    HandWritten<String> call =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                return self.await(step, 1);
              }
              String end = (String) Await.take(awaited);
              return switch (end) {
                case "" -> call();
                case "plain" -> plain;
                default -> Settled.value(end);
              };
            });
    steps.add(step);
    calls.add(call);
    call.run();
    return call;
  }

  /** Calls five deep, each but the last of which has ended with the next one's future. */
  private HandWritten<String> fiveCalls() {
    HandWritten<String> outermost = call();
    for (int i = 0; i < 4; i++) {
      step(i, "");
    }
    return outermost;
  }

  private void step(int call, String end) {
    steps.get(call).complete(end);
    executor.runAll();
  }

  @Test
  void heldFuturesEndWithTheSameOutcomeTheInnermostFirst() {
    HandWritten<String> outermost = fiveCalls();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      calls.get(i).whenComplete((value, error) -> order.add(number));
    }
    assertThat(calls).noneMatch(CompletableFuture::isDone);
    steps.get(4).complete("end");
    assertThat(executor.runAll()).as("the innermost and the outermost, none between").isEqualTo(2);
    assertThat(calls).hasSize(5).allMatch(call -> "end".equals(call.join()) && call.ends == 1);
    assertThat(order).containsExactly(4, 3, 2, 1, 0);
    assertThat(outermost).isCompletedWithValue("end");
  }

  @Test
  void heldFuturesFailAlike() {
    fiveCalls();
    IOException broken = new IOException("broken");
    steps.get(4).completeExceptionally(broken);
    executor.runAll();
    for (HandWritten<String> call : calls) {
      assertThat(call).failsWithin(0, TimeUnit.SECONDS).withThrowableThat().withCause(broken);
    }
  }

  @Test
  void cancellingTheOutermostCancelsTheInnermost() {
    HandWritten<String> outermost = fiveCalls();
    outermost.cancel(true);
    assertThat(outermost).isCancelled();
    assertThat(outermost.isFinished()).as("while the innermost is yet to hear of it").isFalse();
    executor.runAll();
    assertThat(calls).allMatch(call -> call.isCancelled() && call.ends == 1);
    assertThat(outermost.isFinished()).isTrue();
    assertThat(steps.get(4)).as("it may be anybody's").isNotDone();
  }

  @Test
  void cancellingOneBetweenCancelsTheInnermostAndTheOutermost() {
    fiveCalls();
    assertThat(calls.get(2).cancel(true)).isTrue();
    assertThat(calls.get(0)).as("it ends when the innermost has").isNotDone();
    executor.runAll();
    assertThat(calls).allMatch(call -> call.isCancelled() && call.ends == 1);
  }

  @Test
  void cancellingOneBetweenWhileTheLastForwardsToAPlainFuture() {
    fiveCalls();
    step(4, "plain");
    calls.get(2).cancel(true);
    executor.runAll();
    assertThat(calls).allMatch(call -> call.isCancelled() && call.ends == 1);
    assertThat(plain).isNotDone();
  }

  @Test
  void oneThatSomebodyElseCompletesPassesThatOnOutwardsWhenTheInnerOnesHaveEnded() {
    fiveCalls();
    calls.get(2).complete("early");
    assertThat(calls.get(2)).isCompletedWithValue("early");
    assertThat(calls.subList(0, 2)).noneMatch(CompletableFuture::isDone);
    executor.runAll();
    assertThat(calls.subList(0, 3)).allMatch(call -> "early".equals(call.getNow("not yet")));
    assertThat(calls.subList(3, 5)).as("nobody wants them").allMatch(Task::isCancelled);
    assertThat(calls).allMatch(call -> call.ends == 1);
  }

  @Test
  void oneThatSomebodyElseCompletesAndNobodyHoldsPassesThatOnAllTheSame() {
    HandWritten<String> outermost = fiveCalls();
    calls.get(2).complete("early");
    calls.clear();
    steps.subList(0, 4).clear();
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    awaitCollected(garbage);
    executor.runAll();
    assertThat(outermost).isCompletedWithValue("early");
  }

  @Test
  void theOutermostMayBeCancelledAfterSomebodyElseCompletedIt() {
    HandWritten<String> outermost = fiveCalls();
    outermost.complete("early");
    calls.get(2).cancel(true);
    executor.runAll();
    assertThat(outermost).isCompletedWithValue("early");
    assertThat(calls.subList(1, 5)).allMatch(CompletableFuture::isCancelled);
    assertThat(outermost.ends).isOne();
  }

  /** A callee that forwards already when its caller comes to park on it is absorbed. */
  @Test
  void aCalleeThatHasEndedBeforeItsCallerParksIsLinkedToo() {
    call();
    steps.get(0).complete("");
    executor.runOne(); // it has called the second, and forwards to it
    HandWritten<String> caller = callerOf(calls.get(0));
    WeakReference<HandWritten<String>> between = new WeakReference<>(calls.get(0));
    calls.remove(0);
    steps.remove(0);
    awaitCollected(between);
    step(0, "end");
    assertThat(caller).isCompletedWithValue("end");
  }

  private HandWritten<String> callerOf(HandWritten<String> callee) {
    List<HandWritten<String>> once = new ArrayList<>(List.of(callee));
    HandWritten<String> caller =
        new HandWritten<>(executor, (self, state, awaited) -> once.remove(0));
    caller.run();
    return caller;
  }

  @Test
  void rejectingTheOutermostEndsThemAll() {
    HandWritten<String> outermost = fiveCalls();
    steps.get(4).complete("end");
    executor.runOne();
    outermost.reject("closed");
    assertThat(calls)
        .as("it has no body; there is a value")
        .allMatch(call -> "end".equals(call.getNow("")));
  }

  @Test
  void whatNobodyHoldsIsCollected() {
    HandWritten<String> outermost = fiveCalls();
    WeakReference<HandWritten<String>> between = new WeakReference<>(calls.get(2));
    calls.clear();
    steps.subList(0, 4).clear();
    awaitCollected(between);
    step(0, "end");
    assertThat(outermost).isCompletedWithValue("end");
  }

  @Test
  void whatSomebodyWaitsForIsNotCollected() {
    fiveCalls();
    List<String> seen = new ArrayList<>();
    calls.get(1).thenAccept(seen::add);
    HandWritten<String> waiter = HandWritten.awaiting(executor, calls.get(2));
    waiter.thenAccept(seen::add);
    calls.get(3).orTimeout(1, TimeUnit.HOURS).thenAccept(seen::add);
    WeakReference<HandWritten<String>> innermost = new WeakReference<>(calls.get(4));
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    waiter = null;
    calls.clear();
    steps.subList(0, 4).clear();
    awaitCollected(garbage);
    assertThat(innermost.get()).as("held by what it awaits").isNotNull();
    step(0, "end");
    assertThat(seen).containsOnly("end").hasSize(3);
  }

  @Test
  void whatIsObservedBeforeItEndsIsNotLinked() {
    HandWritten<String> outermost = call();
    step(0, "");
    List<String> seen = new ArrayList<>();
    calls.get(1).thenAccept(seen::add);
    calls.set(1, null);
    step(1, "");
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    awaitCollected(garbage);
    step(2, "end");
    assertThat(seen).containsExactly("end");
    assertThat(outermost).isCompletedWithValue("end");
  }

  @Test
  void twoFramesThatForwardToTheSameOne() {
    HandWritten<String> shared = call();
    List<HandWritten<String>> outer = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> shared);
      frame.run();
      outer.add(frame);
    }
    for (int i = 0; i < 3; i++) {
      step(i, "");
    }
    step(3, "end");
    assertThat(outer).allMatch(frame -> "end".equals(frame.join()));
    assertThat(calls).allMatch(frame -> "end".equals(frame.join()));
  }

  private static void awaitCollected(WeakReference<?> reference) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!reference.refersTo(null)) {
      assertThat(System.nanoTime()).as("still held").isLessThan(deadline);
      System.gc();
    }
  }
}

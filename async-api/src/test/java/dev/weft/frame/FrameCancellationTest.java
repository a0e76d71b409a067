package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.Async;
import dev.weft.HaltedError;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cancellation reaches the innermost frame, once, and unwinds the chain from there. */
@Timeout(60)
class FrameCancellationTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final List<String> events = new ArrayList<>();

  /** Awaits the future in a try whose finally awaits another one. */
  private HandWritten<String> withFinally(
      String name, CompletableFuture<?> body, CompletableFuture<?> cleanUp) {
    return new HandWritten<>(
        executor,
        (self, state, awaited) -> {
          switch (state) {
            case 0:
              events.add(name + " starts");
              return self.await(body, 1);
            case 1:
              try {
                Await.take(awaited);
                events.add(name + " resumed");
              } catch (TaskCancelledException e) {
                events.add(name + " cancelled");
              }
              return self.await(cleanUp, 2);
            default:
              Await.take(awaited);
              events.add(name + " cleaned up");
              return Settled.value("end");
          }
        });
  }

  private HandWritten<String> started(HandWritten<String> frame) {
    frame.run();
    return frame;
  }

  /** An operation that ends when it is asked to, or later. */
  private static final class Operation extends Task<String> {
    int asked;
    private final boolean atOnce;

    Operation(boolean atOnce) {
      this.atOnce = atOnce;
    }

    @Override
    protected boolean stop() {
      asked++;
      if (atOnce) {
        cancel(false);
      }
      return true;
    }
  }

  @Test
  void whileParkedOnATaskThatIsNoOperation() {
    Task<String> source = new Task<>();
    Task<String> cleanUp = new Task<>();
    HandWritten<String> frame = started(withFinally("it", source, cleanUp));
    assertThat(frame.cancel(true)).isTrue();
    assertThat(frame).isCancelled();
    assertThat(frame.isFinished()).isFalse();
    assertThat(source).as("whoever holds it may complete it").isNotDone();
    assertThat(executor.runAll()).isOne();
    assertThat(events).containsExactly("it starts", "it cancelled");
    assertThat(frame.ends).isZero();

    assertThat(frame.cancel(true)).as("again: the clean-up is left alone").isTrue();
    assertThat(executor.queued()).isZero();
    cleanUp.complete("");
    assertThat(executor.runAll()).isOne();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
    assertThat(frame.ends).isOne();
    assertThat(frame).isCancelled();
    assertThat(frame.isFinished()).isTrue();
  }

  @Test
  void whileParkedOnAPlainFutureWhichIsLeftAlone() {
    CompletableFuture<String> source = new CompletableFuture<>();
    HandWritten<String> frame = started(withFinally("it", source, Settled.value(null)));
    frame.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
    assertThat(source).isNotDone();
    source.complete("late");
    assertThat(executor.queued()).isZero();
  }

  @Test
  void anOperationIsAskedToStopAndAwaited() {
    Operation source = new Operation(false);
    HandWritten<String> frame = started(withFinally("it", source, Settled.value(null)));
    frame.cancel(true);
    assertThat(source.asked).isOne();
    assertThat(executor.queued()).as("it waits for the operation's end").isZero();
    source.completeExceptionally(new IOException("interrupted"));
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
  }

  @Test
  void anOperationThatEndsAtOnceWakesTheFrameOnce() {
    Operation source = new Operation(true);
    HandWritten<String> frame = started(withFinally("it", source, Settled.value(null)));
    frame.cancel(true);
    assertThat(executor.queued()).isOne();
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
  }

  @Test
  void theFailureOfAStoppedOperationIsTheCause() {
    Operation source = new Operation(false);
    List<Throwable> seen = new ArrayList<>();
    HandWritten<String> frame =
        started(
            new HandWritten<>(
                executor,
                (self, state, awaited) -> {
                  if (state == 0) {
                    return self.await(source, 1);
                  }
                  try {
                    return Settled.value(Await.take(awaited));
                  } catch (CancellationException e) {
                    seen.add(e.getCause());
                    throw e;
                  }
                }));
    frame.cancel(true);
    IOException broken = new IOException("broken");
    source.completeExceptionally(broken);
    executor.runAll();
    assertThat(seen).containsExactly(broken);
  }

  @Test
  void anOperationThatHasAValueReturnsIt() {
    Operation source = new Operation(false);
    Task<String> next = new Task<>();
    HandWritten<String> frame = started(withFinally("it", source, next));
    frame.cancel(true);
    source.complete("acquired");
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it resumed");
    assertThat(frame.isFinished()).isTrue();
    assertThat(frame).as("the next await throws, and nothing catches it").isCancelled();
  }

  @Test
  void whileParkedBehindAnotherFrame() {
    Operation source = new Operation(true);
    HandWritten<String> first = HandWritten.awaiting(executor, source);
    HandWritten<String> second = HandWritten.awaiting(executor, source);
    second.cancel(true);
    assertThat(source.asked).as("the first still awaits it").isZero();
    executor.runAll();
    assertThat(first).isNotDone();
    assertThat(second).isCancelled();
    assertThat(second.ends).isOne();
    first.cancel(true);
    assertThat(source.asked).as("now nobody else does").isOne();
  }

  @Test
  void whileRunning() {
    Operation source = new Operation(true);
    HandWritten<String> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                self.cancel(true);
                return self.await(source, 1);
              }
              return Settled.value(Await.take(awaited));
            });
    frame.run();
    assertThat(source.asked).isOne();
    assertThat(executor.runAll()).as("the next await ends at once").isOne();
    assertThat(frame.ends).isOne();
  }

  @Test
  void whileRunningTowardsAYield() {
    HandWritten<String> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                self.cancel(true);
                return self.await(Async.yieldNow(), 1);
              }
              return Settled.value(Await.take(awaited));
            });
    frame.run();
    executor.runAll();
    assertThat(frame.polls).isEqualTo(2);
    assertThat(frame.isFinished()).isTrue();
  }

  @Test
  void whileRunningTowardsAStageThatItReturns() {
    Operation last = new Operation(true);
    HandWritten<String> inner = HandWritten.awaiting(executor, last);
    HandWritten<String> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              self.cancel(true);
              return inner;
            });
    frame.run();
    assertThat(last.asked).isOne();
    assertThat(inner).as("its body is to end first").isNotDone();
    assertThat(executor.runAll()).isEqualTo(2);
    assertThat(inner).isCancelled();
    assertThat(frame.ends).isOne();
    assertThat(inner.ends).isOne();
  }

  @Test
  void whileQueuedItGetsTheValueFirst() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = started(withFinally("it", source, Settled.value(null)));
    source.complete("value");
    assertThat(executor.queued()).isOne();
    frame.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it resumed", "it cleaned up");
    assertThat(frame.ends).isOne();
  }

  @Test
  void beforeItHasStarted() {
    HandWritten<String> frame = withFinally("it", new Task<>(), new Task<>());
    executor.schedule(frame);
    frame.cancel(true);
    assertThat(frame.isFinished()).isFalse();
    executor.runAll();
    assertThat(events).isEmpty();
    assertThat(frame.polls).isZero();
    assertThat(frame.ends).isOne();
    assertThat(frame.isFinished()).isTrue();
  }

  @Test
  void whileForwarding() {
    Operation last = new Operation(true);
    HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> last);
    frame.run();
    frame.cancel(true);
    assertThat(last.asked).isOne();
    executor.runAll();
    assertThat(frame).isCancelled();
    assertThat(frame.ends).isOne();
  }

  @Test
  void afterItHasEnded() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    source.complete("value");
    executor.runAll();
    assertThat(frame.cancel(true)).isFalse();
    assertThat(frame).isCompletedWithValue("value");
  }

  @Test
  void completingItFromOutsideTellsTheBodyToo() {
    HandWritten<String> frame = started(withFinally("it", new Task<>(), Settled.value(null)));
    HandWritten<String> outer = HandWritten.awaiting(executor, frame);
    frame.complete("early");
    assertThat(frame.isFinished()).isFalse();
    assertThat(outer).as("while the body runs").isNotDone();
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
    assertThat(outer).isCompletedWithValue("early");
  }

  @Test
  void unwindsFromTheInsideOut() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> inner = started(withFinally("inner", new Task<>(), cleanUp));
    HandWritten<String> middle = HandWritten.awaiting(executor, inner);
    HandWritten<String> outer = started(withFinally("outer", middle, Settled.value(null)));
    outer.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("inner starts", "outer starts", "inner cancelled");
  }

  @Test
  void anOuterFrameGoesOnWhenTheInnerOneHasCleanedUp() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> inner =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              switch (state) {
                case 0:
                  return self.await(new Task<>(), 1);
                case 1:
                  return self.await(cleanUp, 2);
                default:
                  events.add("inner ends");
                  throw new TaskCancelledException("passed on", null);
              }
            });
    inner.run();
    HandWritten<String> outer = started(withFinally("outer", inner, Settled.value(null)));
    outer.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("outer starts");
    cleanUp.complete("");
    executor.runAll();
    assertThat(events)
        .containsExactly("outer starts", "inner ends", "outer cancelled", "outer cleaned up");
  }

  @Test
  void aCalleeThatEndsWithAValueHandsTheCancellationUp() {
    Task<String> source = new Task<>();
    HandWritten<String> inner = HandWritten.awaiting(executor, source);
    Task<String> next = new Task<>();
    HandWritten<String> outer = started(withFinally("outer", inner, next));
    source.complete("value"); // inner is queued
    outer.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("outer starts", "outer resumed");
    assertThat(outer.isFinished()).as("its next await threw").isTrue();
    assertThat(next).isNotDone();
  }

  @Test
  void aCancellationFromFurtherOutWaitsForTheEndOfOneFurtherIn() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> inner = started(withFinally("inner", new Task<>(), cleanUp));
    Task<String> next = new Task<>();
    HandWritten<String> outer =
        started(
            new HandWritten<>(
                executor,
                (self, state, awaited) -> {
                  switch (state) {
                    case 0:
                      return self.await(inner, 1);
                    case 1:
                      assertThatThrownBy(() -> Await.take(awaited))
                          .as("its own, although the callee was cancelled as well")
                          .isInstanceOf(TaskCancelledException.class);
                      events.add("outer cancelled");
                      return self.await(next, 2);
                    default:
                      Await.take(awaited);
                      events.add("outer cleaned up");
                      return Settled.value("");
                  }
                }));
    inner.cancel(true);
    executor.runAll();
    outer.cancel(true);
    assertThat(executor.queued()).as("the clean-up is left alone").isZero();
    cleanUp.complete("");
    executor.runAll();
    next.complete("");
    executor.runAll();
    assertThat(events)
        .containsExactly(
            "inner starts",
            "inner cancelled",
            "inner cleaned up",
            "outer cancelled",
            "outer cleaned up");
  }

  @Test
  void aCallThatSomebodyElseAwaitsIsLetGoOf() {
    Task<String> source = new Task<>();
    HandWritten<String> shared = HandWritten.awaiting(executor, source);
    HandWritten<String> one = HandWritten.awaiting(executor, shared);
    HandWritten<String> other = HandWritten.awaiting(executor, shared);
    one.cancel(true);
    executor.runAll();
    assertThat(one.isFinished()).isTrue();
    assertThat(shared).isNotDone();
    source.complete("value");
    executor.runAll();
    assertThat(other).isCompletedWithValue("value");
  }

  @Test
  void aSpawnedTaskIsLetGoOfAndPassedToByCancelling() {
    Task<String> source = new Task<>();
    Spawn<String> spawned = new Spawn<>(executor, () -> source);
    spawned.run();
    HandWritten<String> one = HandWritten.awaiting(executor, spawned);
    one.cancel(true);
    executor.runAll();
    assertThat(one.isFinished()).isTrue();
    assertThat(spawned).isNotDone();

    HandWritten<String> other = HandWritten.awaiting(executor, Async.cancelling(spawned));
    other.cancel(true);
    executor.runAll();
    assertThat(spawned.isFinished()).isTrue();
    assertThat(spawned).isCancelled();
    assertThat(other.isFinished()).isTrue();
  }

  @Test
  void cancellingPassesItOnToAPlainFuture() {
    CompletableFuture<String> request = new CompletableFuture<>();
    HandWritten<String> frame =
        started(withFinally("it", Async.cancelling(request), Settled.value(null)));
    frame.cancel(true);
    assertThat(request).isCancelled();
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
  }

  @Test
  void shieldPassesItOnToNothing() {
    Task<String> source = new Task<>();
    HandWritten<String> inner = HandWritten.awaiting(executor, source);
    Task<String> shielded = Async.shield(inner);
    HandWritten<String> frame = started(withFinally("it", shielded, Settled.value(null)));
    frame.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("it starts", "it cancelled", "it cleaned up");
    assertThat(inner).isNotDone();
    source.complete("value");
    executor.runAll();
    assertThat(shielded).isCompletedWithValue("value");
  }

  /** Nobody sees the exception that the callee's body ends with. */
  @Test
  void aToldCallThatGetsAValueFromElsewhereHandsTheCancellationUp() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> callee = started(rethrowing(new Task<>(), cleanUp));
    HandWritten<String> caller =
        started(
            new HandWritten<>(
                executor,
                (self, state, awaited) -> {
                  if (state == 0) {
                    return self.await(callee, 1);
                  }
                  events.add("caller gets " + Await.take(awaited));
                  return self.await(new Task<>(), 2);
                }));
    caller.request();
    executor.runAll();
    callee.complete("value");
    cleanUp.complete("");
    executor.runAll();
    assertThat(events).containsExactly("caller gets value");
    assertThat(caller).isCancelled();
    assertThat(caller.isFinished()).isTrue();
  }

  @Test
  void aToldCallThatIsCancelledByAnotherGivesItsCallerItsOwnCancellation() {
    Task<String> cleanUp = new Task<>();
    Task<String> callersCleanUp = new Task<>();
    HandWritten<String> callee = started(rethrowing(new Task<>(), cleanUp));
    HandWritten<String> caller = started(withFinally("caller", callee, callersCleanUp));
    caller.request();
    executor.runAll();
    callee.cancel(true);
    cleanUp.complete("");
    executor.runAll();
    assertThat(events).containsExactly("caller starts", "caller cancelled");
    callersCleanUp.complete("");
    executor.runAll();
    assertThat(events).endsWith("caller cleaned up");
  }

  /** The same where a time limit was given a value that stands between. */
  @Test
  void aToldRelayThatGetsAValueFromElsewhereHandsTheCancellationUp() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> callee = started(rethrowing(new Task<>(), cleanUp));
    Task<String> limited = Async.cancelling(callee);
    HandWritten<String> caller = started(withFinally("caller", limited, new Task<>()));
    caller.request();
    executor.runAll();
    limited.complete("value");
    cleanUp.complete("");
    executor.runAll();
    assertThat(events).startsWith("caller starts", "caller resumed");
    assertThat(executor.queued()).isZero();
    assertThat(caller).as("cancelled at its next await").isCancelled();
  }

  /**
   * The same where what it awaited was cancelled before it ran: a blocking call that takes turns.
   */
  @Test
  void whoWasToldByWhatNeverStartedHandsTheCancellationUp() {
    Spawn<String> operation =
        new Spawn<>(executor, () -> Async.done("never")) {
          {
            becomeOperation();
          }
        };
    CompletableFuture<String> cleanUp = new CompletableFuture<>();
    HandWritten<String> callee = started(withFinally("callee", operation, cleanUp));
    HandWritten<String> caller = started(withFinally("caller", callee, new Task<>()));
    executor.schedule(operation);
    caller.request();
    executor.runAll();
    assertThat(events).containsExactly("callee starts", "caller starts", "callee cancelled");
    callee.complete("value");
    cleanUp.completeExceptionally(new IOException("of the clean-up"));
    executor.runAll();
    assertThat(events).contains("caller resumed");
    assertThat(caller).as("cancelled at its next await").isCancelled();
  }

  /** Its caller is told with the failure as the cause, and left alone in its own clean-up. */
  @Test
  void aCleanUpThatFailsHidesNoCancellation() {
    for (boolean behindRelay : List.of(false, true)) {
      events.clear();
      CompletableFuture<String> cleanUp = new CompletableFuture<>();
      Task<String> callersCleanUp = new Task<>();
      HandWritten<String> callee = started(withFinally("callee", new Task<>(), cleanUp));
      Task<String> awaited = behindRelay ? Async.cancelling(callee) : callee;
      AtomicReference<Throwable> seen = new AtomicReference<>();
      HandWritten<String> caller =
          started(
              new HandWritten<>(
                  executor,
                  (self, state, outcome) -> {
                    switch (state) {
                      case 0:
                        return self.await(awaited, 1);
                      case 1:
                        seen.set(
                            assertThrows(TaskCancelledException.class, () -> Await.take(outcome)));
                        return self.await(callersCleanUp, 2);
                      default:
                        Await.take(outcome);
                        events.add("caller cleaned up");
                        return Settled.value("");
                    }
                  }));
      caller.request();
      executor.runAll();
      cleanUp.completeExceptionally(new IOException("of the clean-up"));
      executor.runAll();
      assertThat(seen.get()).hasCauseInstanceOf(IOException.class);
      assertThat(executor.queued()).isZero();
      callersCleanUp.complete("");
      executor.runAll();
      assertThat(events).containsExactly("callee starts", "callee cancelled", "caller cleaned up");
    }
  }

  /** The same where the call that gets a value from elsewhere is linked to its caller. */
  @Test
  void aLinkedCallThatGetsAValueFromElsewhereHandsTheCancellationUp() {
    Task<String> cleanUp = new Task<>();
    Task<String> gate = new Task<>();
    HandWritten<String> callee = started(rethrowing(new Task<>(), cleanUp));
    HandWritten<String> linked =
        started(
            new HandWritten<>(
                executor, (self, state, awaited) -> state == 0 ? self.await(gate, 1) : callee));
    HandWritten<String> root =
        started(new HandWritten<>(executor, (self, state, awaited) -> linked));
    HandWritten<String> caller = started(withFinally("caller", root, new Task<>()));
    gate.complete("");
    executor.runAll();
    assertThat(linked.isLinked()).isTrue();
    caller.request();
    executor.runAll();
    linked.complete("value");
    cleanUp.complete("");
    executor.runAll();
    assertThat(events).startsWith("caller starts", "caller resumed");
    assertThat(caller).as("cancelled at its next await").isCancelled();
  }

  @Test
  void aShieldWhoseAwaiterWasCancelledStillKeepsItsCallFromBeingCancelled() {
    Task<String> operation = new Task<>();
    HandWritten<String> call = HandWritten.awaiting(executor, operation);
    Task<String> shield = Async.shield(call);
    HandWritten.awaiting(executor, shield).cancel(true);
    HandWritten.awaiting(executor, call).cancel(true);
    executor.runAll();
    operation.complete("value");
    executor.runAll();
    assertThat(shield).isCompletedWithValue("value");
  }

  private HandWritten<String> rethrowing(CompletableFuture<?> body, CompletableFuture<?> cleanUp) {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    return new HandWritten<>(
        executor,
        (self, state, awaited) -> {
          switch (state) {
            case 0:
              return self.await(body, 1);
            case 1:
              failure.set(assertThrows(TaskCancelledException.class, () -> Await.take(awaited)));
              return self.await(cleanUp, 2);
            default:
              Await.take(awaited);
              throw failure.get();
          }
        });
  }

  @Test
  void cancellingAShieldOrAnEndStopsNothing() {
    Operation operation = new Operation(true);
    Async.shield(operation).cancel(true);
    operation.finished().cancel(true);
    assertThat(operation.asked).isZero();
    assertThat(operation).isNotDone();
    operation.complete("value");
    assertThat(operation).isCompletedWithValue("value");
  }

  /** The cancellation of a forwarding call is on its way when its caller comes to return it. */
  @Test
  void aCallThatWasCancelledIsNotLinkedToWhoReturnsItLater() {
    Task<String> first = new Task<>();
    HandWritten<String> running = started(withFinally("callee", first, new Task<>()));
    HandWritten<String> forwarding =
        started(new HandWritten<>(executor, (self, state, awaited) -> running));
    first.complete("value"); // the callee is queued
    forwarding.cancel(true);
    HandWritten<String> outer =
        started(new HandWritten<>(executor, (self, state, awaited) -> forwarding));
    executor.runAll();
    assertThat(events).containsExactly("callee starts", "callee resumed");
    assertThat(running.isFinished()).as("its next await threw").isTrue();
    assertThat(outer).isCancelled();
  }

  /** Its cancellation was delivered; one from further out must not get into its clean-up. */
  @Test
  void theCleanUpOfACallThatIsReturnedMeanwhileIsLeftAlone() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> running = started(withFinally("callee", new Task<>(), cleanUp));
    HandWritten<String> forwarding =
        started(new HandWritten<>(executor, (self, state, awaited) -> running));
    forwarding.cancel(true);
    executor.runAll();
    HandWritten<String> outer =
        started(new HandWritten<>(executor, (self, state, awaited) -> forwarding));
    outer.cancel(true);
    assertThat(executor.queued()).isZero();
    cleanUp.complete("");
    executor.runAll();
    assertThat(events).containsExactly("callee starts", "callee cancelled", "callee cleaned up");
    assertThat(outer.isFinished()).isTrue();
  }

  @Test
  void theEndOfATaskIsAwaitedBesideItsOutcome() {
    Task<String> cleanUp = new Task<>();
    HandWritten<String> frame = started(withFinally("it", new Task<>(), cleanUp));
    Task<Void> end = frame.finished();
    frame.cancel(true);
    executor.runAll();
    assertThat(end).isNotDone();
    cleanUp.complete("");
    executor.runAll();
    assertThat(end).isCompletedWithValue(null);
    assertThat(frame.finished().isDone()).isTrue();
  }

  @Test
  void aRejectedBodyMeetsAnErrorAtItsAwait() {
    Task<String> source = new Task<>();
    HandWritten<String> frame =
        started(
            new HandWritten<>(
                executor,
                (self, state, awaited) -> {
                  if (state == 0) {
                    return self.await(source, 1);
                  }
                  try {
                    return Settled.value(Await.take(awaited));
                  } catch (Exception swallowed) {
                    events.add("swallowed");
                    return self.await(new Task<>(), 1);
                  } catch (HaltedError halted) {
                    events.add("halted");
                    throw halted;
                  }
                }));
    source.complete("value");
    executor.rejectAll();
    assertThat(events).containsExactly("halted");
    assertThat(frame.isFinished()).isTrue();
    assertThatThrownBy(frame::join).hasMessageContaining("closed");
  }

  @Test
  void aRejectedBodyThatSwallowsEvenThatIsDropped() {
    Task<String> source = new Task<>();
    HandWritten<String> frame =
        started(
            new HandWritten<>(
                executor,
                (self, state, awaited) -> {
                  events.add("round");
                  return self.await(source, 1);
                }));
    source.complete("value");
    executor.rejectAll();
    assertThat(events).hasSizeLessThan(100);
    assertThat(frame.isFinished()).isTrue();
    assertThat(frame.ends).isOne();
  }
}

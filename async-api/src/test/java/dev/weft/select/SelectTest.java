package dev.weft.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.handoff.Held;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncSemaphore;
import dev.weft.sync.ChannelClosedException;
import dev.weft.sync.Mpsc;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The first of several operations, of which the others have not happened. */
class SelectTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Mpsc<String> one = Mpsc.bounded(1);
  private final Mpsc<String> other = Mpsc.bounded(1);

  private Select<String> receive(Select<String> select) {
    return select
        .on(one.receiver().onReceive(), it -> "one " + it)
        .on(other.receiver().onReceive(), it -> "other " + it);
  }

  // ---- which one

  @Test
  void aBiasedOnePrefersWhatWasNamedFirst() {
    one.sender().trySend("a");
    other.sender().trySend("b");
    assertThat(receive(Select.biased()).run().join()).isEqualTo("one a");
    assertThat(other.receiver().size()).isOne();
    assertThat(receive(Select.biased()).run().join()).isEqualTo("other b");
  }

  @Test
  void aFairOneTakesAnyOfThoseThatAreReady() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000 && seen.size() < 2; i++) {
      one.sender().trySend("a");
      other.sender().trySend("b");
      seen.add(receive(Select.fair()).run().join());
    }
    assertThat(seen).containsExactlyInAnyOrder("one a", "other b");
  }

  @Test
  void theSeedOfADeterministicExecutorDecides() throws Exception {
    Set<List<String>> orders = new HashSet<>();
    for (long seed = 0; seed < 8; seed++) {
      List<String> first = order(seed);
      assertThat(order(seed)).isEqualTo(first);
      orders.add(first);
    }
    assertThat(orders.size()).isGreaterThan(1);
  }

  private static List<String> order(long seed) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).build()) {
      return executor.blockOn(
          () ->
              Async.done(
                  java.util.stream.IntStream.range(0, 20)
                      .mapToObj(
                          i ->
                              Select.<String>fair()
                                  .on(Async.done(), it -> "a")
                                  .on(Async.done(), it -> "b")
                                  .run()
                                  .join())
                      .toList()));
    }
  }

  @Test
  void theFirstThatBecomesReadyIsIt() {
    Task<String> selected = receive(Select.biased()).run();
    assertThat(selected.isDone()).isFalse();
    other.sender().trySend("b");
    one.sender().trySend("a");
    assertThat(selected.join()).isEqualTo("other b");
    assertThat(one.receiver().tryReceive()).isEqualTo("a");
  }

  @Test
  void aMessageThatWasNotSelectedWasNotSent() {
    one.sender().trySend("full");
    Task<String> selected =
        Select.<String>biased()
            .on(one.sender().onSend("x"), it -> "sent")
            .on(other.receiver().onReceive(), it -> it)
            .run();
    other.sender().trySend("b");
    assertThat(selected.join()).isEqualTo("b");
    assertThat(one.receiver().tryReceive()).isEqualTo("full");
    assertThat(one.receiver().tryReceive()).isNull();
  }

  @Test
  void aSendThatIsSelectedWhenThereIsRoomHasHappened() {
    one.sender().trySend("full");
    Task<String> selected =
        Select.<String>biased().on(one.sender().onSend("x"), it -> "sent").run();
    assertThat(selected.isDone()).isFalse();
    assertThat(one.receiver().tryReceive()).isEqualTo("full");
    assertThat(selected.join()).isEqualTo("sent");
    assertThat(one.receiver().tryReceive()).isEqualTo("x");
  }

  @Test
  void whatIsNamedLaterThanOneThatIsReadyIsNotBegun() {
    one.sender().trySend("a");
    Task<String> selected =
        receive(Select.biased())
            .on(
                () -> {
                  throw new AssertionError("begun");
                },
                it -> "begun")
            .run();
    assertThat(selected.join()).isEqualTo("one a");
  }

  @Test
  void ifNoneIsReadyThereIsTheElse() {
    assertThat(receive(Select.fair()).orElse(() -> "none").run().join()).isEqualTo("none");
    one.sender().trySend("a");
    assertThat(receive(Select.fair()).orElse(() -> "none").run().join()).isEqualTo("one a");
    assertThat(Select.<String>fair().orElse(() -> "none").run().join()).isEqualTo("none");
  }

  @Test
  void aTimerIsOneOfThem() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().clock(new VirtualClock()).build()) {
      String late =
          executor.blockOn(
              () ->
                  receive(Select.fair())
                      .after(Duration.ofHours(1), () -> "late")
                      .after(Duration.ofDays(1), () -> "later")
                      .run());
      assertThat(late).isEqualTo("late");
    }
  }

  @Test
  void whatHasEndedIsReadyWithNull() {
    one.sender().close();
    assertThat(receive(Select.biased()).run().join()).isEqualTo("one null");
  }

  @Test
  void sendAndReceiveOfOneRendezvousAreNotMatchedWithEachOther() {
    Mpsc<String> rendezvous = Mpsc.rendezvous();
    Task<String> selected =
        Select.<String>fair()
            .on(rendezvous.sender().onSend("a"), it -> "sent")
            .on(rendezvous.receiver().onReceive(), it -> "received " + it)
            .run();
    assertThat(selected.isDone()).isFalse();
    Task<Void> sent = rendezvous.sender().send("b");
    assertThat(selected.join()).isEqualTo("received b");
    assertThat(sent.isDone()).isTrue();
    assertThat(rendezvous.receiver().tryReceive()).isNull();
  }

  @Test
  void twoSelectsMeetInARendezvous() {
    Mpsc<String> rendezvous = Mpsc.rendezvous();
    Task<String> sends =
        Select.<String>fair().on(rendezvous.sender().onSend("a"), it -> "sent").run();
    Task<String> receives =
        Select.<String>fair().on(rendezvous.receiver().onReceive(), it -> it).run();
    assertThat(receives.join()).isEqualTo("a");
    assertThat(sends.join()).isEqualTo("sent");
  }

  // ---- failures

  @Test
  void whatOneFailsWithTheSelectFailsWith() {
    IOException broken = new IOException("broken");
    Task<String> selected =
        receive(Select.biased()).on(() -> CompletableFuture.failedFuture(broken), it -> "x").run();
    assertThatThrownBy(selected::join).hasCause(broken);
    assertThatThrownBy(
            () ->
                Select.biased()
                    .on(
                        () -> {
                          throw new IllegalArgumentException("no call");
                        },
                        it -> it)
                    .run()
                    .join())
        .hasCauseInstanceOf(IllegalArgumentException.class);
    one.sender().trySend("a");
    assertThat(one.receiver().tryReceive()).isEqualTo("a");
  }

  @Test
  void aHandlerMayThrow() {
    one.sender().trySend("a");
    Task<Object> atOnce =
        Select.biased()
            .on(
                one.receiver().onReceive(),
                it -> {
                  throw new IOException(it);
                })
            .run();
    assertThatThrownBy(atOnce::join)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("a");
    Task<Object> later =
        Select.biased()
            .on(
                one.receiver().onReceive(),
                it -> {
                  throw new IOException(it);
                })
            .run();
    one.sender().trySend("b");
    assertThatThrownBy(later::join).hasCauseInstanceOf(IOException.class).hasMessageContaining("b");
  }

  @Test
  void aReceiverThatIsClosedFailsTheSend() {
    one.sender().trySend("full");
    Task<String> selected =
        Select.<String>biased().on(one.sender().onSend("x"), it -> "sent").run();
    one.receiver().close();
    assertThatThrownBy(selected::join).hasCauseInstanceOf(ChannelClosedException.class);
  }

  @Test
  void isRunOnceAndNotWithoutBranches() {
    assertThatThrownBy(() -> Select.fair().run()).isInstanceOf(IllegalStateException.class);
    Select<String> select = Select.<String>fair().orElse(() -> "x");
    select.run();
    assertThatThrownBy(select::run).isInstanceOf(IllegalStateException.class);
  }

  // ---- what becomes of the others

  @Test
  void anOperationThatLosesIsStopped() {
    Held read = new Held();
    Task<String> selected = receive(Select.biased()).on(() -> read, it -> "read " + it).run();
    one.sender().trySend("a");
    assertThat(selected).succeedsWithin(MINUTE).isEqualTo("one a");
    assertThat(read.isCancelled()).isTrue();
  }

  @Test
  void whatAnOperationHasBroughtTooLateIsGivenBack() {
    Held read = new Held();
    read.onStop = () -> read.complete("bytes");
    Task<String> selected = receive(Select.biased()).on(() -> read, it -> "read " + it).run();
    one.sender().trySend("a");
    assertThat(selected).succeedsWithin(MINUTE).isEqualTo("one a");
    assertThat(read.returned).containsExactly("bytes");
  }

  @Test
  void whatWasUnderWayIsCancelledAlsoIfItWasNotLookedAt() {
    Held read = new Held();
    one.sender().trySend("a");
    assertThat(receive(Select.biased()).on(read, it -> it).run())
        .succeedsWithin(MINUTE)
        .isEqualTo("one a");
    assertThat(read.isCancelled()).isTrue();
  }

  @Test
  void plainFuturesAreLetGoOf() {
    CompletableFuture<String> plain = new CompletableFuture<>();
    Task<String> selected = receive(Select.biased()).on(plain, it -> it).run();
    one.sender().trySend("a");
    assertThat(selected).succeedsWithin(MINUTE).isEqualTo("one a");
    assertThat(plain.isDone()).isFalse();
    assertThat(plain.getNumberOfDependents()).isLessThan(2);
  }

  @Test
  void endsWhenACallThatHasLostHasRunToItsEnd() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      Task<String> never = new Task<>();
      Task<String> cleanUp = new Task<>();
      CountDownLatch cleaning = new CountDownLatch(1);
      CountDownLatch waiting = new CountDownLatch(1);
      Task<String> selected =
          executor.spawn(
              () -> {
                Task<String> run =
                    receive(Select.biased())
                        .on(
                            () -> {
                              HandWritten<String> call =
                                  new HandWritten<>(
                                      executor,
                                      (self, state, awaited) -> {
                                        if (state == 0) {
                                          return self.await(never, 1);
                                        }
                                        if (state == 1) {
                                          assertThatThrownBy(() -> Await.take(awaited))
                                              .isInstanceOf(TaskCancelledException.class);
                                          cleaning.countDown();
                                          return self.await(cleanUp, 2);
                                        }
                                        return Async.done("cleaned");
                                      });
                              call.run();
                              return call;
                            },
                            it -> it)
                        .run();
                waiting.countDown();
                return run;
              });
      assertThat(waiting.await(1, TimeUnit.MINUTES)).isTrue();
      one.sender().trySend("a");
      assertThat(cleaning.await(1, TimeUnit.MINUTES)).isTrue();
      assertThat(selected.isDone()).isFalse();
      cleanUp.complete("done");
      assertThat(selected.get(1, TimeUnit.MINUTES)).isEqualTo("one a");
      assertThat(never.isDone()).isFalse();
    }
  }

  @Test
  void aSpawnedTaskGoesOn() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      CompletableFuture<String> news = new CompletableFuture<>();
      Task<String> spawned = executor.spawn(() -> news);
      Task<String> selected = receive(Select.biased()).on(spawned, it -> it).run();
      one.sender().trySend("a");
      assertThat(selected.get(1, TimeUnit.MINUTES)).isEqualTo("one a");
      news.complete("b");
      assertThat(spawned.get(1, TimeUnit.MINUTES)).isEqualTo("b");
    }
  }

  // ---- cancelling it

  @Test
  void cancellingItCancelsAll() throws Exception {
    Held read = new Held();
    Task<String> selected = receive(Select.biased()).on(() -> read, it -> it).run();
    selected.cancel(true);
    assertThat(selected.awaitFinished(Duration.ofMinutes(1))).isTrue();
    assertThat(read.isCancelled()).isTrue();
    assertThatThrownBy(selected::join).isInstanceOf(CancellationException.class);
    one.sender().trySend("a");
    assertThat(one.receiver().tryReceive()).isEqualTo("a");
  }

  @Test
  void aLimitOfTimeCancelsAll() {
    Task<String> limited = Async.timeout(Duration.ofMillis(1), receive(Select.biased()).run());
    assertThatThrownBy(() -> limited.get(1, TimeUnit.MINUTES))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    other.sender().trySend("b");
    assertThat(other.receiver().tryReceive()).isEqualTo("b");
  }

  // ---- halted with its executor

  /** Ends only when it is told to, whoever asks it to stop. */
  private static final class Stubborn extends Task<String> {
    @Override
    protected boolean stop() {
      return true;
    }
  }

  @Test
  void whatHasComeFirstIsGivenBackIfItIsHaltedBeforeTheOthersHaveEnded() throws Exception {
    AsyncSemaphore permits = new AsyncSemaphore(1);
    Stubborn loser = new Stubborn();
    AtomicBoolean handled = new AtomicBoolean();
    WorkStealingExecutor executor = selecting(loser, permits, handled);
    halt(executor);
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    loser.complete("late");
    assertThat(handled).isFalse();
    assertThat(permits.availablePermits()).isOne();
  }

  @Test
  void whatHasComeFirstIsGivenBackIfItIsHaltedAfterTheOthersHaveEnded() throws Exception {
    AsyncSemaphore permits = new AsyncSemaphore(1);
    Stubborn loser = new Stubborn();
    AtomicBoolean handled = new AtomicBoolean();
    WorkStealingExecutor executor = selecting(loser, permits, handled);
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch halted = new CountDownLatch(1);
    executor.execute(
        () -> {
          busy.countDown();
          while (halted.getCount() > 0) { // no interrupt ends this
            Thread.onSpinWait();
          }
        });
    assertThat(busy.await(1, TimeUnit.MINUTES)).isTrue();
    loser.complete("late"); // the select is queued behind that
    halt(executor);
    halted.countDown();
    assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    assertThat(handled).isFalse();
    assertThat(permits.availablePermits()).isOne();
  }

  private static void halt(WorkStealingExecutor executor) {
    assertThatThrownBy(() -> executor.close(Duration.ofMillis(10)))
        .isInstanceOf(TimeoutException.class);
  }

  /** An executor of one worker with a select in which the permit has come first. */
  private static WorkStealingExecutor selecting(
      Task<String> loser, AsyncSemaphore permits, AtomicBoolean handled) throws Exception {
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).onUnheardFailure((task, error) -> {}).build();
    CountDownLatch waits = new CountDownLatch(1);
    executor.spawn(
        () -> {
          Task<String> run =
              Select.<String>biased()
                  .on(() -> loser, it -> it)
                  .on(
                      permits.onAcquire(),
                      permit -> {
                        handled.set(true);
                        return "permit";
                      })
                  .run();
          waits.countDown();
          return run;
        });
    assertThat(waits.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(permits.availablePermits()).isZero();
    return executor;
  }

  /** Of a shared, complete task, which does not know that it has given its permit back. */
  @Test
  void aPermitThatLosesComesBackOnce() {
    AsyncSemaphore permits = new AsyncSemaphore(2);
    for (int i = 0; i < 10; i++) {
      assertThat(
              Select.<String>biased()
                  .on(Async.done(), nothing -> "done")
                  .on(permits.acquire(), permit -> "permit")
                  .run()
                  .join())
          .isEqualTo("done");
      assertThat(permits.availablePermits()).isEqualTo(2);
    }
    AsyncMutex mutex = new AsyncMutex();
    Select.<String>biased().on(Async.done(), it -> "").on(mutex.lock(), it -> "").run().join();
    assertThat(mutex.isLocked()).isFalse();
  }

  /** What a canceller has yet to give back comes before what is asked for next. */
  @Test
  void endsNoSoonerThanItsCancellerHasLetGo() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Task<String> operation =
        new Task<>() {
          @Override
          protected boolean stop() {
            asked.countDown();
            await(goOn);
            return true;
          }
        };
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      Task<String> method =
          executor.spawn(() -> Select.<String>fair().on(operation, it -> it).run());
      executor.spawn(Async::done).get(1, TimeUnit.MINUTES); // it waits now
      Thread canceller = new Thread(() -> method.cancel(false));
      canceller.start();
      await(asked);
      operation.complete("late");
      executor.spawn(Async::done).get(1, TimeUnit.MINUTES); // who was woken has run
      assertThat(method.isFinished()).isFalse();
      goOn.countDown();
      method.finished().get(1, TimeUnit.MINUTES);
      canceller.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}

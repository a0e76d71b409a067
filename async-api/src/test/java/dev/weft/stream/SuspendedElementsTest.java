package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.Async;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Awaiter;
import dev.weft.frame.HandWritten;
import dev.weft.frame.ManualExecutor;
import dev.weft.handoff.Held;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Elements that have to be waited for, behind operators: simply awaited they cost no allocation,
 * and whatever else is done with {@code next}, none is lost and all come in their order.
 */
class SuspendedElementsTest {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 100);
  private static final int WARM_UP = 50_000;
  private static final int COUNT = 200_000;

  private static WorkStealingExecutor executor(long seed) {
    return WorkStealingExecutor.builder()
        .noDriver()
        .deterministic(seed)
        .clock(new VirtualClock())
        .onUnheardFailure((task, error) -> {})
        .build();
  }

  /** Waits for something, and then has an element. */
  private static final class Waits extends Intake {
    private final CompletableFuture<?> awaited;
    private boolean waited;

    Waits(CompletableFuture<?> awaited) {
      this.awaited = awaited;
    }

    @Override
    @Nullable Object poll() {
      waited = !waited;
      return waited ? WAIT : (Object) 1;
    }

    @Override
    CompletableFuture<?> awaited() {
      return awaited;
    }

    @Override
    Task<@Nullable Void> close() {
      return READY;
    }
  }

  private static long allocated() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  @Test
  void awaitedOneByOneTheyCostNone() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().noDriver().workers(1).build()) {
      AsyncStream<Integer> stream =
          new Pipeline<Integer>(new Waits(Await.YIELD)).map(n -> n).filter(n -> n == 1);
      int[] count = {0};
      long[] before = {0};
      double bytes =
          executor.blockOn(
              () ->
                  new HandWritten<Double>(
                          (frame, state, awaited) -> {
                            CompletableFuture<?> next = awaited;
                            while (true) {
                              if (next != null && Await.take(next) == null) {
                                throw new AssertionError("it has no end");
                              }
                              if (count[0]++ == WARM_UP) {
                                before[0] = allocated();
                              }
                              if (count[0] == WARM_UP + COUNT) {
                                return Async.done((allocated() - before[0]) / (double) COUNT);
                              }
                              next = stream.next();
                              if (!Await.isReady(next)) {
                                return frame.await(next, 1);
                              }
                            }
                          })
                      .call());
      assertThat(bytes).isLessThan(0.1); // what belongs to the JVM's own
    }
  }

  /**
   * Reads a stream to its end, and does something else with each of its nexts. Now and then it adds
   * an operator, which what comes from then on has to pass, whenever that was asked for first.
   */
  private static final class Reader {
    private static final int ADDS = 1_000;

    final WorkStealingExecutor executor;
    final Random random;
    AsyncStream<Integer> stream;
    int added;
    final List<Integer> seen = new ArrayList<>();
    int asked;
    int givenUp;

    Reader(WorkStealingExecutor executor, long seed) {
      this.executor = executor;
      this.random = new Random(seed);
      this.stream = new Source(40, seed).map(n -> n).filter(n -> n % 7 != 3).map(n -> n);
    }

    /** What the consumer awaits: it ends as next does, or with a failure that was asked for. */
    private CompletableFuture<?> ask() {
      if (random.nextInt(8) == 0) {
        stream = stream.map(n -> n + ADDS);
        added += ADDS;
      }
      Duration soon = Duration.ofMillis(random.nextInt(3));
      int which = random.nextInt(8);
      if (which == 5) {
        Task<Integer> child = executor.spawn(stream::next);
        executor.sleep(soon).thenRun(() -> child.cancel(true));
        return child;
      }
      Task<Integer> next = stream.next();
      int number = ++asked;
      switch (which) {
        case 0 ->
            executor
                .sleep(soon)
                .thenRun(
                    () -> {
                      if (number == asked) { // else it is perhaps the task of another element
                        next.cancel(true);
                      }
                    });
        case 1 -> next.cancel(true);
        case 2 -> {
          return Async.timeout(soon, next);
        }
        case 3 -> {
          return next.thenApply(n -> n);
        }
        case 4 -> {
          return Async.shield(next);
        }
        default -> {}
      }
      return next;
    }

    Object run(HandWritten<List<Integer>> frame, int state, @Nullable CompletableFuture<?> first) {
      CompletableFuture<?> next = first;
      while (true) {
        if (next != null) {
          try {
            Integer element = (Integer) Await.take(next);
            if (element == null) {
              return Async.done(seen);
            }
            seen.add(element - added);
          } catch (Throwable error) { // what is thrown need not be declared
            assertThat(error).isInstanceOfAny(CancellationException.class, TimeoutException.class);
            givenUp++;
          }
        }
        next = ask();
        if (!Await.isReady(next)) {
          return frame.await(next, 1);
        }
      }
    }
  }

  @Test
  void noneIsLostAndAllAreInOrder() throws Exception {
    List<Integer> expected = new ArrayList<>();
    for (int n = 0; n < 40; n++) {
      if (n % 7 != 3) {
        expected.add(n);
      }
    }
    int givenUp = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try (WorkStealingExecutor executor = executor(seed)) {
        Reader reader = new Reader(executor, seed);
        List<Integer> seen =
            executor.blockOn(() -> new HandWritten<List<Integer>>(reader::run).call());
        assertThat(seen).as("seed " + seed).isEqualTo(expected);
        givenUp += reader.givenUp;
      }
    }
    assertThat(givenUp).isPositive();
  }

  /** It is given back when there is one operator more, which it has yet to pass. */
  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatIsGivenBackPassesAnOperatorThatWasAddedMeanwhile() {
    AsyncStream<Integer> ready = AsyncStream.of(1, 2).map(n -> n + 10);
    Task<Integer> first = ready.next();
    AsyncStream<Integer> more = ready.map(n -> n + 100);
    Held.abandoned(first);
    assertThat(more.next().join()).isEqualTo(111);
    assertThat(more.next().join()).isEqualTo(112);

    AsyncStream<Integer> three = AsyncStream.of(1, 2, 3).map(n -> n + 10);
    Task<Integer> one = three.next();
    AsyncStream<Integer> none = three.take(0);
    Held.abandoned(one);
    assertThat(none.next().join()).isNull();
    assertThat(none.next().join()).isNull();

    CompletableFuture<Void> awaited = new CompletableFuture<>();
    AsyncStream<Integer> waiting = waitingFor(awaited);
    Task<Integer> asked = waiting.next(); // goes on on the shared executor
    HandWritten<Integer> halted =
        HandWritten.awaiting(new ManualExecutor(), asked); // which never does
    awaited.complete(null);
    while (!asked.isFinished()) { // a join would have the element
      Thread.onSpinWait();
    }
    AsyncStream<Integer> later = waiting.map(n -> n + 100);
    halted.drop("halted");
    assertThat(later.next().join()).isEqualTo(101);
  }

  // ---- misuse, and what looks like it

  private static AsyncStream<Integer> waitingFor(CompletableFuture<?> awaited) {
    return new Pipeline<Integer>(new Waits(awaited)).map(n -> n);
  }

  @Test
  void aSecondNextIsRefusedAndTheFirstStillComes() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      int got =
          executor.blockOn(
              () -> {
                CompletableFuture<Void> ready = new CompletableFuture<>();
                AsyncStream<Integer> stream = waitingFor(ready);
                Task<Integer> first = stream.next();
                Task<Integer> second = stream.next();
                assertThat(second.isFinished()).isTrue();
                assertThat(second.handle((n, error) -> error).join())
                    .isInstanceOf(IllegalStateException.class);
                ready.complete(null);
                return first;
              });
      assertThat(got).isEqualTo(1);
    }
  }

  /** It is a plain task then, and a later one is another. */
  @Test
  void oneThatIsKeptAndLookedAtLaterHasItsElement() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      executor.blockOn(
          () -> {
            AsyncStream<Integer> stream = waitingFor(Await.YIELD);
            Task<Integer> first = stream.next();
            CompletableFuture<Void> all = CompletableFuture.allOf(first);
            return executor
                .sleep(Duration.ofMillis(5))
                .thenCompose(
                    slept -> {
                      assertThat(first.isFinished()).isTrue();
                      assertThat(all.isDone()).isTrue();
                      Task<Integer> second = stream.next();
                      assertThat(second).isNotSameAs(first);
                      assertThat(first.join()).isEqualTo(1);
                      return second.thenAccept(n -> assertThat(n).isEqualTo(1));
                    });
          });
    }
  }

  /** Its outcome is there at once; who awaits it goes on when the stream may be asked again. */
  @Test
  void whoAwaitsACancelledOneMayAskAgain() throws Exception {
    for (long seed = 0; seed < SEEDS; seed++) {
      try (WorkStealingExecutor executor = executor(seed)) {
        AsyncStream<Integer> stream = waitingFor(executor.sleep(Duration.ofMillis(5)));
        int got =
            executor.blockOn(
                () ->
                    new HandWritten<Integer>(
                            (frame, state, awaited) -> {
                              if (state == 0) {
                                Task<Integer> next = stream.next();
                                next.cancel(true);
                                assertThat(next.isCancelled()).isTrue();
                                return frame.await(next, 1);
                              }
                              if (state == 1) {
                                assertThat(awaited.isCancelled()).isTrue();
                                return frame.await(stream.next(), 2);
                              }
                              return Async.done((Integer) Await.take(awaited));
                            })
                        .call());
        assertThat(got).as("seed " + seed).isEqualTo(1);
      }
    }
  }

  @Test
  void oneThatIsAwaitedFailsWhenTheStreamIsClosed() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      executor.blockOn(
          () -> {
            AsyncStream<Integer> stream = waitingFor(executor.sleep(Duration.ofHours(1)));
            Task<Integer> child =
                executor.spawn(() -> HandWritten.awaiting(executor, stream.next()));
            return executor
                .sleep(Duration.ofMillis(1))
                .thenCompose(slept -> stream.closeAsync())
                .thenCompose(closed -> child.handle((n, error) -> error))
                .thenAccept(error -> assertThat(error).isInstanceOf(CancellationException.class));
          });
    }
  }

  /** Its call is nobody's, as that of an async method is: the executor cancels it when it ends. */
  @Test
  void oneThatIsKeptEndsWithItsExecutor() throws Exception {
    for (int waits = 1; waits <= 2; waits++) { // at the first wait, and when the call is used again
      List<String> log = new ArrayList<>();
      int last = waits;
      Task<?> kept;
      try (WorkStealingExecutor executor =
          WorkStealingExecutor.builder().noDriver().workers(1).build()) {
        CompletableFuture<Integer> never = new CompletableFuture<>();
        int[] asked = {0};
        AsyncStream<Integer> stream =
            AsyncStream.generate(
                    () ->
                        ++asked[0] < last
                            ? HandWritten.awaiting(executor, executor.sleep(Duration.ofMillis(1)))
                                .thenApply(slept -> 1)
                            : new HandWritten<Integer>(
                                    (frame, state, awaited) -> {
                                      if (state == 0) {
                                        return frame.await(never, 1);
                                      }
                                      log.add("clean-up");
                                      return Async.done((Integer) Await.take(awaited));
                                    })
                                .call())
                .map(n -> n);
        kept =
            executor
                .spawn(
                    () ->
                        new HandWritten<List<Task<?>>>(
                                (frame, state, awaited) -> {
                                  if (awaited != null) {
                                    Await.take(awaited);
                                  }
                                  return state + 1 == last
                                      ? Async.done(List.of(stream.next()))
                                      : frame.await(stream.next(), state + 1);
                                })
                            .call())
                .join()
                .get(0);
        assertThat(kept.isFinished()).isFalse();
      }
      assertThat(kept.isFinished()).as("after " + waits).isTrue();
      assertThat(kept.isCancelled()).isTrue();
      assertThat(log).containsExactly("clean-up");
    }
  }

  /** Cancels who awaits a task, as late as can be. */
  private static final class Late extends Task<Void> {
    static boolean cancels(Awaiter awaiter, Task<?> task) {
      return askToStop(task, awaiter);
    }
  }

  /** The task may be that of another element by then, for which another one waits. */
  @Test
  void whoWasCancelledTooLateDoesNotEndTheWaitOfTheNextOne() throws Exception {
    try (WorkStealingExecutor executor = executor(1)) {
      AsyncStream<Integer> stream =
          AsyncStream.generate(() -> executor.sleep(Duration.ofMillis(5)).thenApply(slept -> 1));
      List<Task<Integer>> asked = new ArrayList<>();
      int got =
          executor.blockOn(
              () -> {
                Task<Integer> first = stream.next();
                HandWritten<Integer> cancelled = HandWritten.awaiting(executor, first);
                return new HandWritten<Integer>(
                        (frame, state, awaited) -> {
                          if (state == 0) {
                            return frame.await(cancelled, 1);
                          }
                          if (state == 1) {
                            Await.take(awaited);
                            asked.add(stream.next());
                            assertThat(asked.get(0)).isSameAs(first);
                            executor
                                .spawn(() -> Async.done(Late.cancels(cancelled, first)))
                                .thenAccept(stopped -> assertThat(stopped).isFalse());
                            return frame.await(first, 2);
                          }
                          return Async.done((Integer) Await.take(awaited));
                        })
                    .call();
              });
      assertThat(got).isEqualTo(1);
    }
  }
}

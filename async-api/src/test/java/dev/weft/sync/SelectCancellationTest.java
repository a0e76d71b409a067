package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.HandWritten;
import dev.weft.handoff.Held;
import dev.weft.select.Select;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * A method that selects again and again, from channels, locks, timers, calls, operations, spawned
 * tasks and plain futures, is cancelled at its k-th await, for every k. Afterwards no message,
 * permit, byte or lock is lost, leaked or held, and what has lost has ended.
 */
class SelectCancellationTest {
  private static final int SELECTS = 12;

  @Test
  void aFairOne() {
    SyncSeedsTest.forEverySeed(executor -> new Selecting(executor, Select::fair));
  }

  @Test
  void aBiasedOne() {
    SyncSeedsTest.forEverySeed(executor -> new Selecting(executor, Select::biased));
  }

  private static final class Selecting implements SyncSeedsTest.Scenario {
    private final WorkStealingExecutor executor;
    private final Supplier<Select<Runnable>> kind;
    private final Mpsc<Integer> in = Mpsc.bounded(1);
    private final Mpsc<Integer> out = Mpsc.bounded(1);
    private final AsyncMutex mutex = new AsyncMutex();
    private final AsyncSemaphore semaphore = new AsyncSemaphore(2);
    private final SyncSeedsTest.Room room = new SyncSeedsTest.Room(1);
    private final SyncSeedsTest.Room permits = new SyncSeedsTest.Room(2);
    private final List<Integer> sentIn = new ArrayList<>();
    private final List<Integer> gotIn = new ArrayList<>();
    private final List<Integer> sentOut = new ArrayList<>();
    private final List<Integer> gotOut = new ArrayList<>();
    private final List<Held> reads = new ArrayList<>();
    private final List<CompletableFuture<String>> others = new ArrayList<>();
    private final List<String> bytes = new ArrayList<>();
    private CompletableFuture<Void> victim;
    private int written;
    private int next;
    private int calls;

    Selecting(WorkStealingExecutor executor, Supplier<Select<Runnable>> kind) {
      this.executor = executor;
      this.kind = kind;
    }

    @Override
    public CompletionStage<Void> body(int task, Random random, Awaits awaits) {
      return switch (task) {
        case 0 ->
            victim =
                Steps.doing(executor, () -> select(random), SyncSeedsTest.times(SELECTS), awaits);
        case 1 -> Steps.eachTime(executor, () -> pause(random), () -> feed(random), more(), awaits);
        case 2 ->
            Steps.eachTime(
                executor,
                () -> pause(random),
                () -> {
                  Integer message = out.receiver().tryReceive();
                  if (message != null) {
                    gotOut.add(message);
                  }
                },
                more(),
                awaits);
        case 3 ->
            Steps.using(
                executor,
                mutex::lock,
                SELECTS,
                random,
                () -> room.enter(1),
                () -> room.leave(1),
                awaits);
        default ->
            Steps.using(
                executor,
                () -> semaphore.acquire(2),
                SELECTS,
                random,
                () -> permits.enter(2),
                () -> permits.leave(2),
                awaits);
      };
    }

    private BooleanSupplier more() {
      return () -> victim == null || !((Task<?>) victim).isFinished();
    }

    private Task<Void> pause(Random random) {
      return random.nextBoolean() ? Async.yieldNow() : executor.sleep(Duration.ofMillis(1));
    }

    /** What the branches wait for. */
    private void feed(Random random) {
      int message = sentIn.size();
      if (random.nextBoolean() && in.sender().trySend(message)) {
        sentIn.add(message);
      }
      for (Held read : reads) {
        if (random.nextInt(4) == 0 && read.complete("byte")) {
          written++;
        }
      }
      for (CompletableFuture<String> other : others) {
        if (!(other instanceof Task) && random.nextInt(4) == 0) {
          other.complete("other");
        }
      }
    }

    private CompletableFuture<Runnable> select(Random random) {
      checkThatLosersHaveEnded();
      Select<Runnable> select = kind.get();
      int message = next++;
      int which = 1 + random.nextInt(255);
      if ((which & 1) != 0) {
        select.on(in.receiver().onReceive(), it -> () -> gotIn.add(it));
      }
      if ((which & 2) != 0) {
        select.on(out.sender().onSend(message), done -> () -> sentOut.add(message));
      }
      if ((which & 4) != 0) {
        select.on(mutex.onLock(), held -> () -> inside(room, held));
      }
      if ((which & 8) != 0) {
        select.on(semaphore.onAcquire(), permit -> () -> inside(permits, permit));
      }
      if ((which & 16) != 0) {
        int steps = random.nextInt(4);
        select.on(() -> call(steps), it -> () -> {});
      }
      if ((which & 32) != 0) {
        select.on(this::read, it -> () -> bytes.add(it));
      }
      if ((which & 64) != 0) {
        CompletableFuture<String> plain = new CompletableFuture<>();
        others.add(plain);
        select.on(plain, it -> () -> {});
      }
      if ((which & 128) != 0) {
        int steps = 1 + random.nextInt(3);
        Task<String> spawned = executor.spawn(() -> later(steps));
        others.add(spawned);
        select.on(spawned, it -> () -> {});
      }
      return select
          .on(() -> mutex.lock(), held -> () -> inside(room, held))
          .after(Duration.ofMillis(1 + random.nextInt(3)), () -> () -> {})
          .run();
    }

    private Held read() {
      Held read = new Held();
      reads.add(read);
      return read;
    }

    private void inside(SyncSeedsTest.Room entered, AutoCloseable held) {
      entered.enter(1);
      entered.leave(1);
      try {
        held.close();
      } catch (Exception never) {
        throw new AssertionError(never);
      }
    }

    /** Sleeps some times, and counts as running until it has cleaned up, which awaits as well. */
    private CompletableFuture<String> call(int steps) {
      int[] left = {steps};
      calls++;
      HandWritten<String> call =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state == 2) {
                  calls--;
                  Await.take(awaited);
                  throw new IllegalStateException("it was cancelled, and has cleaned up");
                }
                if (state == 1) {
                  try {
                    Await.take(awaited);
                  } catch (Throwable cancelled) {
                    return self.await(Async.yieldNow(), 2);
                  }
                }
                if (left[0]-- == 0) {
                  calls--;
                  return Async.done("called");
                }
                return self.await(executor.sleep(Duration.ofMillis(1)), 1);
              });
      call.run();
      return call;
    }

    private CompletionStage<String> later(int steps) {
      return Steps.eachTime(
              executor,
              () -> executor.sleep(Duration.ofMillis(1)),
              () -> {},
              SyncSeedsTest.times(steps),
              new Awaits(0))
          .thenApply(done -> "spawned");
    }

    private void checkThatLosersHaveEnded() {
      assertThat(calls).as("calls that run").isZero();
      assertThat(reads).allMatch(Task::isFinished);
    }

    @Override
    public void after() {
      others.stream().filter(it -> it instanceof Task).forEach(CompletableFuture::join);
      checkThatLosersHaveEnded();
      assertThat(others).noneMatch(CompletableFuture::isCancelled);
      for (Integer message; (message = in.receiver().tryReceive()) != null; ) {
        gotIn.add(message);
      }
      for (Integer message; (message = out.receiver().tryReceive()) != null; ) {
        gotOut.add(message);
      }
      assertThat(gotIn).isEqualTo(sentIn);
      assertThat(gotOut).isEqualTo(sentOut);
      int returned = reads.stream().mapToInt(it -> it.returned.size()).sum();
      assertThat(bytes.size() + returned).as("bytes").isEqualTo(written);
      assertThat(room.inside + permits.inside).isZero();
      assertThat(semaphore.tryAcquire(2)).isNotNull();
      assertThat(mutex.tryLock()).isNotNull();
    }
  }
}

package dev.weft.perf.sync;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.perf.scheduler.Contenders;
import dev.weft.sync.AsyncBarrier;
import dev.weft.sync.AsyncCondition;
import dev.weft.sync.AsyncMutex;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does it cost to meet others, over and over?
 *
 * <p>{@code barrier}: eight tasks on two threads meet at one; an operation is one that arrives.
 * {@code condition}: two tasks take turns, each of which waits until the other has signalled; an
 * operation is one turn.
 *
 * <p><b>What would change the answer:</b> work between two meetings; more processors.
 *
 * <p><b>What it does not show:</b> how long the first to arrive waits for the last.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {
      "-Djdk.virtualThreadScheduler.parallelism=2",
      "-Djdk.virtualThreadScheduler.maxPoolSize=2"
    })
@State(Scope.Benchmark)
@SuppressWarnings("try") // held for a block
public class Meeting {
  static final int TASKS = 8;
  static final int PAIR = 2;
  static final int TURNS = 5_000;

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();

  /** Whose turn it is: guarded by the lock of each benchmark. */
  private int turn;

  /** Ends the executor. */
  @TearDown(Level.Trial)
  public void close() {
    executor.close();
  }

  private interface Body {
    CompletableFuture<@Nullable Void> call(int number);
  }

  private void weft(int tasks, Body body) throws Exception {
    List<Task<@Nullable Void>> started = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      int number = i;
      started.add(executor.spawn(() -> body.call(number)));
    }
    for (Task<@Nullable Void> task : started) {
      task.get();
    }
  }

  private CompletableFuture<@Nullable Void> meet(AsyncBarrier barrier) {
    for (int i = 0; i < TURNS; i++) {
      await(barrier.arrive());
    }
    return done();
  }

  private CompletableFuture<@Nullable Void> takeTurns(
      AsyncMutex mutex, AsyncCondition changed, int number) {
    for (int i = 0; i < TURNS; i++) {
      try (var held = await(mutex.lock())) {
        while (turn != number) {
          await(changed.signalled());
        }
        turn = 1 - number;
        changed.signal();
      }
    }
    return done();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void weftBarrier() throws Exception {
    AsyncBarrier barrier = new AsyncBarrier(TASKS);
    weft(TASKS, number -> meet(barrier));
  }

  @Benchmark
  @OperationsPerInvocation(PAIR * TURNS)
  public void weftCondition() throws Exception {
    AsyncMutex mutex = new AsyncMutex();
    AsyncCondition changed = mutex.newCondition();
    weft(PAIR, number -> takeTurns(mutex, changed, number));
  }

  // ---- the JDK

  private interface Blocking {
    void run(int number) throws InterruptedException, BrokenBarrierException;
  }

  private static void virtual(int threads, Blocking body) throws Exception {
    List<Thread> started = new ArrayList<>();
    CompletableFuture<@Nullable Void> failed = new CompletableFuture<>();
    for (int i = 0; i < threads; i++) {
      int number = i;
      started.add(
          Contenders.startVirtual(
              () -> {
                try {
                  body.run(number);
                } catch (Throwable e) {
                  failed.completeExceptionally(e);
                }
              }));
    }
    for (Thread thread : started) {
      thread.join();
    }
    failed.getNow(null);
  }

  private static void meet(CyclicBarrier barrier)
      throws InterruptedException, BrokenBarrierException {
    for (int i = 0; i < TURNS; i++) {
      barrier.await();
    }
  }

  private void takeTurns(ReentrantLock lock, Condition changed, int number)
      throws InterruptedException {
    for (int i = 0; i < TURNS; i++) {
      lock.lock();
      try {
        while (turn != number) {
          changed.await();
        }
        turn = 1 - number;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void virtualThreadBarrier() throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(TASKS);
    virtual(TASKS, number -> meet(barrier));
  }

  @Benchmark
  @OperationsPerInvocation(PAIR * TURNS)
  public void virtualThreadCondition() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    Condition changed = lock.newCondition();
    virtual(PAIR, number -> takeTurns(lock, changed, number));
  }
}

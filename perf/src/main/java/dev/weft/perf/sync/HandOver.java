package dev.weft.perf.sync;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.Async.yieldNow;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncSemaphore;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does a turn cost when eight tasks on two threads want one lock over and
 * over?
 *
 * <p>One operation is one turn of one of them: lock, count, unlock. With {@code held} at {@code
 * overYield} it lets others run while it has the lock, as code does that awaits something; so all
 * others have come to wait, and each turn is a hand-over. With {@code briefly} it does not.
 *
 * <p><b>What would change the answer:</b> more work per turn; more processors. Weft's locks are
 * handed over in order. So are the JDK's if they are made fair; if not, who runs may take one from
 * those who wait, and {@code briefly} it then mostly has it again before anybody has woken up.
 *
 * <p><b>What it does not show:</b> how long one waits.
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
@SuppressWarnings({"try", "ThreadPriorityCheck"}) // held for a block; to yield is what is measured
public class HandOver {
  static final int TASKS = 8;
  static final int TURNS = 5_000;

  /** For how long the lock is held. */
  public enum Held {
    /** While nothing else happens. */
    BRIEFLY,
    /** While others run. */
    OVER_YIELD
  }

  @Param public Held held = Held.OVER_YIELD;

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();
  private int count;

  /** Ends the executor, and sees that every turn was had alone. */
  @TearDown(Level.Trial)
  public void close() {
    executor.close();
    if (count % (TASKS * TURNS) != 0) {
      throw new IllegalStateException("a lock was held by two at a time: " + count + " turns");
    }
  }

  private interface Body {
    CompletableFuture<@Nullable Void> call();
  }

  private void weft(Body body) throws Exception {
    List<Task<@Nullable Void>> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      tasks.add(executor.spawn(body::call));
    }
    for (Task<@Nullable Void> task : tasks) {
      task.get();
    }
  }

  private CompletableFuture<@Nullable Void> mutexTurns(AsyncMutex mutex) {
    for (int i = 0; i < TURNS; i++) {
      try (var mine = await(mutex.lock())) {
        count++;
        if (held == Held.OVER_YIELD) {
          await(yieldNow());
        }
      }
    }
    return done();
  }

  private CompletableFuture<@Nullable Void> semaphoreTurns(AsyncSemaphore semaphore) {
    for (int i = 0; i < TURNS; i++) {
      try (var mine = await(semaphore.acquire())) {
        count++;
        if (held == Held.OVER_YIELD) {
          await(yieldNow());
        }
      }
    }
    return done();
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void weftMutex() throws Exception {
    AsyncMutex mutex = new AsyncMutex();
    weft(() -> mutexTurns(mutex));
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void weftSemaphore() throws Exception {
    AsyncSemaphore semaphore = new AsyncSemaphore(1);
    weft(() -> semaphoreTurns(semaphore));
  }

  private static void virtual(Runnable body) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      threads.add(startVirtual(body));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** {@code Thread.startVirtualThread}, by method handle, as this is compiled for Java 17. */
  private static Thread startVirtual(Runnable body) {
    try {
      return (Thread)
          MethodHandles.publicLookup()
              .findStatic(
                  Thread.class,
                  "startVirtualThread",
                  MethodType.methodType(Thread.class, Runnable.class))
              .invokeExact(body);
    } catch (Throwable e) {
      throw new IllegalStateException("a virtual thread could not be started", e);
    }
  }

  private void lockTurns(ReentrantLock lock) {
    for (int i = 0; i < TURNS; i++) {
      lock.lock();
      try {
        count++;
        if (held == Held.OVER_YIELD) {
          Thread.yield();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private void semaphoreTurns(Semaphore semaphore) {
    for (int i = 0; i < TURNS; i++) {
      semaphore.acquireUninterruptibly();
      try {
        count++;
        if (held == Held.OVER_YIELD) {
          Thread.yield();
        }
      } finally {
        semaphore.release();
      }
    }
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void virtualThreadLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock();
    virtual(() -> lockTurns(lock));
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void virtualThreadFairLock() throws InterruptedException {
    ReentrantLock lock = new ReentrantLock(true);
    virtual(() -> lockTurns(lock));
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void virtualThreadSemaphore() throws InterruptedException {
    Semaphore semaphore = new Semaphore(1);
    virtual(() -> semaphoreTurns(semaphore));
  }

  @Benchmark
  @OperationsPerInvocation(TASKS * TURNS)
  public void virtualThreadFairSemaphore() throws InterruptedException {
    Semaphore semaphore = new Semaphore(1, true);
    virtual(() -> semaphoreTurns(semaphore));
  }
}

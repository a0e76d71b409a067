package dev.weft.perf.sync;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncRwLock;
import dev.weft.sync.AsyncSemaphore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what do a lock and an unlock cost when nobody else wants it?
 *
 * <p>One operation is a call of a method that takes it, counts, and gives it back: with Weft an
 * async method, which returns a future that was there before, so that nothing but the lock can
 * allocate.
 *
 * <p><b>What would change the answer:</b> another processor that had it last, whose cache it must
 * come from; an executor's thread, where the ready await also counts against the coop budget.
 *
 * <p><b>What it does not show:</b> waiting; see {@link HandOver}. The locks of threads are
 * reentrant and know their owner; Weft's do not.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
@SuppressWarnings("try") // what is held is only held
public class Uncontended {
  private final AsyncMutex asyncMutex = new AsyncMutex();
  private final AsyncSemaphore asyncSemaphore = new AsyncSemaphore(1);
  private final AsyncRwLock asyncRwLock = new AsyncRwLock();
  private final ReentrantLock reentrantLock = new ReentrantLock();
  private final ReentrantReadWriteLock readWriteLock = new ReentrantReadWriteLock();
  private final Semaphore semaphore = new Semaphore(1);
  private final CompletableFuture<Integer> result = Async.done(1);
  public int count; // so that no compiler leaves it out

  @Benchmark
  public CompletableFuture<Integer> asyncMutex() {
    try (var held = await(asyncMutex.lock())) {
      count++;
      return result;
    }
  }

  @Benchmark
  public CompletableFuture<Integer> asyncSemaphore() {
    try (var permit = await(asyncSemaphore.acquire())) {
      count++;
      return result;
    }
  }

  @Benchmark
  public CompletableFuture<Integer> asyncRwLockRead() {
    try (var reading = await(asyncRwLock.read())) {
      count++;
      return result;
    }
  }

  @Benchmark
  public CompletableFuture<Integer> asyncRwLockWrite() {
    try (var writing = await(asyncRwLock.write())) {
      count++;
      return result;
    }
  }

  @Benchmark
  public CompletableFuture<Integer> reentrantLock() {
    reentrantLock.lock();
    try {
      count++;
      return result;
    } finally {
      reentrantLock.unlock();
    }
  }

  @Benchmark
  public CompletableFuture<Integer> semaphore() throws InterruptedException {
    semaphore.acquire();
    try {
      count++;
      return result;
    } finally {
      semaphore.release();
    }
  }

  @Benchmark
  public CompletableFuture<Integer> readLock() {
    readWriteLock.readLock().lock();
    try {
      count++;
      return result;
    } finally {
      readWriteLock.readLock().unlock();
    }
  }

  @Benchmark
  public CompletableFuture<Integer> writeLock() {
    readWriteLock.writeLock().lock();
    try {
      count++;
      return result;
    } finally {
      readWriteLock.writeLock().unlock();
    }
  }

  @Benchmark
  public CompletableFuture<Integer> synchronizedBlock() {
    synchronized (reentrantLock) {
      count++;
      return result;
    }
  }
}

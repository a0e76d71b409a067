package dev.weft.perf.scheduler;

import dev.weft.Async;
import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does it cost to start a task from outside and to wait for it? Tokio's
 * {@code spawn_many_remote_idle}, {@code _busy1} and {@code _busy2}: the benchmark's thread starts
 * 10,000 tasks that do nothing (1,000 in busy2) and waits for each in turn.
 *
 * <ul>
 *   <li><b>idle</b>: the workers have nothing else to do;
 *   <li><b>busy1</b>: each has two tasks that burn 10 us and yield, again and again. What is new
 *       must come before what yields;
 *   <li><b>busy2</b>: each has a task that burns 10 us and starts the next such, again and again,
 *       so the local queue is never empty. What comes from outside must not starve behind it.
 * </ul>
 *
 * <p><b>What would change the answer:</b> processors. The thread outside shares two of them with
 * two workers here, and in the busy ones the workers leave it one whenever they look at the clock.
 *
 * <p>The others have no part in the busy ones. On JDK 25 the pool's workers looked at nothing else
 * while they had work of their own, and what came from outside in busy2 had not been run after five
 * minutes; nor had virtual threads in busy1 after one.
 *
 * <p><b>What it does not show:</b> the latency of one task; see busy2 of a scheduler that takes
 * from outside one task at a time.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {Contenders.CARRIERS, Contenders.NO_MORE_CARRIERS})
public class SpawnManyRemote {
  static final int TASKS = 10_000;
  static final int FEWER_TASKS = 1_000;

  /** Keeps the workers busy until the end of the trial. */
  @State(Scope.Benchmark)
  public static class Busy {
    volatile boolean goOn = true;

    boolean goesOn() {
      return goOn;
    }

    /** Lets the tasks end. */
    @TearDown
    public void stop() {
      goOn = false;
    }
  }

  /** See busy1. */
  @State(Scope.Benchmark)
  public static class WeftYields extends Busy {
    /** Starts the tasks. */
    @Setup
    public void start(Contenders.Weft weft) {
      for (int i = 0; i < 2 * Contenders.WORKERS; i++) {
        weft.executor.spawn(() -> WeftTasks.yieldsAndStalls(this::goesOn));
      }
    }
  }

  /** See busy2. */
  @State(Scope.Benchmark)
  public static class WeftSpawns extends Busy {
    /** Starts the tasks. */
    @Setup
    public void start(Contenders.Weft weft) {
      for (int i = 0; i < Contenders.WORKERS; i++) {
        weft.executor.spawn(() -> again(weft));
      }
    }

    private Task<@Nullable Void> again(Contenders.Weft weft) {
      if (goOn) {
        Stall.tenMicroseconds();
        weft.executor.spawn(() -> again(weft));
      }
      return Async.done();
    }
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void weftIdle(Contenders.Weft weft) throws Exception {
    weft(weft, TASKS);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void weftBusy1(Contenders.Weft weft, WeftYields busy) throws Exception {
    weft(weft, TASKS);
  }

  @Benchmark
  @OperationsPerInvocation(FEWER_TASKS)
  public void weftBusy2(Contenders.Weft weft, WeftSpawns busy) throws Exception {
    weft(weft, FEWER_TASKS);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void forkJoinPoolIdle(Contenders.Pool contender) throws Exception {
    pool(contender);
  }

  @Benchmark
  @OperationsPerInvocation(TASKS)
  public void virtualThreadIdle() throws Exception {
    virtualThreads();
  }

  private static void weft(Contenders.Weft weft, int count) throws Exception {
    List<Task<@Nullable Void>> tasks = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      tasks.add(weft.executor.spawn(Async::done));
    }
    weft.executor.blockOn(() -> WeftTasks.all(tasks));
  }

  private static void pool(Contenders.Pool contender) {
    List<ForkJoinTask<?>> tasks = new ArrayList<>(TASKS);
    for (int i = 0; i < TASKS; i++) {
      tasks.add(contender.pool.submit(() -> {}));
    }
    contender.pool.invoke(ForkJoinTask.adapt(() -> tasks.forEach(ForkJoinTask::join)));
  }

  private static void virtualThreads() throws InterruptedException {
    List<Thread> threads = new ArrayList<>(TASKS);
    for (int i = 0; i < TASKS; i++) {
      threads.add(Contenders.startVirtual(() -> {}));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}

package dev.weft.perf.memory;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Makes many of one kind wait. Each method returns what keeps them alive. */
final class Waiting {
  private static final Duration LONG = Duration.ofHours(1);

  private Waiting() {}

  /** What waits, and how it is got rid of. */
  record Held(Object kept, Release release) {}

  /** Returns when it has ended. */
  interface Release {
    void run() throws InterruptedException;
  }

  // ---- sleeping

  static Held weftTimer(int count) {
    WorkStealingExecutor executor = executor();
    for (int i = 0; i < count; i++) {
      Task<@Nullable Void> unused = executor.sleep(LONG);
    }
    return new Held(executor, () -> end(executor));
  }

  /** A task that sleeps: what a spawned task costs, and the sleep. */
  static Held weftSleep(int count) throws InterruptedException {
    WorkStealingExecutor executor = executor();
    AtomicInteger waiting = new AtomicInteger();
    for (int i = 0; i < count; i++) {
      Task<@Nullable Void> unused =
          executor.spawn(
              () -> {
                waiting.incrementAndGet();
                return Async.sleep(LONG);
              });
    }
    until(waiting, count);
    return new Held(executor, () -> end(executor));
  }

  static Held scheduledPoolTimer(int count) {
    ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
    for (int i = 0; i < count; i++) {
      pool.schedule(() -> {}, LONG.toSeconds(), TimeUnit.SECONDS);
    }
    return new Held(pool, () -> end(pool));
  }

  static Held virtualThreadSleep(int count) throws InterruptedException {
    return virtualThreads(
        count,
        () -> {
          try {
            Thread.sleep(LONG.toMillis());
          } catch (InterruptedException e) {
            // it is to end
          }
        });
  }

  // ---- suspended at an await; each with the future that it awaits, and the place in a list

  static Held weftSuspended(int count) {
    List<Task<Integer>> awaited = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Task<Integer> future = new Task<>();
      awaited.add(future);
      CompletableFuture<Integer> unused = plusOne(future);
    }
    return new Held(awaited, () -> {});
  }

  private static CompletableFuture<Integer> plusOne(Task<Integer> future) {
    return Async.done(await(future) + 1);
  }

  static Held thenComposeSuspended(int count) {
    List<CompletableFuture<Integer>> awaited = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      CompletableFuture<Integer> future = new CompletableFuture<>();
      awaited.add(future);
      CompletableFuture<Integer> unused =
          future.thenCompose(value -> CompletableFuture.completedFuture(value + 1));
    }
    return new Held(awaited, () -> {});
  }

  static Held virtualThreadSuspended(int count) throws InterruptedException {
    List<CompletableFuture<Integer>> awaited = new ArrayList<>(count);
    AtomicInteger next = new AtomicInteger();
    for (int i = 0; i < count; i++) {
      awaited.add(new CompletableFuture<>());
    }
    Held threads = virtualThreads(count, () -> awaited.get(next.getAndIncrement()).join());
    return new Held(
        List.of(awaited, threads.kept()),
        () -> {
          awaited.forEach(future -> future.complete(1));
          threads.release().run();
        });
  }

  // ---- how

  private static Held virtualThreads(int count, Runnable body) throws InterruptedException {
    AtomicInteger waiting = new AtomicInteger();
    List<Thread> threads = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      threads.add(
          startVirtual(
              () -> {
                waiting.incrementAndGet();
                body.run();
              }));
    }
    until(waiting, count);
    return new Held(
        threads,
        () -> {
          threads.forEach(Thread::interrupt);
          for (Thread thread : threads) {
            thread.join();
          }
        });
  }

  /** All have begun; give the last of them the moment that they need to suspend. */
  private static void until(AtomicInteger waiting, int count) throws InterruptedException {
    while (waiting.get() < count) {
      Thread.sleep(1);
    }
    Thread.sleep(100);
  }

  private static void end(ExecutorService executor) throws InterruptedException {
    executor.shutdownNow();
    if (!executor.awaitTermination(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException(executor + " does not end");
    }
  }

  private static WorkStealingExecutor executor() {
    return WorkStealingExecutor.builder().workers(2).noDriver().build();
  }

  private static Thread startVirtual(Runnable body) {
    try {
      MethodHandle start =
          MethodHandles.publicLookup()
              .findStatic(
                  Thread.class,
                  "startVirtualThread",
                  MethodType.methodType(Thread.class, Runnable.class));
      return (Thread) start.invokeExact(body);
    } catch (Throwable e) {
      throw new IllegalStateException("a virtual thread could not be started", e);
    }
  }
}

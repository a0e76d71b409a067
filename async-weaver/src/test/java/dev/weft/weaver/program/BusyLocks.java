package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.dump.Deadlock;
import dev.weft.dump.TaskDump;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncRwLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Tasks that take locks, always in the same order, and await each other, while somebody looks for
 * deadlocks: there are none, and to see one all the same it is enough to take what was true at
 * different moments for true at once.
 */
final class BusyLocks {
  private static final int LOCKS = 4;
  private static final int TASKS = 32;
  private static final int LOOKS = 2000;
  private static final AsyncMutex[] MUTEXES = new AsyncMutex[LOCKS];
  private static final AsyncRwLock LAST = new AsyncRwLock();
  private static volatile boolean over;

  private BusyLocks() {}

  public static void main(String[] arguments) throws Exception {
    for (int i = 0; i < LOCKS; i++) {
      MUTEXES[i] = new AsyncMutex();
    }
    try (AsyncExecutor executor = WorkStealingExecutor.builder().workers(2).noDriver().build()) {
      List<Task<String>> tasks = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        int seed = i;
        tasks.add(executor.spawn("task " + i, () -> goesOn(new Random(seed))));
      }
      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      for (int i = 0; i < LOOKS && System.nanoTime() < end; i++) {
        List<Deadlock> found = TaskDump.of(executor).deadlocks();
        if (!found.isEmpty()) {
          System.out.println("a false alarm, at look " + i + ": " + found.get(0).text());
        }
      }
      over = true;
      for (Task<String> task : tasks) {
        System.out.println(task.get());
      }
    }
  }

  private static CompletableFuture<String> goesOn(Random random) {
    while (!over) {
      int low = random.nextInt(LOCKS);
      int high = random.nextInt(LOCKS);
      if (low < high) {
        await(takesBoth(MUTEXES[low], MUTEXES[high]));
      } else {
        await(Async.spawn(() -> reads()));
      }
    }
    return done("over");
  }

  private static CompletableFuture<Void> takesBoth(AsyncMutex low, AsyncMutex high) {
    try (AsyncMutex.Held first = await(low.lock())) {
      await(Async.yieldNow());
      try (AsyncMutex.Held second = await(high.lock())) {
        await(Async.yieldNow());
      }
      try (AsyncRwLock.WriteHeld write = await(LAST.write())) {
        await(Async.yieldNow());
      }
    }
    return done();
  }

  private static CompletableFuture<Void> reads() {
    try (AsyncRwLock.ReadHeld read = await(LAST.read())) {
      await(Async.yieldNow());
    }
    return done();
  }
}

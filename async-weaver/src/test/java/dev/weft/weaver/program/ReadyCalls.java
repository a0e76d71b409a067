package dev.weft.weaver.program;

import static dev.weft.Async.await;

import com.sun.management.ThreadMXBean;
import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Async methods that await each other, where nothing waits. Argument: what is to be printed.
 *
 * <dl>
 *   <dt>bytes
 *   <dd>what a hundred calls allocate on their thread, interpreted
 *   <dt>turns
 *   <dd>whether another task of the one worker there is gets its turn
 *   <dt>stealing, node
 *   <dd>in which order two tasks of such an executor go on, which await calls that are ready, have
 *       failed, or end with a future
 * </dl>
 */
final class ReadyCalls {
  private static final AtomicBoolean STOPPED = new AtomicBoolean();

  private static final StringBuffer ORDER = new StringBuffer();

  private ReadyCalls() {}

  public static void main(String[] arguments) throws Exception {
    switch (arguments[0]) {
      case "bytes" -> System.out.println(bytes());
      case "turns" -> turns();
      case "node" -> order(NodeExecutor.builder().noDriver().build());
      default -> order(WorkStealingExecutor.builder().workers(1).noDriver().build());
    }
  }

  // ---- bytes

  private static long bytes() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int calls = hundred().join(); // links and loads
    allocated(threads);
    long before = allocated(threads);
    long nothing = allocated(threads) - before;
    before = allocated(threads);
    Task<Integer> call = hundred();
    long bytes = allocated(threads) - before - nothing;
    return call.join() == calls ? bytes : -1;
  }

  private static long allocated(ThreadMXBean threads) {
    return threads.getCurrentThreadAllocatedBytes();
  }

  /** One future, for this, which its caller does not await. */
  private static Task<Integer> hundred() {
    int sum = 0;
    for (int i = 0; i < 10; i++) {
      sum = await(ten(9));
    }
    return Async.done(sum);
  }

  private static Task<Integer> ten(int more) {
    await(nothing());
    return Async.done(more == 0 ? 1 : await(ten(more - 1)));
  }

  private static Task<Void> nothing() {
    if (STOPPED.get()) {
      await(Async.yieldNow());
    }
    return Async.done();
  }

  // ---- turns

  private static void turns() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      Task<Integer> greedy = executor.spawn(() -> spin());
      Task<Void> failing = executor.spawn(() -> spinFailing());
      Task<Integer> deep = executor.spawn(() -> spinDeep());
      Task<Integer> caught = executor.spawn(() -> spinCaught());
      Task<String> modest = executor.spawn(() -> stop());
      System.out.println(modest.get(240, TimeUnit.SECONDS));
      System.out.println(greedy.get(240, TimeUnit.SECONDS) > 0 ? "stopped" : "never ran");
      failing.get(240, TimeUnit.SECONDS);
      System.out.println(deep.get(240, TimeUnit.SECONDS) + caught.get(240, TimeUnit.SECONDS));
    }
  }

  private static Task<Integer> spin() {
    int turns = 0;
    while (!STOPPED.get()) {
      turns = Math.max(turns, await(value(1)));
    }
    return Async.done(turns);
  }

  private static CompletableFuture<Integer> value(int value) {
    if (value < 0) {
      await(Async.yieldNow());
    }
    return CompletableFuture.completedFuture(value);
  }

  private static Task<Void> spinFailing() {
    while (!STOPPED.get()) {
      try {
        await(failed());
      } catch (IllegalArgumentException again) {
        continue;
      }
    }
    return Async.done();
  }

  /** Only the innermost calls take of the budget, one each. */
  private static Task<Integer> spinDeep() {
    int last;
    do {
      last = await(ten(3));
    } while (!STOPPED.get());
    return Async.done(last);
  }

  private static Task<Integer> spinCaught() {
    int last;
    do {
      last = await(caught());
    } while (!STOPPED.get());
    return Async.done(last);
  }

  private static final AtomicReference<CompletableFuture<Integer>> NONE = new AtomicReference<>();

  /** Its await takes nothing of the budget before it throws. */
  private static Task<Integer> caught() {
    try {
      return Async.done(await(NONE.get()));
    } catch (NullPointerException e) {
      return Async.done(1);
    }
  }

  private static final IllegalArgumentException FAILURE = new IllegalArgumentException("failed");

  private static Task<Void> failed() {
    if (!STOPPED.get()) {
      throw FAILURE;
    }
    await(Async.yieldNow());
    return Async.done();
  }

  private static Task<String> stop() {
    await(Async.yieldNow());
    STOPPED.set(true);
    return Async.done("had its turn");
  }

  // ---- the order

  private static void order(AsyncExecutor executor) throws Exception {
    try (executor) {
      Task<Void> both =
          executor.spawn(
              () -> {
                Task<Void> one = executor.spawn(() -> steps("a"));
                Task<Void> other = executor.spawn(() -> steps("b"));
                await(one);
                await(other);
                return Async.done();
              });
      both.get(240, TimeUnit.SECONDS);
    }
    System.out.println(ORDER.toString().strip());
  }

  private static Task<Void> steps(String name) {
    note(name, "value " + await(value(1)));
    await(nothing());
    note(name, "nothing");
    note(name, "nested " + await(ten(2)));
    note(name, "caught " + await(caught()));
    try {
      await(failed());
    } catch (IllegalArgumentException e) {
      note(name, "failed " + (e == FAILURE));
    }
    note(name, "future " + await(future(name)));
    try {
      await(nested());
    } catch (IllegalArgumentException e) {
      note(name, "nested failed " + (e == FAILURE));
    }
    return Async.done();
  }

  private static Task<String> future(String name) {
    if (name.equals("a")) {
      return Async.done("own");
    }
    await(nothing());
    return SHARED;
  }

  private static final Task<String> SHARED = Async.done("shared");

  private static Task<String> nested() {
    await(failed());
    return Async.done("not reached");
  }

  private static void note(String name, String what) {
    ORDER.append(name).append(": ").append(what).append('\n');
  }
}

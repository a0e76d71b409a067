package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.sync.AsyncMutex;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Tasks that wait for something, and what is said of where they stand. */
final class StandingTasks {
  private static final Duration LONG = Duration.ofHours(1);
  private static final String RUNNING = "StandingTasks.runs(";
  private static final String A_TASK = "waits for a dev.weft.Task";

  private static final CompletableFuture<String> PLAIN = new CompletableFuture<>();
  private static final CompletableFuture<String> OWN = new SomeFuture();
  private static final Task<String> TASK = new Task<>();
  private static final AsyncMutex MUTEX = new AsyncMutex();
  private static final CountDownLatch ENDS = new CountDownLatch(1);

  private static volatile boolean running;
  private static Task<String> first;
  private static Task<String> second;

  private StandingTasks() {}

  /** A future of a class of the program's own. */
  private static final class SomeFuture extends CompletableFuture<String> {}

  public static void main(String[] arguments) throws Exception {
    boolean node = arguments[0].equals("node");
    try (AsyncExecutor executor =
        node
            ? NodeExecutor.builder().noDriver().build()
            : WorkStealingExecutor.builder().workers(2).noDriver().build()) {
      says(executor, "a sleep", StandingTasks::sleeps, "waits for a sleep");
      says(executor, "a plain future", () -> outer(PLAIN), "waits for a java.util");
      says(executor, "a future of one's own", () -> outer(OWN), "SomeFuture");
      says(executor, "a task", () -> outer(TASK), A_TASK);
      says(executor, "within a limit", () -> outer(Async.timeout(LONG, inner(TASK))), A_TASK);
      says(executor, "all of them", () -> outer(Async.all(List.of(inner(TASK), PLAIN))), "all of");
      says(
          executor, "another task", () -> outer(Async.spawn("another", () -> inner(TASK))), A_TASK);
      Task<String> holder = executor.spawn("the holder", StandingTasks::holds);
      until(holder, A_TASK);
      says(executor, "a lock", StandingTasks::holds, "AsyncMutex");
      if (!node) {
        says(executor, "nothing", StandingTasks::runs, RUNNING);
      }
      awaited(executor);
      deadlock(executor);
      Task<String> ended = executor.spawn("ended", () -> done("at once"));
      until(ended, "has ended");
      System.out.println("-- its end\n" + text(ended.asyncStackTrace()));
      ENDS.countDown();
      TASK.complete("the end");
      PLAIN.complete("the end");
      OWN.complete("the end");
    }
  }

  private static void says(
      AsyncExecutor executor, String what, Supplier<CompletableFuture<String>> body, String state)
      throws Exception {
    Task<String> task = executor.spawn("the task", () -> body.get());
    until(task, state);
    while (state.equals(RUNNING) && !running) {
      Thread.onSpinWait();
    }
    System.out.println("-- " + what + "\n" + text(task.asyncStackTrace()));
    if (state.equals(RUNNING)) {
      ENDS.countDown();
    }
    task.cancel(true);
    task.awaitFinished(Duration.ofMinutes(1));
  }

  private static void awaited(AsyncExecutor executor) throws Exception {
    CompletableFuture<Task<String>> started = new CompletableFuture<>();
    executor.spawn("the awaiting", () -> awaits(started));
    Task<String> inner = started.get(1, TimeUnit.MINUTES);
    until(inner, A_TASK);
    until(inner, "the awaiting");
    System.out.println("-- from within\n" + text(inner.asyncStackTrace()));
  }

  private static CompletableFuture<String> awaits(CompletableFuture<Task<String>> started) {
    Task<String> task = Async.spawn("the awaited", () -> inner(TASK));
    started.complete(task);
    return done(await(outer(task)));
  }

  private static void deadlock(AsyncExecutor executor) throws Exception {
    CompletableFuture<String> both = new CompletableFuture<>();
    first = executor.spawn("first", () -> thenSecond(both));
    second = executor.spawn("second", StandingTasks::thenFirst);
    both.complete("go");
    until(first, "waits for itself");
    System.out.println("-- each other\n" + text(first.asyncStackTrace()));
    first.cancel(true);
    first.awaitFinished(Duration.ofMinutes(1));
  }

  private static CompletableFuture<String> thenSecond(CompletableFuture<String> both) {
    await(both);
    return done(await(second));
  }

  private static CompletableFuture<String> thenFirst() {
    return done(await(first));
  }

  private static CompletableFuture<String> sleeps() {
    await(Async.sleep(LONG));
    return done("never");
  }

  private static CompletableFuture<String> outer(CompletableFuture<?> awaited) {
    return done(await(awaited) + "!");
  }

  private static CompletableFuture<String> inner(CompletableFuture<String> awaited) {
    return done(await(awaited) + "?");
  }

  private static CompletableFuture<String> holds() {
    try (AsyncMutex.Held held = await(MUTEX.lock())) {
      return done(await(TASK));
    }
  }

  private static CompletableFuture<String> runs() {
    await(Async.yieldNow());
    running = true;
    while (ENDS.getCount() > 0) {
      Thread.onSpinWait();
    }
    return done("ran");
  }

  private static void until(Task<?> task, String state) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (!task.asyncStackTrace().toString().contains(state)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(task.asyncStackTrace() + ", and not " + state);
      }
      Thread.onSpinWait();
    }
  }

  /** Without what is different each time. */
  private static String text(AsyncStackTrace trace) {
    return trace
        .toString()
        .replaceAll("task \\d+", "task")
        .replaceAll("a sleep, 3[456]\\d\\d\\.\\d+ s left", "a sleep, nearly an hour left")
        .replaceAll("@[0-9a-f]+", "@n")
        .replaceAll("(lambda\\$\\w+\\$)\\d+", "$1n");
  }
}

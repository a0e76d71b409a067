package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.Async.cancelling;
import static dev.weft.Async.done;
import static dev.weft.Async.isCancelled;
import static dev.weft.Async.sleep;
import static dev.weft.Async.timeout;
import static dev.weft.Async.unconstrained;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.WorkStealingExecutor;
import java.net.URL;
import java.net.URLClassLoader;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What cancelled methods see, and what is said of them, each in a run of its own. */
final class Cancelled {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofMillis(20);

  private static final CountDownLatch WAITING = new CountDownLatch(1);
  private static final CountDownLatch CLEANING = new CountDownLatch(1);

  private Cancelled() {}

  public static void main(String[] arguments) throws Exception {
    AsyncExecutor executor =
        arguments[1].equals("node")
            ? NodeExecutor.builder().noDriver().build()
            : WorkStealingExecutor.builder()
                .workers(arguments[0].equals("named") ? 1 : 2)
                .noDriver()
                .build();
    switch (arguments[0]) {
      case "kept-limited" -> executor.blockOn(Cancelled::keptLimited);
      case "kept-cancelled" -> executor.blockOn(Cancelled::keptCancelled);
      case "own-and-foreign" -> ownAndForeign(executor);
      case "or-timeout" -> orTimeout(executor);
      case "views" -> views(executor);
      case "loader" -> loader(executor);
      case "named" -> named(executor);
      case "swallowed" -> swallowed(executor);
      case "late-await" -> lateAwait(executor);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    close(executor, Duration.ofSeconds(60));
  }

  private static CloseReport close(AsyncExecutor executor, Duration bound) {
    return executor instanceof WorkStealingExecutor stealing
        ? stealing.close(Duration.ZERO, bound)
        : ((NodeExecutor) executor).close(Duration.ZERO, bound);
  }

  private static void say(String what) {
    System.out.println(what);
  }

  // ---- whose cancellation it is

  private static CompletableFuture<String> waitLong() {
    await(sleep(LONG)); // THE LATE ONE
    return done("");
  }

  /** Awaits a call that somebody may have ended, and says what comes. */
  private static CompletableFuture<Void> look(String who, CompletableFuture<?> call) {
    try {
      await(call);
    } catch (TaskCancelledException e) {
      say(who + ": its own, cancelled " + isCancelled());
    } catch (CancellationException e) {
      say(who + ": another's, cancelled " + isCancelled());
    }
    return done();
  }

  private static CompletableFuture<Void> keptLimited() throws Exception {
    CompletableFuture<String> call = waitLong();
    try {
      await(timeout(SHORT, call));
    } catch (Exception e) {
      say(e instanceof TimeoutException ? "late" : "not late: " + e);
    }
    await(look("after the limit", call));
    return done();
  }

  private static CompletableFuture<Void> keptCancelled() {
    CompletableFuture<String> call = waitLong();
    Task<String> passing = cancelling(call);
    passing.cancel(true);
    await(passing.finished());
    await(look("after it was passed on", call));
    return done();
  }

  private static void ownAndForeign(AsyncExecutor executor) throws Exception {
    Task<Void> own =
        executor.spawn(
            () -> {
              Task<Void> never = new Task<>();
              say("before: " + isCancelled());
              WAITING.countDown();
              return look("in the task", never);
            });
    WAITING.await();
    own.cancel(true);
    own.awaitFinished(LONG);
    CompletableFuture<Void> foreign = new CompletableFuture<>();
    foreign.cancel(true);
    executor.blockOn(() -> look("in another task", foreign));
  }

  // ---- how far it goes

  private static CompletableFuture<String> callee() {
    try {
      WAITING.countDown();
      return done(await(waitLong()));
    } finally {
      say("callee");
    }
  }

  private static CompletableFuture<String> caller() {
    try {
      return done(
          await(callee().orTimeout(1, TimeUnit.DAYS).completeOnTimeout("", 1, TimeUnit.DAYS)));
    } finally {
      say("caller");
    }
  }

  private static void orTimeout(AsyncExecutor executor) throws Exception {
    Task<String> task = executor.spawn(Cancelled::caller);
    WAITING.await();
    task.cancel(true);
    task.awaitFinished(LONG);
  }

  /** Each await of a view would leave some 400 bytes with the signal. */
  private static void views(AsyncExecutor executor) throws Exception {
    CompletableFuture<String> signal = new CompletableFuture<>();
    CompletionStage<String> view = signal.minimalCompletionStage();
    executor.blockOn(() -> manyWaits(view, 100_000));
    CompletableFuture<Void> last = executor.spawn(() -> print(view));
    signal.complete("signalled");
    last.get();
  }

  private static CompletableFuture<Void> print(CompletionStage<String> view) {
    say(await(view));
    return done();
  }

  private static CompletableFuture<Void> manyWaits(CompletionStage<String> view, int times) {
    for (int i = 0; i < times; i++) {
      CompletableFuture<Void> wait = print(view);
      wait.cancel(true);
      await(((Task<Void>) wait).finished());
    }
    return done();
  }

  // ---- what travels with it

  private static CompletableFuture<Void> sayLoader(ClassLoader mine) {
    say("before: " + (Thread.currentThread().getContextClassLoader() == mine));
    await(sleep(SHORT));
    say("after: " + (Thread.currentThread().getContextClassLoader() == mine));
    boolean blocking =
        await(Async.spawnBlocking(() -> Thread.currentThread().getContextClassLoader() == mine));
    say("blocking: " + blocking);
    return done();
  }

  private static void loader(AsyncExecutor executor) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader mine = new URLClassLoader("mine", new URL[0], before);
    thread.setContextClassLoader(mine);
    Task<Void> task = executor.spawn(() -> sayLoader(mine));
    thread.setContextClassLoader(before);
    task.get();
    boolean left =
        executor.spawn(() -> done(Thread.currentThread().getContextClassLoader() == mine)).get();
    say("left behind: " + left);
  }

  // ---- what is said of it

  private static CompletableFuture<Void> neverEnds() {
    try {
      WAITING.countDown();
      await(sleep(LONG));
    } finally {
      CLEANING.countDown();
      await(sleep(LONG)); // HERE
    }
    return done();
  }

  private static void named(AsyncExecutor executor) throws Exception {
    Task<Void> task = executor.spawn(Cancelled::neverEnds);
    WAITING.await();
    task.cancel(true);
    CLEANING.await();
    executor.spawn(Async::done).get(); // on the one thread there is, which has left the task
    say(close(executor, Duration.ofMillis(50)).toString());
  }

  private static CompletableFuture<Void> step() {
    try {
      await(sleep(SHORT));
    } catch (Exception e) {
      if (!(e instanceof TaskCancelledException)) {
        say("caught " + e);
      }
    }
    return done();
  }

  private static CompletableFuture<Void> steps(long from) {
    WAITING.countDown();
    while (System.nanoTime() - from < TimeUnit.MILLISECONDS.toNanos(500)) {
      Thread.onSpinWait(); // until the executor is halted
    }
    try {
      while (true) {
        await(step());
      }
    } finally {
      say("out of the loop");
    }
  }

  private static void swallowed(AsyncExecutor executor) throws Exception {
    Task<Void> task = executor.spawn(() -> unconstrained(() -> steps(System.nanoTime())));
    WAITING.await();
    close(executor, Duration.ofMillis(50));
    say("ended: " + task.awaitFinished(Duration.ofMinutes(5)));
  }

  private static void lateAwait(AsyncExecutor executor) throws Exception {
    try {
      executor.spawn(() -> timeout(SHORT, callee())).get();
    } catch (ExecutionException e) {
      say(e.getCause().getMessage());
    }
  }
}

package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.scope.JoinSet;
import dev.weft.scope.TaskScope;
import dev.weft.stream.AsyncStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Fails in many ways, and prints the stack traces, in which nothing may depend on who runs it. */
final class FailedCalls {
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofHours(1);

  private static final IllegalStateException CONSTANT = new IllegalStateException("constant");

  private static WorkStealingExecutor other;

  private FailedCalls() {}

  /** One way to fail. */
  private interface Way {
    CompletionStage<String> fail();
  }

  public static void main(String[] arguments) throws Exception {
    other = WorkStealingExecutor.builder().workers(1).noDriver().build();
    AsyncExecutor executor =
        arguments[0].equals("node")
            ? NodeExecutor.builder().noDriver().build()
            : WorkStealingExecutor.builder().workers(2).noDriver().build();
    for (Map.Entry<String, Way> way : ways().entrySet()) {
      System.out.println("-- " + way.getKey());
      print(failureOf(executor.spawn("the task", () -> first(way.getValue()))));
    }
    System.out.println("-- cancelled");
    cancelled(executor);
    System.out.println("-- awaited by a second one");
    awaitedTwice(executor);
    executor.close();
    other.close();
  }

  private static Map<String, Way> ways() {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("before the first suspension", FailedCalls::atOnce);
    ways.put("after it", FailedCalls::later);
    ways.put("on another worker", FailedCalls::elsewhere);
    ways.put("the callee at once", FailedCalls::callsAtOnce);
    ways.put("with a cause", FailedCalls::wraps);
    ways.put("in a lambda", FailedCalls::inLambda);
    ways.put("in a task", FailedCalls::inTask);
    ways.put("in a task that is awaited later", FailedCalls::inTaskAwaitedLater);
    ways.put("in a call that is awaited later", FailedCalls::inCallAwaitedLater);
    ways.put("by a time limit", FailedCalls::timedOut);
    ways.put("through a time limit", FailedCalls::throughLimit);
    ways.put("in a stage of a call", FailedCalls::derived);
    ways.put("in a call of itself", () -> recursive(2));
    ways.put("in a plain future", FailedCalls::plain);
    ways.put("in a future that has failed", FailedCalls::readyFuture);
    ways.put("in a future that is returned", FailedCalls::returned);
    ways.put("as the last call", FailedCalls::tail);
    ways.put("of all", FailedCalls::all);
    ways.put("in a scope", FailedCalls::inScope);
    ways.put("in a set", FailedCalls::inSet);
    ways.put("in a generator", FailedCalls::inGenerator);
    ways.put("by EA's await", FailedCalls::byEa);
    ways.put("in a blocking call", FailedCalls::blocking);
    ways.put("without a trace", FailedCalls::withoutTrace);
    ways.put("with a constant", FailedCalls::constant);
    ways.put("again, after it was caught", FailedCalls::caught);
    return ways;
  }

  // ---- five calls: first, second, third, fourth, and the one that fails

  private static CompletableFuture<String> first(Way way) {
    await(Async.yieldNow());
    return done(await(second(way)));
  }

  private static CompletableFuture<String> second(Way way) {
    await(Async.yieldNow());
    return done(await(third(way)));
  }

  private static CompletableFuture<String> third(Way way) {
    return done(await(fourth(way)));
  }

  private static CompletableFuture<String> fourth(Way way) {
    return done(await(way.fail()));
  }

  private static CompletableFuture<String> atOnce() {
    if (failsAtOnce()) {
      throw new IllegalStateException("at once");
    }
    return done(await(later()));
  }

  private static boolean failsAtOnce() {
    return true;
  }

  private static CompletableFuture<String> later() {
    await(Async.yieldNow());
    throw new IllegalStateException("later");
  }

  private static CompletableFuture<String> elsewhere() {
    await(Async.yieldNow());
    await(Async.on(other));
    await(Async.yieldNow());
    throw new IllegalStateException("on " + (AsyncExecutor.current() == other));
  }

  private static CompletableFuture<String> callsAtOnce() {
    await(Async.yieldNow());
    return done(await(atOnce()));
  }

  private static CompletableFuture<String> wraps() {
    await(Async.yieldNow());
    try {
      return done(await(later()));
    } catch (IllegalStateException failure) {
      throw new IllegalArgumentException("around it", failure);
    }
  }

  private static CompletableFuture<String> inLambda() {
    Supplier<CompletableFuture<String>> lambda =
        () -> {
          await(Async.yieldNow());
          throw new IllegalStateException("in a lambda");
        };
    return done(await(lambda.get()));
  }

  private static CompletableFuture<String> inTask() {
    await(Async.yieldNow());
    return done(await(Async.spawn("an inner task", () -> later())));
  }

  private static CompletableFuture<String> inTaskAwaitedLater() {
    await(Async.yieldNow());
    Task<String> task = Async.spawn("an inner task", FailedCalls::later);
    await(task.handle((value, failure) -> "heard of"));
    return done(await(task));
  }

  private static CompletableFuture<String> inCallAwaitedLater() {
    await(Async.yieldNow());
    CompletableFuture<String> call = later();
    await(call.handle((value, failure) -> "heard of"));
    return done(await(call));
  }

  private static CompletableFuture<String> timedOut() {
    await(Async.yieldNow());
    return done(await(Async.timeout(SHORT, never())));
  }

  private static CompletableFuture<String> never() {
    await(Async.sleep(LONG));
    return done("never");
  }

  private static CompletableFuture<String> throughLimit() {
    await(Async.yieldNow());
    return done(await(Async.timeout(LONG, later())));
  }

  private static CompletableFuture<String> derived() {
    await(Async.yieldNow());
    return done(await(later().thenApply(value -> value + "!")));
  }

  private static CompletableFuture<String> recursive(int times) {
    return done(await(times == 0 ? atOnce() : recursive(times - 1)));
  }

  private static CompletableFuture<String> plain() {
    await(Async.yieldNow());
    CompletableFuture<String> plain = new CompletableFuture<>();
    IllegalStateException failure = failureOfAnotherThread();
    Task<Boolean> completing = Async.spawnBlocking(() -> plain.completeExceptionally(failure));
    return done(await(Async.all(completing, plain, (completed, value) -> value)));
  }

  private static IllegalStateException failureOfAnotherThread() {
    IllegalStateException[] made = new IllegalStateException[1];
    Thread thread = new Thread(() -> made[0] = new IllegalStateException("plain"));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return made[0];
  }

  private static CompletableFuture<String> readyFuture() {
    await(Async.yieldNow());
    CompletableFuture<String> failed =
        CompletableFuture.failedFuture(new IllegalStateException("ready"));
    return done(await(failed));
  }

  private static CompletableFuture<String> returned() {
    await(Async.yieldNow());
    return CompletableFuture.failedFuture(failureOfAnotherThread());
  }

  private static CompletableFuture<String> tail() {
    await(Async.yieldNow());
    return later();
  }

  private static CompletableFuture<String> all() {
    await(Async.yieldNow());
    return done(await(Async.all(List.of(never(), later()))).toString());
  }

  private static CompletableFuture<String> inScope() {
    await(Async.yieldNow());
    try (TaskScope<String, ?> scope = TaskScope.joinAll()) {
      scope.fork("a child", () -> later());
      List<?> ended = (List<?>) await(scope.join());
      return done(await((Task<String>) ended.get(0)));
    }
  }

  private static CompletableFuture<String> inSet() {
    await(Async.yieldNow());
    try (JoinSet<String> set = new JoinSet<>()) {
      set.spawn("a member", FailedCalls::later);
      return done(await(await(set.joinNext())));
    }
  }

  private static CompletableFuture<String> inGenerator() {
    await(Async.yieldNow());
    AsyncStream<Integer> numbers = numbers();
    for (; ; ) {
      if (await(numbers.next()) == null) {
        return done("the end");
      }
    }
  }

  private static AsyncStream<Integer> numbers() {
    emit(1);
    await(Async.yieldNow());
    emit(2);
    if (failsAtOnce()) {
      throw new IllegalStateException("in a generator");
    }
    return end();
  }

  private static CompletableFuture<String> byEa() {
    await(Async.yieldNow());
    return done(com.ea.async.Async.await(laterByEa()));
  }

  private static CompletableFuture<String> laterByEa() {
    com.ea.async.Async.await(Async.yieldNow());
    throw new IllegalStateException("by EA's rules");
  }

  private static CompletableFuture<String> blocking() {
    await(Async.yieldNow());
    return done(await(Async.spawnBlocking(FailedCalls::block)));
  }

  private static String block() {
    throw new IllegalStateException("in a blocking call");
  }

  private static CompletableFuture<String> withoutTrace() {
    await(Async.yieldNow());
    throw new Traceless();
  }

  private static final class Traceless extends RuntimeException {
    private static final long serialVersionUID = 1;

    Traceless() {
      super("without a trace", null, true, false);
    }
  }

  private static CompletableFuture<String> constant() {
    await(Async.yieldNow());
    throw CONSTANT;
  }

  private static CompletableFuture<String> caught() {
    RuntimeException caught = null;
    try {
      await(later());
    } catch (IllegalStateException failure) {
      caught = failure;
    }
    await(Async.yieldNow());
    throw caught;
  }

  // ----

  private static void cancelled(AsyncExecutor executor) throws Exception {
    CountDownLatch waits = new CountDownLatch(1);
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    Task<String> task = executor.spawn("the task", () -> sees(waits, seen));
    waits.await();
    task.cancel(true);
    print(seen.get(1, TimeUnit.MINUTES));
  }

  private static CompletableFuture<String> sees(
      CountDownLatch waits, CompletableFuture<Throwable> seen) {
    try {
      return done(await(waits(waits)));
    } catch (CancellationException failure) {
      seen.complete(failure);
      throw failure;
    }
  }

  private static CompletableFuture<String> waits(CountDownLatch waits) {
    waits.countDown();
    await(Async.sleep(LONG));
    return done("never");
  }

  private static void awaitedTwice(AsyncExecutor executor) throws Exception {
    CompletableFuture<String> cached = CompletableFuture.failedFuture(failureOfAnotherThread());
    twice(executor, () -> cached);
    IllegalStateException kept = failureOfAnotherThread();
    twice(executor, () -> CompletableFuture.failedFuture(kept));
    twice(
        executor,
        () -> {
          throw kept;
        });
    Task<String> shared = executor.spawn("the shared", FailedCalls::later);
    twice(executor, () -> shared);
    Task<String> limited = executor.spawn("the limited", FailedCalls::later);
    twice(executor, () -> Async.timeout(LONG, limited));
  }

  private static void twice(AsyncExecutor executor, Way way) throws Exception {
    Throwable failure = failureOf(executor.spawn("the first", () -> first(way)));
    int length = failure.getStackTrace().length;
    failureOf(executor.spawn("the second", () -> first(way)));
    failureOf(executor.spawn("the third", () -> first(way)));
    print(failure);
    System.out.println(
        "before: " + (length > failure.getStackTrace().length ? "more" : "the same"));
  }

  private static Throwable failureOf(CompletableFuture<?> future) throws Exception {
    try {
      future.get(1, TimeUnit.MINUTES);
      throw new AssertionError("it has not failed");
    } catch (ExecutionException failed) {
      return failed.getCause();
    } catch (CompletionException failed) {
      throw new AssertionError(failed);
    }
  }

  /** Without what depends on the JDK and its compiler, and on how many tasks there were before. */
  private static void print(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text, true));
    text.toString()
        .lines()
        .filter(line -> !line.contains("at java.base/"))
        .map(line -> line.replaceFirst("task \\d+", "task"))
        .map(line -> line.replaceFirst("(lambda\\$\\w+\\$)\\d+", "$1n"))
        .map(line -> line.replaceFirst("Generator.java:\\d+", "Generator.java"))
        .map(line -> line.replaceFirst("^\t", "  "))
        .forEach(System.out::println);
  }
}

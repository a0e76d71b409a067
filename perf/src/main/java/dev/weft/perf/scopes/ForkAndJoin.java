package dev.weft.perf.scopes;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.perf.scheduler.Contenders;
import dev.weft.scope.JoinSet;
import dev.weft.scope.TaskScope;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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
 * <b>Question:</b> what does a child of a scope cost: forked, run, ended, and waited for? One task
 * opens scope after scope and forks so many into each; a child has a value at once. One operation
 * is one child, the scope's own costs shared among its children.
 *
 * <p><b>What would change the answer:</b> children that suspend; a parent that does something
 * between fork and join, of which another worker has more time to come and steal.
 *
 * <p><b>What it does not show:</b> failures and cancellation. {@code virtualThreadExecutor} has an
 * executor per scope, as the JDK documents it, and takes each value; its {@code
 * StructuredTaskScope} is a preview.
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
@SuppressWarnings("NullAway") // the values of children may be null to the checker, and are not
public class ForkAndJoin {
  static final int ALL = 10_000;

  /** How many in one scope. */
  @Param({"10", "1000"})
  public int children = 10;

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();
  private final CompletableFuture<Integer> one = Async.done(1);

  /** Ends the executor. */
  @TearDown(Level.Trial)
  public void close() {
    executor.close();
  }

  private static void check(int sum) {
    if (sum != ALL) {
      throw new IllegalStateException(sum + " of " + ALL + " children have ended");
    }
  }

  // ---- Weft

  private CompletableFuture<Integer> scope(List<Task<Integer>> forked) {
    forked.clear();
    try (TaskScope<@Nullable Object, @Nullable Void> scope = TaskScope.failFast()) {
      for (int i = 0; i < children; i++) {
        forked.add(scope.fork(() -> one));
      }
      await(scope.join());
    }
    int sum = 0;
    for (int i = 0; i < children; i++) {
      sum += await(forked.get(i));
    }
    return Async.done(sum);
  }

  private CompletableFuture<Integer> scopes() {
    List<Task<Integer>> forked = new ArrayList<>(children);
    int sum = 0;
    for (int i = 0; i < ALL / children; i++) {
      sum += await(scope(forked));
    }
    return Async.done(sum);
  }

  /** A scope that fails with the first of them. */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public void weftTaskScope() throws Exception {
    check(executor.spawn(this::scopes).get());
  }

  private CompletableFuture<Integer> sets() {
    int sum = 0;
    for (int i = 0; i < ALL / children; i++) {
      try (JoinSet<Integer> set = new JoinSet<>()) {
        for (int j = 0; j < children; j++) {
          set.spawn(() -> one);
        }
        for (Task<Integer> ended; (ended = await(set.joinNext())) != null; ) {
          sum += await(ended);
        }
      }
    }
    return Async.done(sum);
  }

  /** A set of which they are taken as they end. */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public void weftJoinSet() throws Exception {
    check(executor.spawn(this::sets).get());
  }

  // ---- the JDK

  private int executors() {
    List<Future<Integer>> forked = new ArrayList<>(children);
    int sum = 0;
    for (int i = 0; i < ALL / children; i++) {
      forked.clear();
      ExecutorService scope = threadPerTask();
      try {
        for (int j = 0; j < children; j++) {
          forked.add(scope.submit(() -> 1));
        }
        for (Future<Integer> ended : forked) {
          sum += ended.get();
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      } finally {
        scope.shutdown(); // all have ended
      }
    }
    return sum;
  }

  /** An executor with a virtual thread per task. */
  @Benchmark
  @OperationsPerInvocation(ALL)
  public void virtualThreadExecutor() throws Exception {
    CompletableFuture<Integer> sum = new CompletableFuture<>();
    Thread parent =
        Contenders.startVirtual(
            () -> {
              try {
                sum.complete(executors());
              } catch (Throwable e) {
                sum.completeExceptionally(e);
              }
            });
    parent.join();
    check(sum.get());
  }

  /** By method handle, as this is compiled for Java 17. */
  private static ExecutorService threadPerTask() {
    try {
      return (ExecutorService) Virtual.EXECUTOR.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException("no executor of virtual threads", e);
    }
  }

  private static final class Virtual {
    static final MethodHandle EXECUTOR;

    static {
      try {
        EXECUTOR =
            MethodHandles.publicLookup()
                .findStatic(
                    Executors.class,
                    "newVirtualThreadPerTaskExecutor",
                    MethodType.methodType(ExecutorService.class));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("virtual threads need JDK 21 or later", e);
      }
    }
  }
}

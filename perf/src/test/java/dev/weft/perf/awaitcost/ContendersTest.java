package dev.weft.perf.awaitcost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.frame.Frame;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The contenders do what the benchmarks say they do: suspend at each await, and end. */
class ContendersTest {
  private static final int AWAITS = 10;

  private final Sources futures = new Sources.OfFutures();

  @Test
  void stockEaAsyncSuspendsAtEachAwaitAndGoesOnInsideComplete() {
    CompletableFuture<Integer> call = new EaContender().loop.apply(futures, AWAITS);

    assertSuspends(call);
    assertThat(call).isCompletedWithValue(AWAITS);
  }

  @Test
  void stockEaAsyncDoesNotSuspendWhenThereIsNothingToWaitFor() {
    CompletableFuture<Integer> result = CompletableFuture.completedFuture(2);

    assertThat(new EaContender().once.apply(CompletableFuture.completedFuture(1), result))
        .isSameAs(result);
  }

  @Test
  void thenComposeSuspendsAtEachAwaitAndGoesOnInsideComplete() {
    CompletableFuture<Integer> call = ThenComposeAwaits.loop(futures, AWAITS);

    assertSuspends(call);
    assertThat(call).isDone();
  }

  @Test
  void weftSuspendsAtEachAwaitAndGoesOnWhenItIsPolled() throws Exception {
    onDrivenThread(
        () -> {
          Sources tasks = new Sources.OfTasks();
          DrivenExecutor executor = DrivenExecutor.ofThisThread();
          CompletableFuture<Integer> call = WeftAwaits.loop(tasks, AWAITS);

          assertThat(call).isInstanceOf(Frame.class);
          for (int i = 0; i < AWAITS; i++) {
            assertThat(call).isNotDone();
            assertThat(tasks.completeNext()).isTrue();
            assertThat(tasks.completeNext()).as("before the poll").isFalse();
            executor.pollNext();
          }
          return assertThat(call).isCompletedWithValue(AWAITS);
        });
  }

  @Test
  void aChainAddsOneForEachCall() throws Exception {
    CompletableFuture<Integer> ready = CompletableFuture.completedFuture(1);
    EaContender ea = new EaContender();

    assertThat(WeftAwaits.chain(ready, AWAITS).join()).isEqualTo(1 + AWAITS);
    assertThat(ea.chain.apply(ready, AWAITS).join()).isEqualTo(1 + AWAITS);
    assertThat(ThenComposeAwaits.chain(ready, AWAITS).join()).isEqualTo(1 + AWAITS);
    assertThat(VirtualThreadAwaits.chain(ready, AWAITS)).isEqualTo(1 + AWAITS);
    onDrivenThread(
        () -> {
          CompletableFuture<Integer> awaited = new CompletableFuture<>();
          CompletableFuture<Integer> call = WeftAwaits.chain(awaited, AWAITS);
          DrivenExecutor executor = DrivenExecutor.ofThisThread();
          awaited.complete(1);
          for (int i = 0; i < AWAITS; i++) {
            assertThat(call).as("all of them have suspended").isNotDone();
            executor.pollNext();
          }
          return assertThat(call).isCompletedWithValue(1 + AWAITS);
        });
  }

  @Test
  void aFailureGoesUpToTheHandler() throws Exception {
    CompletableFuture<Integer> failed = CompletableFuture.failedFuture(new IllegalStateException());
    EaContender ea = new EaContender();

    assertThat(WeftAwaits.caught(failed, AWAITS).join()).isZero();
    assertThat(ea.caught.apply(failed, AWAITS).join()).isZero();
    assertThat(ThenComposeAwaits.caught(failed, AWAITS).join()).isZero();
    assertThat(VirtualThreadAwaits.caught(failed, AWAITS)).isZero();
    onDrivenThread(
        () -> {
          CompletableFuture<Integer> awaited = new CompletableFuture<>();
          CompletableFuture<Integer> call = WeftAwaits.caught(awaited, AWAITS);
          awaited.completeExceptionally(new IllegalStateException());
          return assertThat(DrivenExecutor.ofThisThread().finish(call)).isZero();
        });
  }

  @Test
  void bothTasksOfASwitchEnd() throws Exception {
    TaskSwitch.OneWorker worker = new TaskSwitch.OneWorker();
    try {
      new TaskSwitch().weft(worker);
      new TaskSwitch().weftPlainFuture(worker);
    } finally {
      worker.close();
    }
  }

  @Test
  void bothChainsOfASwitchEnd() {
    TaskSwitch.OnePoolThread thread = new TaskSwitch.OnePoolThread();
    try {
      new TaskSwitch().eaAsync(thread, new EaContender());
      new TaskSwitch().thenCompose(thread);
    } finally {
      thread.close();
    }
  }

  @Test
  void yieldingByHandTakesATripThroughThePoolEachTime() {
    ForkJoinPool pool = new ForkJoinPool(1);
    try {
      CompletableFuture<Integer> done = CompletableFuture.completedFuture(1);
      assertThat(ThenComposeAwaits.loop(() -> done, AWAITS, pool).join()).isZero();
    } finally {
      pool.shutdown();
    }
  }

  private void assertSuspends(CompletableFuture<Integer> call) {
    for (int i = 0; i < AWAITS; i++) {
      assertThat(call).isNotDone();
      assertThat(futures.completeNext()).isTrue();
    }
    assertThat(futures.completeNext()).as("awaits more than it should").isFalse();
  }

  private static void onDrivenThread(Callable<?> body) throws Exception {
    ExecutorService threads = new DrivenExecutor.Threads(1, "test");
    try {
      threads.submit(body).get();
    } finally {
      threads.shutdown();
    }
  }
}

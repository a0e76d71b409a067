package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link AsyncExecutor} does, on the work-stealing one and in node mode. */
@ParameterizedClass
@EnumSource
class ExecutorContractTest {
  enum Kind {
    WORK_STEALING(() -> WorkStealingExecutor.builder().workers(2).build()),
    NODE(() -> NodeExecutor.builder().build());

    private final Supplier<AsyncExecutor> maker;

    Kind(Supplier<AsyncExecutor> maker) {
      this.maker = maker;
    }
  }

  private final AsyncExecutor executor;

  ExecutorContractTest(Kind kind) {
    executor = kind.maker.get();
  }

  @AfterEach
  void close() {
    executor.close();
  }

  /**
   * An async method of the executor that awaits one future after the other and logs the results.
   */
  private HandWritten<List<Object>> collecting(List<? extends CompletableFuture<?>> futures) {
    List<Object> results = new ArrayList<>();
    HandWritten<List<Object>> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state > 0) {
                results.add(Await.take(awaited));
              }
              return state < futures.size()
                  ? self.await(futures.get(state), state + 1)
                  : Settled.value(results);
            });
    executor.schedule(frame);
    return frame;
  }

  // ---- spawn, await

  @Test
  void spawnRunsTheBodyOnAThreadOfTheExecutorAndGivesItsOutcome() throws Exception {
    assertThat(executor.<AsyncExecutor>spawn(() -> Settled.value(AsyncExecutor.current())).get())
        .isSameAs(executor);
    Task<Object> failed =
        executor.spawn(
            () -> {
              throw new IOException("body");
            });
    assertThatThrownBy(failed::get)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("body");
    assertThatThrownBy(() -> executor.blockOn(() -> failed)).isInstanceOf(IOException.class);
    assertThat(executor.<String>blockOn(() -> Settled.value("still there")))
        .isEqualTo("still there");
  }

  @Test
  void awaitGoesOnWhereItSuspendedWhoeverCompletes() throws Exception {
    Task<String> promise = new Task<>();
    CompletableFuture<String> plain = new CompletableFuture<>();
    AtomicReference<Thread> resumedOn = new AtomicReference<>();
    HandWritten<List<Object>> all = collecting(List.of(Settled.value("a"), promise, plain));
    CompletableFuture<Void> seen = all.thenRun(() -> resumedOn.set(Thread.currentThread()));
    promise.complete("b");
    executor.execute(() -> plain.complete("c"));

    seen.get();
    assertThat(all.get()).containsExactly("a", "b", "c");
    assertThat(resumedOn.get()).isNotSameAs(Thread.currentThread());
  }

  @Test
  void aYieldLetsOthersRun() throws Exception {
    CountDownLatch otherRan = new CountDownLatch(1);
    Task<Integer> yields =
        executor.spawn(
            () -> {
              executor.execute(otherRan::countDown);
              HandWritten<Integer> frame =
                  new HandWritten<>(
                      executor,
                      (self, state, awaited) ->
                          otherRan.getCount() == 0
                              ? Settled.value(state)
                              : self.await(Async.yieldNow(), state + 1));
              frame.await(Async.yieldNow(), 1);
              return frame;
            });

    assertThat(yields.get()).isPositive();
  }

  @Test
  void executeAndSubmitRunOrdinaryTasks() throws Exception {
    CompletableFuture<String> ran = new CompletableFuture<>();
    executor.execute(() -> ran.complete("executed"));
    assertThat(executor.submit(() -> "submitted").get()).isEqualTo("submitted");
    assertThat(executor.invokeAll(List.of(() -> 1, () -> 2))).allMatch(it -> it.isDone());
    assertThat(ran.get(60, TimeUnit.SECONDS)).isEqualTo("executed");
  }

  @Test
  void blockingCallsRunElsewhere() throws Exception {
    Task<Boolean> onExecutor = executor.spawnBlocking(() -> AsyncExecutor.current() != null);
    assertThat(onExecutor.get()).isFalse();
    Task<Object> failed =
        executor.spawnBlocking(
            () -> {
              throw new IOException("call");
            });
    assertThatThrownBy(failed::get).hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(() -> executor.submit(() -> executor.blockOn(() -> Async.done(1))).get())
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  // ---- cancel, sleep, time-out

  @Test
  void cancellingATaskResumesItsBodyWithTheCancellation() throws Exception {
    CountDownLatch parked = new CountDownLatch(1);
    CompletableFuture<Throwable> seen = new CompletableFuture<>();
    Task<Void> never = executor.sleep(Duration.ofDays(1));
    Task<Object> task =
        executor.spawn(
            () -> {
              HandWritten<Object> frame =
                  new HandWritten<>(
                      executor,
                      (self, state, awaited) -> {
                        try {
                          return Settled.value(Await.take(awaited));
                        } catch (CancellationException e) {
                          seen.complete(e);
                          throw e;
                        }
                      });
              frame.await(never, 1);
              parked.countDown();
              return frame;
            });
    parked.await();
    task.cancel(true);

    assertThatThrownBy(task::get).isInstanceOf(CancellationException.class);
    assertThat(seen.get(60, TimeUnit.SECONDS)).isInstanceOf(TaskCancelledException.class);
    assertThat(never).isCancelled();
  }

  @Test
  void sleepsDoNotEndBeforeTheirTime() throws Exception {
    for (int millis : new int[] {1, 5, 20}) {
      long start = System.nanoTime();
      collecting(List.of(executor.sleep(Duration.ofMillis(millis)))).get();
      assertThat(System.nanoTime() - start)
          .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(millis));
    }
    assertThat(executor.sleep(Duration.ZERO)).isDone();
  }

  @Test
  void aSleepCanBeCancelledAndATaskCanTimeOut() throws Exception {
    Task<Void> sleep = executor.sleep(Duration.ofHours(1));
    HandWritten<List<Object>> awaiting = collecting(List.of(sleep));
    sleep.cancel(false);
    assertThatThrownBy(awaiting::get).isInstanceOf(CancellationException.class);

    Task<Object> never = new Task<>();
    never.orTimeout(5, TimeUnit.MILLISECONDS);
    assertThatThrownBy(collecting(List.of(never))::get).hasCauseInstanceOf(TimeoutException.class);
  }

  // ---- sockets

  @Test
  void socketsEcho() throws Exception {
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    Task<List<Object>> server =
        executor.spawn(() -> collecting(List.of(listener.accept().thenCompose(this::echo))));
    int port = listener.localAddress().getPort();
    TcpStream client = executor.blockOn(() -> TcpStream.connect("127.0.0.1", port));
    for (String text : List.of("one", "two", "three")) {
      ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
      executor.blockOn(() -> client.write(bytes));
      ByteBuf echoed = executor.blockOn(client::read);
      assertThat(echoed.toString(StandardCharsets.UTF_8)).isEqualTo(text);
      echoed.release();
    }
    client.close();
    server.get();
    listener.close();
    assertThatThrownBy(() -> connectUntilRefused(port)).isInstanceOf(IOException.class);
  }

  /** The listener's loop may still have to close it. */
  private void connectUntilRefused(int port) throws Exception {
    while (true) {
      executor.blockOn(() -> TcpStream.connect("127.0.0.1", port)).close();
    }
  }

  private CompletableFuture<Object> echo(TcpStream socket) {
    HandWritten<Object> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 1) {
                ByteBuf read = (ByteBuf) Await.take(awaited);
                if (read == null) {
                  socket.close();
                  return Settled.value(null);
                }
                return self.await(socket.write(read), 2);
              }
              return self.await(socket.read(), 1);
            });
    frame.await(socket.read(), 1);
    return frame;
  }

  // ---- close

  @Test
  void shutdownLetsTasksEndAndTakesNoMore() throws Exception {
    Task<String> gate = new Task<>();
    HandWritten<List<Object>> frame =
        collecting(List.of(executor.sleep(Duration.ofMillis(5)), gate));
    Task<List<Object>> task = executor.spawn(() -> frame);
    executor.shutdown();
    gate.complete("end");

    assertThat(task.get()).containsExactly(null, "end");
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(executor.isTerminated()).isTrue();
    assertThatThrownBy(() -> executor.spawn(() -> Async.done(1)).get())
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(() -> executor.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void closeCancelsWhatIsParkedAndLeavesNoFutureIncomplete() throws Exception {
    Task<Object> never = new Task<>();
    CountDownLatch started = new CountDownLatch(1);
    Task<List<Object>> parked =
        executor.spawn(
            () -> {
              started.countDown();
              return collecting(List.of(never));
            });
    Task<Void> sleeping = executor.sleep(Duration.ofHours(1));
    Task<Object> blocking =
        executor.spawnBlocking(
            () -> {
              new CountDownLatch(1).await();
              return null;
            });
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    Task<TcpStream> accepting = listener.accept();
    started.await();
    executor.close();

    assertThat(List.of(parked, sleeping, blocking)).allMatch(CompletableFuture::isCancelled);
    assertThat(accepting).isDone();
    assertThat(executor.isTerminated()).isTrue();
    HandWritten<List<Object>> late = collecting(List.of(Settled.value("late")));
    assertThatThrownBy(late::get).hasCauseInstanceOf(RejectedExecutionException.class);
  }

  @Test
  void closeSaysWhatDidNotEnd() throws Exception {
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Future<Object> stuck =
        executor.submit(
            () -> {
              running.countDown();
              while (release.getCount() > 0) {
                Thread.onSpinWait();
              }
              return null;
            });
    running.await();
    assertThatThrownBy(() -> executor.close(Duration.ofMillis(20)))
        .isInstanceOf(TimeoutException.class)
        .hasMessageContaining(ExecutorContractTest.class.getSimpleName());
    release.countDown();
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(stuck.isDone()).isTrue();
  }

  @Test
  void itCannotBeClosedFromWithin() throws Exception {
    Future<Object> closes =
        executor.submit(
            () -> {
              executor.close();
              return null;
            });
    assertThatThrownBy(closes::get).hasCauseInstanceOf(IllegalStateException.class);
  }
}

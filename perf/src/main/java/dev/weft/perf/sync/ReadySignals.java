package dev.weft.perf.sync;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.sync.AsyncCountDownLatch;
import dev.weft.sync.Broadcast;
import dev.weft.sync.BroadcastReceiver;
import dev.weft.sync.Notify;
import dev.weft.sync.OnceCell;
import dev.weft.sync.Oneshot;
import dev.weft.sync.Watch;
import dev.weft.sync.WatchReceiver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what does telling somebody something cost, where it is there before that one
 * comes to wait?
 *
 * <p>One operation tells and then awaits, on one thread. {@code oneshot} and {@code latch} are for
 * one use, so each operation makes one; so do their peers.
 *
 * <p><b>What would change the answer:</b> somebody who waits already, who has to be woken; another
 * processor.
 *
 * <p><b>What it does not show:</b> waiting; see {@link Meeting}. A {@code Semaphore} keeps count of
 * what {@code Notify} keeps one of. The JDK has nothing like {@code Watch} and {@code Broadcast};
 * for a queue to each reader see {@link dev.weft.perf.channels.ReadyMessages}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class ReadySignals {
  private static final String MESSAGE = "message";

  private final CompletableFuture<String> result = Async.done(MESSAGE);

  private final Notify notify = new Notify();
  private final Semaphore semaphore = new Semaphore(0);

  private final OnceCell<String> cell = new OnceCell<>();
  private final CompletableFuture<String> cached = CompletableFuture.completedFuture(MESSAGE);

  /** To be sent in turn: the same value again is no change. */
  private final String[] values = {MESSAGE, "another"};

  private int sent;
  private final Watch<String> watch = new Watch<>(MESSAGE);
  private final WatchReceiver<String> watching = watch.subscribe();

  private final Broadcast<String> broadcast = new Broadcast<>(16);
  private final BroadcastReceiver<String> listening = broadcast.subscribe();

  @Benchmark
  public CompletableFuture<String> weftNotify() {
    notify.notifyOne();
    await(notify.notified());
    return result;
  }

  @Benchmark
  public CompletableFuture<String> semaphore() throws InterruptedException {
    semaphore.release();
    semaphore.acquire();
    return result;
  }

  @Benchmark
  public CompletableFuture<String> weftOnceCell() {
    await(cell.getOrInit(() -> result));
    return result;
  }

  @Benchmark
  public String completableFutureCached() {
    return cached.join();
  }

  @Benchmark
  public CompletableFuture<@Nullable String> weftOneshot() {
    Oneshot<String> oneshot = new Oneshot<>();
    oneshot.sender().send(MESSAGE);
    return done(await(oneshot.receiver().receive()));
  }

  @Benchmark
  public String completableFuture() {
    CompletableFuture<String> future = new CompletableFuture<>();
    future.complete(MESSAGE);
    return future.join();
  }

  @Benchmark
  public CompletableFuture<String> weftWatch() {
    watch.send(values[++sent & 1]);
    await(watching.changed());
    return result;
  }

  @Benchmark
  public CompletableFuture<String> weftBroadcast() {
    broadcast.send(MESSAGE);
    await(listening.receive());
    return result;
  }

  @Benchmark
  public CompletableFuture<String> weftLatch() {
    AsyncCountDownLatch latch = new AsyncCountDownLatch(1);
    latch.countDown();
    await(latch.opened());
    return result;
  }

  @Benchmark
  public CompletableFuture<String> countDownLatch() throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    latch.countDown();
    latch.await();
    return result;
  }
}

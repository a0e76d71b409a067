package dev.weft.perf.combining;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.select.Select;
import dev.weft.sync.Mpsc;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
 * <b>Question:</b> what do a select, {@code all} and a time limit add to what they combine, where
 * that is ready?
 *
 * <p>{@code weftSelect} sends a message and receives it in a select of two channels, of which the
 * other is empty. The rest combine futures that are complete.
 *
 * <p><b>What would change the answer:</b> something to wait for: a branch to be withdrawn, a timer
 * to be set and freed.
 *
 * <p><b>What it does not show:</b> the JDK has no select that leaves the losers' messages where
 * they are; {@code anyOf} stands beside it as what its users have.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class ReadyCalls {
  private static final String MESSAGE = "message";
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long LIMIT_SECONDS = LIMIT.toSeconds();

  private final CompletableFuture<String> ready = Async.done(MESSAGE);
  private final CompletableFuture<String> never = new CompletableFuture<>();
  private final Mpsc<String> channel = Mpsc.bounded(16);
  private final Mpsc<String> empty = Mpsc.bounded(16);

  /** Of two channels the first has a message. */
  @Benchmark
  public CompletableFuture<@Nullable String> weftSelect() {
    await(channel.sender().send(MESSAGE));
    return Async.done(
        await(
            Select.<@Nullable String>biased()
                .on(channel.receiver().onReceive(), it -> it)
                .on(empty.receiver().onReceive(), it -> it)
                .run()));
  }

  /** As {@link #weftSelect}, without a preference. */
  @Benchmark
  public CompletableFuture<@Nullable String> weftFairSelect() {
    await(channel.sender().send(MESSAGE));
    return Async.done(
        await(
            Select.<@Nullable String>fair()
                .on(channel.receiver().onReceive(), it -> it)
                .on(empty.receiver().onReceive(), it -> it)
                .run()));
  }

  @Benchmark
  public Object completableFutureAnyOf() {
    return CompletableFuture.anyOf(ready, never).join();
  }

  /** Their values as a list. */
  @Benchmark
  public CompletableFuture<Object> weftAll() {
    return Async.done(await(Async.all(ready, ready)));
  }

  /** A function of their values. */
  @Benchmark
  public CompletableFuture<Integer> weftAllCombined() {
    return Async.done(await(Async.all(ready, ready, (a, b) -> a.length() + b.length())));
  }

  @Benchmark
  public Object completableFutureAllOf() {
    return CompletableFuture.allOf(ready, ready).join();
  }

  @Benchmark
  public int completableFutureThenCombine() {
    return ready.thenCombine(ready, (a, b) -> a.length() + b.length()).join();
  }

  @Benchmark
  public CompletableFuture<String> weftTimeout() {
    return Async.done(await(Async.timeout(LIMIT, ready)));
  }

  @Benchmark
  public String completableFutureOrTimeout() {
    return ready.copy().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
  }
}

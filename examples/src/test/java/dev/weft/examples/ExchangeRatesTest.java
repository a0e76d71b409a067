package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.VirtualClock;
import dev.weft.junit.AsyncTest;
import dev.weft.junit.RunOn;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

class ExchangeRatesTest {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final Duration LEFT_ALONE = Duration.ofMinutes(1);

  /** What the service answers, and how often it was asked. */
  private Supplier<CompletionStage<Double>> answer = () -> Async.done(1.5);

  private int asked;

  /** How time passes: virtual, where the executor has that, or by hand. */
  private Supplier<CompletionStage<@Nullable Void>> aMinute = Async::done;

  private @Nullable CircuitBreaker breaker;
  private @Nullable ExchangeRates rates;

  private void inVirtualTime(VirtualClock clock) {
    aMinute = () -> Async.sleep(LEFT_ALONE.plusMillis(1));
    begin(clock::nanoTime, LIMIT);
  }

  private void byHand() {
    AtomicLong nanos = new AtomicLong();
    aMinute =
        () -> {
          nanos.addAndGet(LEFT_ALONE.plusMillis(1).toNanos());
          return done();
        };
    begin(nanos::get, Duration.ofHours(1)); // the limit is of the executor's time, which is real
  }

  private void begin(LongSupplier nanos, Duration limit) {
    breaker =
        CircuitBreaker.of(
            "rates",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(4)
                .minimumNumberOfCalls(4)
                .waitDurationInOpenState(LEFT_ALONE)
                .permittedNumberOfCallsInHalfOpenState(2)
                .slowCallDurationThreshold(Duration.ofSeconds(1))
                .clock(new NanoClock(nanos))
                .currentTimestampFunction(clock -> nanos.getAsLong(), TimeUnit.NANOSECONDS)
                .build());
    rates =
        new ExchangeRates(
            currency -> {
              asked++;
              return answer.get();
            },
            breaker,
            limit);
  }

  /** What the calls have come to that were begun at the same time. */
  private Task<List<Object>> outcomes(int calls) {
    List<Task<Double>> all = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      all.add(Async.spawn(() -> rates.rate("EUR")));
    }
    List<Object> outcomes = new ArrayList<>();
    for (Task<Double> one : all) {
      outcomes.add(
          await(one.<Object>handle((rate, error) -> error == null ? rate : error.getClass())));
    }
    return done(outcomes);
  }

  private static CompletionStage<Double> down() {
    return CompletableFuture.failedFuture(new IOException("down"));
  }

  // ---- the service breaks, and comes back

  @AsyncTest(seeds = 20)
  Task<@Nullable Void> whatFailsIsLeftAloneForAWhile(VirtualClock clock) {
    inVirtualTime(clock);
    return breaksAndComesBack();
  }

  @AsyncTest(on = RunOn.NODE)
  Task<@Nullable Void> whatFailsIsLeftAloneForAWhileInNodeMode() {
    byHand();
    return breaksAndComesBack();
  }

  private Task<@Nullable Void> breaksAndComesBack() {
    answer = ExchangeRatesTest::down;
    assertThat(await(outcomes(4))).containsOnly(IOException.class).hasSize(4);
    assertThat(breaker.getState()).isEqualTo(State.OPEN);
    assertThat(await(outcomes(3))).containsOnly(CallNotPermittedException.class);
    assertThat(asked).isEqualTo(4);

    answer = () -> Async.done(1.5);
    await(aMinute.get());
    assertThat(await(outcomes(2))).containsExactly(1.5, 1.5);
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);

    answer = ExchangeRatesTest::down;
    await(outcomes(4));
    assertThat(await(outcomes(1))).as("the last one that is known").containsExactly(1.5);
    assertThat(asked).isEqualTo(10);
    return done();
  }

  // ---- who is cancelled

  @AsyncTest(seeds = 20)
  Task<@Nullable Void> aCancelledCallGivesThePermissionBack(VirtualClock clock) {
    inVirtualTime(clock);
    return cancelsWhoHasPermission();
  }

  @AsyncTest(on = RunOn.NODE)
  Task<@Nullable Void> aCancelledCallGivesThePermissionBackInNodeMode() {
    byHand();
    return cancelsWhoHasPermission();
  }

  private Task<@Nullable Void> cancelsWhoHasPermission() {
    breaker.transitionToOpenState();
    await(aMinute.get());
    answer = Task::new; // does not come
    Task<Double> first = Async.spawn(() -> rates.rate("EUR"));
    Task<Double> second = Async.spawn(() -> rates.rate("EUR"));
    while (asked < 2) {
      await(Async.yieldNow());
    }
    assertThat(breaker.getState()).isEqualTo(State.HALF_OPEN);
    assertThat(breaker.tryAcquirePermission()).as("a third one").isFalse();

    first.cancel(true);
    second.cancel(true);
    await(first.finished());
    await(second.finished());
    assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isZero();
    answer = () -> Async.done(1.5);
    assertThat(await(outcomes(2))).containsExactly(1.5, 1.5);
    assertThat(breaker.getState()).isEqualTo(State.CLOSED);
    return done();
  }

  // ---- what is slow

  @AsyncTest
  Task<@Nullable Void> whatIsTooSlowHasFailed(VirtualClock clock) {
    inVirtualTime(clock);
    answer = Task::new;
    assertThat(await(outcomes(1))).containsExactly(TimeoutException.class);
    assertThat(breaker.getMetrics().getNumberOfFailedCalls()).isEqualTo(1);
    assertThat(breaker.getMetrics().getNumberOfSlowFailedCalls()).isEqualTo(1);
    assertThat(clock.elapsed()).isEqualTo(LIMIT);

    answer = () -> slowly(Duration.ofMillis(1_500));
    assertThat(await(outcomes(1))).containsExactly(2.5);
    assertThat(breaker.getMetrics().getNumberOfSlowSuccessfulCalls()).isEqualTo(1);
    return done();
  }

  private static Task<Double> slowly(Duration time) {
    await(Async.sleep(time));
    return done(2.5);
  }

  /** For the breaker, which reads one of java.time. */
  private static final class NanoClock extends Clock {
    private final LongSupplier nanos;

    NanoClock(LongSupplier nanos) {
      this.nanos = nanos;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanos.getAsLong());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}

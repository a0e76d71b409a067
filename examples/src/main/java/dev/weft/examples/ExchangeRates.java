package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.HaltedError;
import dev.weft.TaskCancelledException;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exchange rates of a service that is down at times. A circuit breaker of resilience4j stands
 * before it: when too many calls have failed or were too slow, it is left alone for a while, and
 * the last rate that is known is the answer.
 */
final class ExchangeRates {
  /** The service. */
  interface Source {
    CompletionStage<Double> rate(String currency);
  }

  private final Source source;
  private final CircuitBreaker breaker;
  private final Duration limit;
  private final Map<String, Double> lastKnown = new ConcurrentHashMap<>();

  ExchangeRates(Source source, CircuitBreaker breaker, Duration limit) {
    this.source = source;
    this.breaker = breaker;
    this.limit = limit;
  }

  /** The rate of a currency; where the service is left alone, the last known, if there is one. */
  CompletableFuture<Double> rate(String currency) {
    try {
      double rate = await(ask(currency));
      lastKnown.put(currency, rate);
      return done(rate);
    } catch (CallNotPermittedException open) {
      Double known = lastKnown.get(currency);
      if (known == null) {
        throw open;
      }
      return done(known);
    }
  }

  private CompletableFuture<Double> ask(String currency) {
    breaker.acquirePermission(); // throws at once if the service is not to be asked
    long start = breaker.getCurrentTimestamp();
    double rate;
    try { // the limit stands within, so that a slow service counts as one that fails
      rate = await(Async.timeout(limit, source.rate(currency)));
    } catch (TaskCancelledException | HaltedError unwanted) {
      breaker.releasePermission(); // nobody wants to know any more: the service is not to blame
      throw unwanted;
    } catch (Throwable failure) {
      breaker.onError(since(start), breaker.getTimestampUnit(), failure);
      throw failure;
    }
    breaker.onSuccess(since(start), breaker.getTimestampUnit());
    return done(rate);
  }

  private long since(long start) {
    return breaker.getCurrentTimestamp() - start;
  }
}

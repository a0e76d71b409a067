package dev.weft.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Logged;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.Seeds;
import dev.weft.frame.SharedFailures;
import dev.weft.scope.Work;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** When a call is made again, after which pause, and what is told at the end. */
@Timeout(60)
class RetryTest {
  private static final Retry BACK_OFF =
      Retry.attempts(6).backOff(Duration.ofMillis(10), Duration.ofMillis(50));

  private final List<Long> madeAt = new ArrayList<>();
  private final Work work = new Work();
  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

  @RegisterExtension final Logged logged = new Logged(SharedFailures.class, this::heard);

  private void heard(ILoggingEvent event) {
    if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
      warnings.add(event.getFormattedMessage());
    }
  }

  private String run(long seed, Callable<CompletionStage<?>> body) throws Exception {
    madeAt.clear();
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).build()) {
      long start = executor.nanoTime();
      String outcome =
          executor.blockOn(
              () ->
                  Await.future(body.call())
                      .handle((value, error) -> error == null ? "" + value : words(error)));
      assertThat(work.running).as("bodies that run").hasValue(0);
      return outcome + " after " + (executor.nanoTime() - start) / 1_000_000;
    }
  }

  private static String words(Throwable error) {
    String words = error.getClass().getSimpleName() + ":" + error.getMessage();
    for (Throwable suppressed : error.getSuppressed()) {
      words += " + " + suppressed.getMessage();
    }
    return words;
  }

  /** Fails in a millisecond until it has been called so often. */
  private Callable<CompletionStage<String>> failingUntil(int success) {
    return () -> {
      madeAt.add(AsyncExecutor.currentOrShared().nanoTime() / 1_000_000);
      int call = madeAt.size();
      return call == success
          ? Async.done("call " + call)
          : work.call("", new IOException("f" + call), 1, 0);
    };
  }

  @Test
  void thePauseDoublesUpToItsBound() throws Exception {
    assertThat(run(1, () -> BACK_OFF.call(failingUntil(6)))).isEqualTo("call 6 after 175");
    assertThat(madeAt).containsExactly(0L, 11L, 32L, 73L, 124L, 175L);
  }

  @Test
  void theLastFailureHasTheOthersSuppressed() throws Exception {
    assertThat(run(1, () -> Retry.attempts(2).call(failingUntil(0))))
        .isEqualTo("IOException:f2 + f1 after 2");
    assertThat(run(1, () -> Retry.attempts(1).call(failingUntil(0))))
        .isEqualTo("IOException:f1 after 1");
  }

  /** Such are those of an HTTP client's futures; and nothing went wrong that is worth a warning. */
  @Test
  void aFailureThatOthersMayGetStaysAsItIsAndNobodyIsWarned() throws Exception {
    List<CompletableFuture<String>> attempts =
        List.of(
            CompletableFuture.failedFuture(new IOException("f1")),
            CompletableFuture.failedFuture(new IOException("f2")));
    Iterator<CompletableFuture<String>> next = attempts.iterator();
    assertThat(run(1, () -> Retry.attempts(2).call(next::next)))
        .isEqualTo("IOException:f2 after 0");
    Logged.flush();
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatThePredicateRefusesIsNotTriedAgain() throws Exception {
    assertThat(
            run(
                1,
                () ->
                    Retry.attempts(5)
                        .when(error -> !error.getMessage().equals("f3"))
                        .call(failingUntil(0))))
        .startsWith("IOException:f3")
        .endsWith("after 3");
  }

  @Test
  void aBodyMayThrowAndAnErrorIsNotTriedAgain() throws Exception {
    List<String> calls = new ArrayList<>();
    assertThat(
            run(
                1,
                () ->
                    Retry.attempts(3)
                        .call(
                            () -> {
                              calls.add("");
                              if (calls.size() == 1) {
                                throw new IOException("checked");
                              }
                              throw new AssertionError("error");
                            })))
        .isEqualTo("AssertionError:error + checked after 0");
  }

  @Test
  void theDeadlineLeavesNoTimeForAnother() throws Exception {
    assertThat(
            run(
                1,
                () ->
                    Async.withDeadline(
                        Duration.ofMillis(60), () -> BACK_OFF.call(failingUntil(0)))))
        .startsWith("IOException:f3")
        .endsWith("after 33");
  }

  @Test
  void jitterIsDrawnByTheSeed() throws Exception {
    Retry jittered = BACK_OFF.jitter(1);
    run(11, () -> jittered.call(failingUntil(6)));
    List<Long> first = List.copyOf(madeAt);
    run(11, () -> jittered.call(failingUntil(6)));
    assertThat(madeAt).isEqualTo(first);
    run(12, () -> jittered.call(failingUntil(6)));
    assertThat(madeAt).isNotEqualTo(first);
    List<Long> longest = List.of(0L, 11L, 32L, 73L, 124L, 175L);
    for (int i = 0; i < 6; i++) {
      assertThat(madeAt.get(i)).isLessThanOrEqualTo(longest.get(i));
    }
  }

  /** In each attempt and in each pause, each of them at several of its milliseconds. */
  @Test
  @Timeout(1800)
  void whoeverIsCancelledMakesNoFurtherCall() throws Exception {
    for (long seed : Seeds.all().toArray()) {
      long cancelledAt = seed % 40;
      String outcome =
          run(
              seed,
              () -> {
                Task<String> method =
                    Async.spawn(() -> Work.inTurn(() -> BACK_OFF.call(failingUntil(0))));
                return Work.inTurn(
                    () -> Async.sleep(Duration.ofMillis(cancelledAt)),
                    () -> {
                      method.cancel(true);
                      return method.finished();
                    },
                    () -> Async.done(work.running + " running"));
              });
      assertThat(outcome).as("seed %s", seed).isEqualTo("0 running after " + cancelledAt);
      assertThat(madeAt).allMatch(made -> made <= cancelledAt);
    }
  }

  @Test
  void whatIsReadyIsReadyAtOnce() {
    Task<String> value = Retry.attempts(3).call(() -> Async.done("v"));
    assertThat(value.join()).isEqualTo("v");
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> Retry.attempts(0)).hasMessage("attempts must be at least 1, not 0");
    assertThatThrownBy(() -> Retry.attempts(1).jitter(2))
        .hasMessage("jitter must be between 0 and 1, not 2.0");
  }
}

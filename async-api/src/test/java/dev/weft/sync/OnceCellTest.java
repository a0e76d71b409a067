package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Made once; who fails leaves it to the next. */
class OnceCellTest {
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().deterministic(1).build();
  private final OnceCell<String> cell = new OnceCell<>();

  @AfterEach
  void close() {
    executor.close();
  }

  @Test
  void isMadeByTheFirstAndSharedByAll() throws Exception {
    Task<String> making = new Task<>();
    AtomicInteger calls = new AtomicInteger();
    Task<String> first = isFirst(making, calls);
    Task<String> second = Async.cancelling(get(Async.done("another"), calls));
    assertThat(cell.get()).isNull();
    making.complete("it");
    assertThat(first.get(1, TimeUnit.MINUTES)).isEqualTo("it");
    assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo("it");
    assertThat(cell.get()).isEqualTo("it");
    Task<String> ready = cell.getOrInit(() -> Async.done("another"));
    assertThat(ready).isDone().isSameAs(cell.getOrInit(() -> Async.done("another")));
    assertThat(calls).hasValue(1);
  }

  /** Whoever is spawned first need not run first: waits until it is the one that makes. */
  private Task<String> isFirst(Task<String> stage, AtomicInteger calls) {
    Task<String> first = Async.cancelling(get(stage, calls));
    while (calls.get() == 0) {
      Thread.onSpinWait();
    }
    return first;
  }

  private Task<String> get(Task<String> stage, AtomicInteger calls) {
    return executor.spawn(
        () ->
            cell.getOrInit(
                () -> {
                  calls.incrementAndGet();
                  return stage;
                }));
  }

  @Test
  void whenItFailsTheNextTries() throws Exception {
    Task<String> failing = new Task<>();
    Task<String> first = isFirst(failing, new AtomicInteger());
    Task<String> second = executor.spawn(() -> cell.getOrInit(() -> Async.done("it")));
    failing.completeExceptionally(new IllegalStateException("no"));
    assertThat(first)
        .failsWithin(1, TimeUnit.MINUTES)
        .withThrowableOfType(java.util.concurrent.ExecutionException.class)
        .withCauseInstanceOf(IllegalStateException.class);
    assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo("it");
  }

  @Test
  void whenWhoMakesItIsCancelledTheNextTries() throws Exception {
    Task<String> never = new Task<>();
    Task<String> first = isFirst(never, new AtomicInteger());
    Task<String> second = executor.spawn(() -> cell.getOrInit(() -> Async.done("it")));
    first.cancel(true);
    assertThat(second.get(1, TimeUnit.MINUTES)).isEqualTo("it");
    assertThat(first).isCancelled();
  }

  @Test
  void whatThrowsAndWhatIsNullAreFailures() {
    assertThatThrownBy(
            () ->
                cell.getOrInit(
                        () -> {
                          throw new IllegalStateException("at once");
                        })
                    .join())
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("at once");
    assertThatThrownBy(() -> cell.getOrInit(() -> Async.done(null)).join())
        .hasRootCauseInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> cell.getOrInit(() -> null).join())
        .hasRootCauseInstanceOf(NullPointerException.class);
    assertThat(cell.getOrInit(() -> Async.done("it")).join()).isEqualTo("it");
    assertThat(cell).hasToString("OnceCell[it]");
  }
}
